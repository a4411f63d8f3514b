import { Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useNavigate } from "react-router";
import type { AssetTold } from "../../api/assets";
import type { Evidence } from "../../api/graph";
import { cut } from "../../components/CutText";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing, Severity, Status, Verdict } from "../../components/labels";
import { Facts, Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { queuePath, type AssetKind } from "../../lib/assets";
import { tell } from "../../lib/evidence";
import { count, shortProduct } from "../../lib/words";

type AlertLine = AssetTold["latestAlerts"][number];
type IncidentLine = AssetTold["latestIncidents"][number];

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  piece: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, paddingBottom: tokens.spacingVerticalM },
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  name: { overflowWrap: "anywhere", minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const alertColumns: readonly Column<AlertLine>[] = [
  { id: "title", title: "Alert", cell: (a) => <Name>{a.title || a.id}</Name>, width: "36%" },
  { id: "severity", title: "Severity", cell: (a) => <Severity value={a.severity} />, width: "16%" },
  { id: "status", title: "Status", cell: (a) => <Status value={a.status} />, width: "15%" },
  { id: "serviceSource", title: "Product", cell: (a) => shortProduct(a.serviceSource), width: "15%" },
  { id: "createdDateTime", title: "Created", cell: (a) => <Moment at={a.createdDateTime} plain />, width: "18%" },
];

const incidentColumns: readonly Column<IncidentLine>[] = [
  { id: "displayName", title: "Incident", cell: (i) => <Name>{i.displayName || i.id}</Name>, width: "44%" },
  { id: "severity", title: "Severity", cell: (i) => <Severity value={i.severity} />, width: "16%" },
  { id: "status", title: "Status", cell: (i) => <Status value={i.status} />, width: "15%" },
  { id: "alerts", title: "Alerts", cell: (i) => i.alerts.toLocaleString(), width: "9%" },
  { id: "lastUpdateDateTime", title: "Updated", cell: (i) => <Moment at={i.lastUpdateDateTime} plain />, width: "16%" },
];

interface Lines {
  kind: AssetKind;
  assetKey: string;
  total: number;
}

/** ItsAlerts are the latest alerts that name a thing; the queue has all of them. */
export function ItsAlerts({ items, kind, assetKey, total }: Lines & { items: readonly AlertLine[] }) {
  const navigate = useNavigate();
  if (items.length === 0) return <Nothing>None that you may see</Nothing>;
  return (
    <>
      <Grid narrow label="Its alerts" columns={alertColumns} items={items} id={(a) => a.id} name={(a) => a.title || a.id} onOpen={(a) => void navigate(`/alerts/${encodeURIComponent(a.id)}`)} />
      <Link href={queuePath("alerts", kind, assetKey)}>{`All ${count(total, "alert")} in the queue`}</Link>
    </>
  );
}

export function ItsIncidents({ items, kind, assetKey, total }: Lines & { items: readonly IncidentLine[] }) {
  const navigate = useNavigate();
  if (items.length === 0) return <Nothing>None that you may see</Nothing>;
  return (
    <>
      <Grid narrow label="Its incidents" columns={incidentColumns} items={items} id={(i) => i.id} name={(i) => i.displayName || i.id} onOpen={(i) => void navigate(`/incidents/${encodeURIComponent(i.id)}`)} />
      <Link href={queuePath("incidents", kind, assetKey)}>{`All ${count(total, "incident")} in the queue`}</Link>
    </>
  );
}

/** What evidence tells a story by itself, and under which heading. */
const chapters: readonly (readonly [title: string, kinds: RegExp])[] = [
  ["Sign-ins", /LogonSession|LogonRequest/],
  ["Messages", /analyzedMessage|submissionMail|mailCluster|teamsMessage/],
  ["Mailbox", /mailbox(Configuration)?Evidence$/i],
  ["Apps", /cloudApplication|oauthApplication|servicePrincipal/],
  ["Processes", /process/i],
  ["Files", /file/i],
  ["Accounts", /user|securityGroup/i],
];

/** ItsEvidence is what evidence in sight tells of a thing, each piece once, with the latest alert that has it. */
export function ItsEvidence({ evidence }: { evidence: AssetTold["evidence"] }) {
  const rest = new Set(evidence);
  const told = chapters.map(([title, kinds]) => {
    const of = [...rest].filter(({ evidence: e }) => kinds.test(e["@odata.type"]));
    for (const piece of of) rest.delete(piece);
    return [title, of] as const;
  });
  const other: [string, AssetTold["evidence"]] = ["Other evidence", [...rest]];
  const all = [...told, other].filter(([, of]) => of.length > 0);
  if (all.length === 0) return <Nothing>None that you may see</Nothing>;
  return all.map(([title, of]) => (
    <Section key={title} title={title} level="h2">
      <Pieces of={of} />
    </Section>
  ));
}

function Pieces({ of }: { of: AssetTold["evidence"] }) {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {of.map(({ alertId, at, evidence }, i) => {
        const entity = tell(evidence as Evidence);
        return (
          <li key={i} className={styles.piece}>
            <span className={styles.line}>
              <Text weight="semibold" className={styles.name}>{cut(entity.name, 300)}</Text>
              <Text size={200} className={styles.quiet}>{entity.kind}</Text>
              <Verdict value={entity.evidence.verdict} />
              <Moment at={at} plain />
              <Link href={`/alerts/${encodeURIComponent(alertId)}`} aria-label={`The alert that tells of ${entity.name}`}>Alert</Link>
            </span>
            <Facts items={entity.facts} />
          </li>
        );
      })}
    </ul>
  );
}
