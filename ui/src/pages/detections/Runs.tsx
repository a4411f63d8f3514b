import { Button, Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useInfiniteQuery } from "@tanstack/react-query";
import { detectionRuns, type Detection, type DetectionRun } from "../../api/detections";
import { Grid, type Column } from "../../components/Grid";
import { Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { Empty, Failed, Loading } from "../../components/states";
import { tookOf } from "../../lib/detections";
import { count, period, sentence } from "../../lib/words";
import { RunStatus } from "./RunStatus";

const useStyles = makeStyles({
  alerts: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  problem: { color: tokens.colorNeutralForeground2 },
});

/** Runs is what came of each window, the last first, and of its alerts those that this reader sees. */
export function Runs({ d }: { d: Detection }) {
  const styles = useStyles();
  const may = d["@bailiwick.actions"]["runs"];
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({ ...detectionRuns(d.id), enabled: may?.allowed === true });
  if (!may?.allowed) {
    return (
      <Section title="Runs" level="h2">
        <Text>{period(`Not part of your access: ${may?.reason ?? "what it finds is for others"}`)}</Text>
      </Section>
    );
  }
  if (isPending) return <Loading what="the runs" />;
  if (error) return <Failed error={error} what="Runs" retry={() => void refetch()} />;
  const runs = data.pages.flatMap((page) => page.items);
  const alerts = runs.flatMap((run) => run.alertIds.map((id) => ({ id, at: run.endDateTime })));
  const failed = runs.find((run) => run.error);
  const columns: Column<DetectionRun>[] = [
    { id: "start", title: "Run", width: "20%", cell: (r) => <Moment plain at={r.startDateTime} /> },
    { id: "kind", title: "Kind", width: "12%", cell: (r) => sentence(r.kind) },
    { id: "status", title: "Status", width: "18%", cell: (r) => <span title={r.error}><RunStatus value={r.status} /></span> },
    { id: "rows", title: "Rows", width: "10%", cell: (r) => r.rows.toLocaleString() },
    { id: "alerts", title: "Alerts", width: "10%", cell: (r) => r.alerts.toLocaleString() },
    { id: "known", title: "Told before", width: "14%", cell: (r) => r.known.toLocaleString() },
    { id: "took", title: "Took", width: "16%", cell: (r) => tookOf(r.milliseconds) },
  ];
  return (
    <>
      <Section title="Runs" level="h2">
        {runs.length === 0 ? (
          <Empty title="It has not run yet">Its first run looks back 30 days.</Empty>
        ) : (
          <>
            {failed && <Text className={styles.problem}>{period(`Last trouble, ${new Date(failed.startDateTime).toLocaleString()}: ${failed.error ?? ""}`)}</Text>}
            <Grid narrow label="Runs" columns={columns} items={runs} id={(r) => `${r.startDateTime} ${r.to}`} name={(r) => `${r.kind} run, ${r.status}`} />
            {hasNextPage && <div><Button disabledFocusable={isFetchingNextPage} onClick={() => void fetchNextPage()}>Earlier runs</Button></div>}
          </>
        )}
      </Section>
      <Section title="Alerts" level="h2">
        {alerts.length === 0 ? (
          <Text>{runs.some((run) => run.alerts > 0) ? "None of its alerts is part of what you may see." : "These runs raised none."}</Text>
        ) : (
          <div className={styles.alerts}>
            <Text>{`${count(alerts.length, "alert")} of these runs that you see`}</Text>
            <ul className={styles.list}>
              {alerts.slice(0, 30).map(({ id, at }, n) => (
                <li key={id}><Link href={`/alerts/${encodeURIComponent(id)}`} aria-label={`Alert ${n + 1}, raised ${new Date(at).toLocaleString()}`}>{`Alert ${n + 1}`}</Link></li>
              ))}
            </ul>
          </div>
        )}
      </Section>
    </>
  );
}
