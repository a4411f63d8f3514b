import { Link, Text, Tree, TreeItem, TreeItemLayout, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { Alert } from "../../api/graph";
import { alertList } from "../../api/investigation";
import { AssetLinks } from "../../components/AssetLinks";
import { cut, useSome } from "../../components/CutText";
import { Severity, Status, Verdict } from "../../components/labels";
import { Facts, Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { assetsOf } from "../../lib/assets";
import { tell, type Entity, type Family } from "../../lib/evidence";
import { quote } from "../../lib/odata";
import { processesOf, type Process } from "../../lib/processes";

const useStyles = makeStyles({
  story: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  process: { display: "flex", flexDirection: "column", minWidth: 0, paddingBlock: tokens.spacingVerticalXS },
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  command: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: "anywhere", color: tokens.colorNeutralForeground2 },
  quiet: { color: tokens.colorNeutralForeground3 },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  thing: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  name: { overflowWrap: "anywhere", minWidth: 0 },
});

/** What an alert tells of, by kinds of evidence that tell a story themselves. */
const chapters: readonly [string, (entity: Entity) => boolean][] = [
  ["Messages", (entity) => entity.family === "mails"],
  ["Sign-ins", (entity) => /sign|logon/i.test(entity.kind)],
  ["App activity", (entity) => entity.family === "apps" && !/sign|logon/i.test(entity.kind)],
  ["Accounts", (entity) => (["users", "mailboxes"] as Family[]).includes(entity.family)],
];

/** AlertStory tells what happened: the processes as a tree, the messages, the sign-ins, what was done in apps; and what else belongs to it. */
export function AlertStory({ alert }: { alert: Alert }) {
  const styles = useStyles();
  const hosts = processesOf(alert.evidence ?? []);
  const told = (alert.evidence ?? []).map(tell);
  const chaptered = chapters.map(([title, fits]) => [title, told.filter(fits)] as const).filter(([, all]) => all.length > 0);
  return (
    <div className={styles.story}>
      {hosts.map(({ device, roots }) => (
        <Section key={device} title={`Processes on ${device || "a device"}`}>
          <Processes device={device} roots={roots} />
        </Section>
      ))}
      {chaptered.map(([title, all]) => (
        <Section key={title} title={title}>
          <Told things={all} noun={title.toLowerCase()} />
        </Section>
      ))}
      {hosts.length + chaptered.length === 0 && <Text>It names no process, message, sign-in or app that you may see; what else it names is with the evidence.</Text>}
      <Section title="Who and what it is about">
        <AssetLinks items={assetsOf([alert]).flatMap(({ items }) => items.map(({ kind, key, name }) => ({ kind, key, name })))} label="Who and what it is about" />
      </Section>
      {alert.incidentId && <Related alert={alert} incident={alert.incidentId} />}
      <Alike alert={alert} />
    </div>
  );
}

function Told({ things, noun }: { things: readonly Entity[]; noun: string }) {
  const styles = useStyles();
  const [some, more] = useSome(things, noun);
  return (
    <>
      <ul className={styles.list}>
        {some.map((entity, i) => (
          <li key={`${entity.key} ${i}`} className={styles.thing}>
            <span className={styles.line}>
              <Text weight="semibold" className={styles.name}>{cut(entity.name, 300)}</Text>
              <Text size={200} className={styles.quiet}>{entity.kind}</Text>
              <Verdict value={entity.evidence.verdict} />
            </span>
            <Facts items={entity.facts} />
          </li>
        ))}
      </ul>
      {more}
    </>
  );
}

/** Processes are those of a device, as a tree. */
function Processes({ device, roots }: { device: string; roots: readonly Process[] }) {
  const [some, more] = useSome(roots, "processes");
  return (
    <>
      <Tree aria-label={`Processes on ${device || "a device"}`} defaultOpenItems={everyone(some)}>
        {some.map((process) => (
          <Branch key={process.key} process={process} />
        ))}
      </Tree>
      {more}
    </>
  );
}

function everyone(processes: readonly Process[]): string[] {
  return processes.flatMap((process) => [process.key, ...everyone(process.children)]);
}

function Branch({ process }: { process: Process }) {
  const styles = useStyles();
  const { key, name, id, commandLine, account, started, verdict, told, children } = process;
  return (
    <TreeItem itemType={children.length > 0 ? "branch" : "leaf"} value={key}>
      <TreeItemLayout>
        <span className={styles.process}>
          <span className={styles.line}>
            <Text weight={told ? "semibold" : "regular"} className={styles.name}>{name}</Text>
            {id && <Text size={200} className={styles.quiet}>{id}</Text>}
            {told && <Verdict value={verdict} />}
            {account && <Text size={200} className={styles.name}>{account}</Text>}
            {started && <Moment at={started} plain />}
          </span>
          {commandLine && <Text size={200} className={styles.command}>{cut(commandLine, 2_000)}</Text>}
        </span>
      </TreeItemLayout>
      {children.length > 0 && (
        <Tree>
          {children.map((child) => (
            <Branch key={child.key} process={child} />
          ))}
        </Tree>
      )}
    </TreeItem>
  );
}

const most = 20;

const asked = 5; // of the things that it names
const alike = 8;

/** Alike are alerts of other incidents, as far as this reader sees them, that name the same devices, users or mailboxes; the latest first. */
function Alike({ alert }: { alert: Alert }) {
  const styles = useStyles();
  const named = assetsOf([alert]).flatMap(({ items }) => items).filter(({ kind }) => kind !== "app").slice(0, asked);
  const filter = `entities/any(e:${named.map(({ kind, key }) => `e eq ${quote(`${kind}:${key}`)}`).join(" or ")})`;
  const { data } = useQuery({ ...alertList({ filter, search: "", orderBy: "createdDateTime desc", top: most, skip: 0 }), enabled: named.length > 0 });
  const others = (named.length > 0 ? (data?.value ?? []) : []).filter((other) => other.id !== alert.id && (!alert.incidentId || other.incidentId !== alert.incidentId)).slice(0, alike);
  if (others.length === 0) return null;
  return (
    <Section title="Other alerts about the same">
      <Lines alerts={others} />
      <Link href={`/alerts?${new URLSearchParams(named.map(({ kind, key }) => ["entity", `${kind}:${key}`]))}`} className={styles.quiet}>All in the queue</Link>
    </Section>
  );
}

function Lines({ alerts }: { alerts: readonly Alert[] }) {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {alerts.map((other) => (
        <li key={other.id} className={styles.line}>
          <Link className={styles.name} href={`/alerts/${encodeURIComponent(other.id)}`}>{other.title ?? other.id}</Link>
          <Severity value={other.severity} />
          <Status value={other.status} />
          <Moment at={other.createdDateTime} plain />
        </li>
      ))}
    </ul>
  );
}

/** Related are the other alerts of the same incident, as far as this reader sees them. */
function Related({ alert, incident }: { alert: Alert; incident: string }) {
  const { data } = useQuery(alertList({ filter: `incidentId eq ${quote(incident)}`, search: "", orderBy: "createdDateTime asc", top: most, skip: 0 }));
  const others = (data?.value ?? []).filter((other) => other.id !== alert.id);
  if (others.length === 0) return null;
  return (
    <Section title="Other alerts of this incident">
      <Lines alerts={others} />
      {(data?.["@odata.count"] ?? 0) > most && <Link href={`/incidents/${encodeURIComponent(incident)}`}>All of them</Link>}
    </Section>
  );
}
