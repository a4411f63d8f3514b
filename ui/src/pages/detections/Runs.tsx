import { Button, Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import type { Alert } from "../../api/graph";
import { alertList } from "../../api/investigation";
import { detectionRuns, type Detection, type DetectionRun } from "../../api/detections";
import { Grid, type Column } from "../../components/Grid";
import { Severity, Status } from "../../components/labels";
import { Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { Empty, Failed, Loading } from "../../components/states";
import { tookOf } from "../../lib/detections";
import { anyOf } from "../../lib/odata";
import { count, period, sentence } from "../../lib/words";
import { RunStatus } from "./RunStatus";

const useStyles = makeStyles({
  alerts: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
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
  const alerts = runs.flatMap((run) => run.alertIds);
  const failed = runs.find((run) => run.error);
  const columns: Column<DetectionRun>[] = [
    { id: "start", title: "Run", width: "24%", cell: (r) => <Moment plain at={r.startDateTime} /> },
    { id: "kind", title: "Kind", width: "12%", cell: (r) => sentence(r.kind) },
    { id: "status", title: "Status", width: "23%", cell: (r) => <span title={r.error}><RunStatus value={r.status} /></span> },
    { id: "rows", title: "Rows", width: "9%", cell: (r) => r.rows.toLocaleString() },
    { id: "alerts", title: "Alerts", width: "9%", cell: (r) => r.alerts.toLocaleString() },
    { id: "known", title: "Known", width: "10%", cell: (r) => <span title="Of an earlier run, and raised no second time">{r.known.toLocaleString()}</span> },
    { id: "took", title: "Took", width: "13%", cell: (r) => tookOf(r.milliseconds) },
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
          <Alerts ids={alerts} />
        )}
      </Section>
    </>
  );
}

/** mostListed is how many alerts are listed here: the queue has them all. */
const mostListed = 20;

function Alerts({ ids }: { ids: readonly string[] }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { data, error, isPending } = useQuery(alertList({ filter: anyOf("id", ids.slice(0, mostListed)), search: "", orderBy: "createdDateTime desc", top: mostListed, skip: 0 }));
  if (isPending) return <Loading rows={3} what="its alerts" />;
  if (error) return <Failed error={error} what="Alerts" />;
  const to = (id: string) => `/alerts/${encodeURIComponent(id)}`;
  const columns: Column<Alert>[] = [
    { id: "title", title: "Alert", width: "58%", cell: (a) => <Link href={to(a.id)} onClick={(event) => event.stopPropagation()}>{a.title}</Link> },
    { id: "severity", title: "Severity", width: "20%", cell: (a) => <Severity value={a.severity} /> },
    { id: "status", title: "Status", width: "22%", cell: (a) => <Status value={a.status} /> },
  ];
  return (
    <div className={styles.alerts}>
      <Text>{`${count(ids.length, "alert")} of these runs that you see${ids.length > mostListed ? `; these are the first ${mostListed}, and the others are in the queue of alerts` : ""}`}</Text>
      <Grid narrow label="Its alerts" columns={columns} items={data.value} id={(a) => a.id} name={(a) => a.title ?? ""} onOpen={(a) => void navigate(to(a.id))} />
    </div>
  );
}
