import { Link, Subtitle2, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { Access, ThreatReport } from "../../api/analytics";
import type { Schema } from "../../api/client";
import { Nothing, Severity } from "../../components/labels";
import { Card } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { NotYours } from "../../components/NotYours";
import { count } from "../../lib/words";
import { Exposure } from "./Exposure";

const useStyles = makeStyles({
  cards: { display: "grid", gridTemplateColumns: "repeat(3, minmax(0, 1fr))", gap: tokens.spacingHorizontalL, "@media (max-width: 1000px)": { gridTemplateColumns: "minmax(0, 1fr)" } },
  card: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  item: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalXXS, overflowWrap: "anywhere" },
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalM, color: tokens.colorNeutralForeground2 },
});

/** Cards are what one meets first: the latest threats, those with most alerts, and those that the organisation is most exposed to. */
export function Cards({ board }: { board: Schema["ThreatAnalytics"] }) {
  const styles = useStyles();
  return (
    <div className={styles.cards}>
      <Top title="Latest threats" items={board.latest} none="No report has been loaded.">
        {(report) => (
          <>
            <Severity value={report.severity} />
            <Text size={200}>
              Updated <Moment at={report.updated} />
            </Text>
          </>
        )}
      </Top>
      <Top title="High-impact threats" access={board.alerts} items={board.highImpact} none="No threat has an alert that you may know of.">
        {({ alerts: { numbers } }) => numbers && <Text size={200}>{`${count(numbers.active, "active alert")}, ${numbers.resolved.toLocaleString()} resolved`}</Text>}
      </Top>
      <Top title="Highest exposure" access={board.exposure} items={board.highestExposure} none={board.checked ? `None of ${count(board.checked, "device")} is open to any of them.` : "Nothing is known of any device."}>
        {(report) => (
          <>
            <Exposure report={report} />
            {report.exposure.numbers && <Text size={200}>{`${report.exposure.numbers.exposed.toLocaleString()} of ${count(report.exposure.numbers.checked, "device")}`}</Text>}
          </>
        )}
      </Top>
    </div>
  );
}

interface TopProps {
  title: string;
  /** To what it is ordered by, if that takes a right of its own. */
  access?: Access;
  items: readonly ThreatReport[];
  none: string;
  children: (report: ThreatReport) => ReactNode;
}

function Top({ title, access, items, none, children }: TopProps) {
  const styles = useStyles();
  return (
    <Card className={styles.card}>
      <Subtitle2 as="h2">{title}</Subtitle2>
      {access && !access.allowed ? (
        <NotYours access={access} />
      ) : items.length === 0 ? (
        <Nothing>{none}</Nothing>
      ) : (
        <ul className={styles.list}>
          {items.map((report) => (
            <li key={report.id} className={styles.item}>
              <Link href={`/threat-analytics/${encodeURIComponent(report.id)}`}>{report.title}</Link>
              <span className={styles.line}>{children(report)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
