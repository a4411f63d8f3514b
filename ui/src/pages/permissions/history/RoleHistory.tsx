import { Badge, Button, Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { History16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { refusalOf } from "../../../api/errors";
import { roleVersions, type RoleVersion } from "../../../api/history";
import { Moment } from "../../../components/Moment";
import { RefusableButton } from "../../../components/RefusableButton";
import { Empty, Failed, Loading } from "../../../components/states";
import { RestoreRole } from "./RestoreRole";

const useStyles = makeStyles({
  versions: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  version: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, paddingBlock: tokens.spacingVerticalM, borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  line: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "center", flexWrap: "wrap" },
  changes: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", overflowWrap: "anywhere" },
  gain: { color: tokens.colorPaletteGreenForeground1 },
  loss: { color: tokens.colorPaletteRedForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const first = 20;

/** RoleHistory lists the versions of a role, latest first: who, when, what changed, and the way back. */
export function RoleHistory({ role }: { role: { id: string; name: string } }) {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(roleVersions(role.id));
  const [all, setAll] = useState(false);
  const [back, setBack] = useState<RoleVersion | null>(null);
  if (isPending) return <Loading what="the history" />;
  if (error) return <Failed error={error} what="History" retry={() => void refetch()} />;
  if (data.items.length === 0) return <Empty title="No change yet">Each change of this role and of whom it is given to will be kept here.</Empty>;
  return (
    <>
      <ol className={styles.versions} aria-label="Versions, latest first">
        {data.items.slice(0, all ? undefined : first).map((version, i) => (
          <li key={version.revision} className={styles.version}>
            <div className={styles.line}>
              <Text weight="semibold">{`Version ${version.number}`}</Text>
              {version.current && <Badge appearance="tint" shape="rounded" color="brand">Now</Badge>}
              {version.deleted && <Badge appearance="tint" shape="rounded" color="danger">Deleted</Badge>}
            </div>
            <Text size={200} className={styles.quiet}>
              {version.actor ? (
                <>
                  <Moment at={version.at} />
                  {`, by ${version.actor}, `}
                  {version.entry ? <Link inline href={`/audit/${version.entry}`}>{`audit entry ${version.entry}`}</Link> : ""}
                </>
              ) : (
                "As it was when the history began"
              )}
            </Text>
            <Changes of={version} />
            <div className={styles.line}>
              {!version.current && (
                <RefusableButton size="small" icon={<History16Regular />} refusal={refusalOf(version["@bailiwick.actions"].restore)} aria-label={`Restore version ${version.number}`} onClick={() => setBack(version)}>
                  Restore
                </RefusableButton>
              )}
              {data.items[i + 1] && (
                <Link href={`/permissions/compare?${new URLSearchParams({ left: `role:${role.id}@${data.items[i + 1]?.revision}`, right: `role:${role.id}@${version.revision}` }).toString()}`} aria-label={`Compare version ${version.number} with the one before`}>
                  Compare with the one before
                </Link>
              )}
            </div>
          </li>
        ))}
      </ol>
      {!all && data.items.length > first && (
        <div>
          <Button onClick={() => setAll(true)}>{`Show all ${data.total} versions`}</Button>
        </div>
      )}
      {back && <RestoreRole id={role.id} name={back.name} revision={back.revision} number={back.number} etag={data.etag} onClose={() => setBack(null)} />}
    </>
  );
}

/** Changes says what a version has otherwise than the one before it. */
function Changes({ of }: { of: RoleVersion }) {
  const styles = useStyles();
  const { begins, returns, formerName, description, added, removed, given, takenBack } = of.changed;
  const plain = [
    of.deleted ? "The role was deleted" : "",
    returns ? "The role came back" : "",
    begins && of.actor ? `Made as ${of.name}` : "",
    formerName ? `Renamed from ${formerName} to ${of.name}` : "",
    description ? "Another description" : "",
  ].filter(Boolean);
  const lines = [
    ...added.map((name) => ["+", `Permission ${name}`] as const),
    ...removed.map((name) => ["-", `Permission ${name}`] as const),
    ...given.map((whom) => ["+", `Given to ${whom}`] as const),
    ...takenBack.map((whom) => ["-", `Taken back from ${whom}`] as const),
  ];
  return (
    <ul className={styles.changes}>
      {plain.map((line) => (
        <li key={line}>{line}</li>
      ))}
      {lines.map(([mark, line]) => (
        <li key={mark + line}>
          <span aria-hidden className={mark === "+" ? styles.gain : styles.loss}>{mark === "+" ? "+ " : "\u2212 "}</span>
          {line.startsWith("Permission") ? `${line} ${mark === "+" ? "added" : "removed"}` : line}
        </li>
      ))}
    </ul>
  );
}
