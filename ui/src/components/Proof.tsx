import { Badge, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowRight12Regular, CheckmarkCircle20Filled, DismissCircle20Filled } from "@fluentui/react-icons";
import { Fragment } from "react";
import type { CapabilityAt, Path, Proof as ProofData } from "../api/access";
import { show, parse } from "../lib/dates";
import { reasonWords } from "../lib/reasons";
import { list, period, workloadLabel } from "../lib/words";
import { Card } from "./layout";
import { useTasks } from "./useTasks";

const useStyles = makeStyles({
  proof: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  head: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, flexWrap: "wrap" },
  yes: { color: tokens.colorPaletteGreenForeground1, display: "inline-flex" },
  no: { color: tokens.colorPaletteRedForeground1, display: "inline-flex" },
  list: { margin: 0, paddingLeft: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  path: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalXS, padding: tokens.spacingHorizontalS, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground3 },
  step: { display: "inline-flex", flexDirection: "column" },
  quiet: { color: tokens.colorNeutralForeground2 },
  remedy: { padding: tokens.spacingHorizontalS, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground3, display: "flex", flexDirection: "column" },
});

/** Proof is the server's reasoning for one product: what opens it, or what is missing and the smallest remedy. */
export function Proof({ proof }: { proof: ProofData }) {
  const styles = useStyles();
  const task = useTasks();
  const { paths, remedies } = proof;
  return (
    <Card className={styles.proof}>
      <div className={styles.head}>
        <span className={proof.allowed ? styles.yes : styles.no} aria-hidden>
          {proof.allowed ? <CheckmarkCircle20Filled /> : <DismissCircle20Filled />}
        </span>
        <Text weight="semibold">{`${workloadLabel(proof.workload)}: ${proof.allowed ? "allowed" : "not allowed"}`}</Text>
        {proof.requirement && <Badge appearance="outline" color="informative" shape="rounded">{`Requirement ${proof.requirement}`}</Badge>}
      </div>
      {!proof.allowed && <Text>{reasonWords(proof.reason)}</Text>}
      {(proof.where ?? []).length > 0 && <Text>{`It holds on ${list(proof.where ?? [])}.`}</Text>}
      {paths.length > 0 && (
        <>
          <Text weight="semibold" size={200}>{proof.allowed ? "What opens it" : "What opens it elsewhere"}</Text>
          <ol className={styles.list}>
            {paths.map((path, i) => (
              <li key={i}>
                <PathLine path={path} />
              </li>
            ))}
          </ol>
        </>
      )}
      {(proof.inert ?? []).length > 0 && (
        <>
          <Text weight="semibold" size={200}>What would open it, but does not now</Text>
          <ol className={styles.list}>
            {(proof.inert ?? []).map((inert, i) => (
              <li key={i} className={styles.remedy}>
                <Text>{period(inert.sentence)}</Text>
              </li>
            ))}
          </ol>
        </>
      )}
      {!proof.allowed && proof.anyOf.length > 0 && (
        <Text className={styles.quiet}>{`Any one of these would open it: ${proof.anyOf.join("; ")}.`}</Text>
      )}
      {remedies.length > 0 && (
        <>
          <Text weight="semibold" size={200}>Smallest remedy first</Text>
          <ol className={styles.list}>
            {remedies.map((remedy, i) => (
              <li key={i} className={styles.remedy}>
                <Text>{period(remedy.sentence)}</Text>
                <Text size={200} className={styles.quiet}>{remedy.kind === "none" ? "" : also(remedy.alsoOpens, task)}</Text>
              </li>
            ))}
          </ol>
        </>
      )}
    </Card>
  );
}

/** PathLine is one way from the person to the right: group, role, permission, and where and when it holds. */
export function PathLine({ path }: { path: Path }) {
  const styles = useStyles();
  const steps: [string, string | undefined][] = [
    ["Global role", path.globalRole],
    ["Group", path.group],
    ["Role", path.role?.name],
    ["Permission", path.permission],
  ];
  const known = steps.filter((step): step is [string, string] => Boolean(step[1]));
  return (
    <div className={styles.path}>
      {known.map(([kind, name], i) => (
        <Fragment key={kind}>
          {i > 0 && <ArrowRight12Regular aria-label="then" />}
          <span className={styles.step}>
            <Text size={100} className={styles.quiet}>{kind}</Text>
            <Text size={200} weight="semibold">{name}</Text>
          </span>
        </Fragment>
      ))}
      <ArrowRight12Regular aria-label="reaching" />
      <span className={styles.step}>
        <Text size={100} className={styles.quiet}>Reaches</Text>
        <Text size={200}>{reach(path)}</Text>
      </span>
    </div>
  );
}

/** reach says where and when a path holds. */
function reach(path: Pick<Path, "everywhere" | "deviceGroups" | "notBefore" | "notAfter">): string {
  const where = path.everywhere ? "everything" : (path.deviceGroups ?? []).length > 0 ? list(path.deviceGroups ?? []) : "no device group";
  const from = parse(path.notBefore);
  const until = parse(path.notAfter);
  return [where, from && `from ${show(from)}`, until && `until ${show(until)}`].filter(Boolean).join(", ");
}

function also(opened: readonly CapabilityAt[], task: (capability: string) => string): string {
  if (opened.length === 0) return "It would open nothing else.";
  return `It would also open: ${opened.map((o) => `${task(o.capability)} (${workloadLabel(o.workload)})`).join("; ")}.`;
}
