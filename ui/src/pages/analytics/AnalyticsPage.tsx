import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { DismissCircle16Regular } from "@fluentui/react-icons";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import { dashboard, reportList, type ReportFilter, type ThreatReport } from "../../api/analytics";
import { Facet } from "../../components/Facet";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing, Severity } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { NotYoursCell } from "../../components/NotYours";
import { SearchField } from "../../components/SearchField";
import { Empty, Failed, Loading } from "../../components/states";
import { day } from "../../lib/dates";
import { readList, writeList, type ListState } from "../../lib/listState";
import { count } from "../../lib/words";
import { Cards } from "./Cards";
import { Exposure } from "./Exposure";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS, marginBlock: tokens.spacingVerticalM },
  more: { display: "flex", justifyContent: "center", paddingTop: tokens.spacingVerticalM },
  stale: { opacity: 0.6 },
});

const standard = { by: "updated", descending: true };
const fields = ["severity", "type", "tag"] as const;
const severities = ["high", "medium", "low", "informational", "unknown"];

const columns: readonly Column<ThreatReport>[] = [
  { id: "title", title: "Threat", sortable: true, cell: (r) => <Name>{r.title}</Name>, width: "33%" },
  { id: "severity", title: "Severity", sortable: true, cell: (r) => <Severity value={r.severity} />, width: "12%" },
  { id: "alerts", title: "Active alerts", sortable: true, cell: (r) => (r.alerts.access.allowed ? active(r) : <NotYoursCell />), width: "11%" },
  { id: "assets", title: "Assets", sortable: true, cell: (r) => (r.assets.access.allowed ? assets(r) : <NotYoursCell />), width: "8%" },
  { id: "exposure", title: "Exposure", sortable: true, cell: (r) => (r.exposure.access.allowed ? <Exposure report={r} /> : <NotYoursCell />), width: "14%" },
  { id: "mail", title: "Mail stopped", sortable: true, cell: (r) => (r.mail.access.allowed ? mail(r) : <NotYoursCell />), width: "11%" },
  { id: "updated", title: "Updated", sortable: true, cell: (r) => <span title={r.updated}>{day(r.updated)}</span>, width: "11%" },
];

const active = ({ alerts: { numbers } }: ThreatReport) => numbers && (numbers.active + numbers.resolved === 0 ? "0" : `${numbers.active.toLocaleString()} of ${(numbers.active + numbers.resolved).toLocaleString()}`);
const assets = ({ assets: { numbers } }: ThreatReport) => numbers && ((numbers.devices ?? 0) + (numbers.mailboxes ?? 0) + numbers.users).toLocaleString();
const mail = ({ mail: { numbers } }: ThreatReport) => (numbers ? (numbers.blocked + numbers.junked).toLocaleString() : <Nothing>No data</Nothing>);

/** Threat analytics: what analysts wrote about threats, and what each means here, as far as this reader may know (R20, R21). */
export default function AnalyticsPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const state = readList(search, fields, standard);
  const filter = { orderby: state.sort.by, order: state.sort.descending ? "desc" : "asc", ...state.filters, search: state.text } as ReportFilter;
  const reports = useInfiniteQuery(reportList(filter));
  const board = useQuery(dashboard);
  const show = (change: Partial<ListState>) => {
    const kept = writeList({ ...state, ...change }, standard).toString();
    void navigate(`/threat-analytics${kept && `?${kept}`}`);
  };
  const filtered = state.text !== "" || fields.some((field) => (state.filters[field] ?? []).length > 0);
  const clear = () => show({ filters: {}, text: "" });

  const failed = reports.isError && !reports.data ? reports.error : board.isError && !board.data ? board.error : null;
  if (failed) return <Failed page error={failed} what="Threat analytics" retry={() => void Promise.all([reports.refetch(), board.refetch()])} />;
  const items = reports.data?.pages.flatMap((page) => page.items) ?? [];
  const total = reports.data?.pages[0]?.total ?? 0;
  const options = (field: (typeof fields)[number]) => {
    const values = board.data?.[field === "severity" ? "severities" : field === "type" ? "types" : "tags"] ?? [];
    const ordered = field === "severity" ? [...values].sort((a, b) => severities.indexOf(a.value) - severities.indexOf(b.value)) : values;
    return ordered.map(({ value, count: n }) => ({ value, count: n, label: field === "severity" ? <Severity value={value} /> : value }));
  };
  return (
    <>
      <PageHeader
        title="Threat analytics"
        below={<span aria-live="polite">{reports.data && !reports.isPlaceholderData ? `${count(total, "report")}${filtered ? " with these filters" : ""}` : "Loading"}</span>}
      />
      {board.data ? <Cards board={board.data} /> : <Loading what="the cards" rows={5} />}
      <div className={styles.bar} role="group" aria-label="Filters">
        <SearchField label="Search title, actor, technique, CVE" value={state.text} onSearch={(text) => show({ text })} />
        {(["severity", "type", "tag"] as const).map((field) => (
          <Facet
            key={field}
            label={field === "severity" ? "Severity" : field === "type" ? "Type" : "Tags"}
            values={options(field)}
            chosen={state.filters[field] ?? []}
            onChange={(values) => show({ filters: { ...state.filters, [field]: values } })}
          />
        ))}
        {filtered && (
          <Button size="small" appearance="transparent" icon={<DismissCircle16Regular />} onClick={clear}>Clear filters</Button>
        )}
      </div>
      {reports.isPending ? (
        <Loading what="reports" rows={10} />
      ) : items.length === 0 ? (
        <Empty title={filtered ? "No report has these filters" : "No report has been loaded"} actions={filtered && <Button onClick={clear}>Clear filters</Button>}>
          {filtered ? "Of the reports there are, none fits." : "bailiwick load takes them in, as Markdown or JSON."}
        </Empty>
      ) : (
        <div className={reports.isPlaceholderData ? styles.stale : undefined}>
          <Grid
            label="Threat reports"
            columns={columns}
            items={items}
            id={(report) => report.id}
            name={(report) => report.title}
            onOpen={(report) => void navigate(`/threat-analytics/${encodeURIComponent(report.id)}`)}
            sort={state.sort}
            onSort={(sort) => show({ sort: sort.by === "title" && state.sort.by !== "title" ? { by: "title", descending: false } : sort })}
          />
          {reports.hasNextPage && (
            <div className={styles.more}>
              <Button disabledFocusable={reports.isFetchingNextPage} onClick={() => void reports.fetchNextPage()}>{`Show more (${items.length.toLocaleString()} of ${total.toLocaleString()})`}</Button>
            </div>
          )}
        </div>
      )}
    </>
  );
}
