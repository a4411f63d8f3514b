import { Button, Menu, MenuButton, MenuItem, MenuList, MenuPopover, MenuTrigger, MessageBar, MessageBarBody, MessageBarTitle, ProgressBar, SearchBox, Select, Tab, TabList, Tag, TagGroup, Text, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowDownload20Regular, Copy20Regular, Link20Regular } from "@fluentui/react-icons";
import { useEffect, useMemo, useState } from "react";
import { ApiError, Refusal } from "../../api/errors";
import { useMe } from "../../api/session";
import { ColumnsDialog } from "../../components/ColumnsDialog";
import { RefusableButton } from "../../components/RefusableButton";
import { useToast } from "../../components/toaster";
import { download } from "../../lib/download";
import { chartKinds, chartOf, drawing, type ChartKind } from "../../lib/huntChart";
import { mostLinked } from "../../lib/huntLink";
import { problemLines } from "../../lib/huntProblems";
import { arranged, csv, json, text, tsv, type Filter, type Sorted } from "../../lib/huntRows";
import { took } from "../../lib/huntTabs";
import { count, period } from "../../lib/words";
import { Chart } from "./Chart";
import { Inspector } from "./Inspector";
import { LinkRows } from "./LinkRows";
import { ResultGrid } from "./ResultGrid";
import type { Run } from "./useHunt";

const useStyles = makeStyles({
  all: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, flexGrow: 1, minHeight: "320px", minWidth: 0 },
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  space: { flexGrow: 1 },
  grid: { flexGrow: 1, minHeight: "240px", position: "relative" },
  fill: { position: "absolute", inset: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
  search: { width: "200px", flexShrink: 1, minWidth: "110px" },
});

/** Results shows what a run has found: as rows or drawn, narrowed and in order as the reader likes. The query is not run again for that. */
export function Results({ run, onCancel }: { run: Run; onCancel: () => void }) {
  const styles = useStyles();
  return (
    <section className={styles.all} aria-label="Results">
      <Progress run={run} onCancel={onCancel} />
      {run.state === "failed" && <Failure error={run.error} />}
      {run.columns.length > 0 && <Found key={run.n} run={run} />}
    </section>
  );
}

/** Progress tells how a run goes, and what it took. */
function Progress({ run, onCancel }: { run: Run; onCancel: () => void }) {
  const styles = useStyles();
  const [now, setNow] = useState(0);
  const running = run.state === "running";
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [running]);
  const slow = running && now - run.began > 1000;
  const s = run.stats;
  const said = running
    ? slow ? `Running for ${Math.floor((now - run.began) / 1000)} s, ${count(run.rows.length, "row")} so far` : "Running"
    : run.state === "cancelled" ? `Cancelled, with ${count(run.rows.length, "row")} found until then`
    : run.state === "failed" ? (run.rows.length > 0 ? `The query did not run to its end, with ${count(run.rows.length, "row")} found until then` : "")
    : s ? `${count(s.rows, "row")} in ${took(s.tookMs)}${s.waitedMs > 500 ? `, after waiting ${took(s.waitedMs)}` : ""}. Use of the machine: ${s.usage} (${took(s.cpuMs)})` : "";
  return (
    <>
      <div className={styles.bar}>
        <Text aria-live="polite">{said}</Text>
        {slow && <Button size="small" onClick={onCancel}>Cancel the query</Button>}
      </div>
      {slow && <ProgressBar aria-label="The query runs" />}
      {s?.truncated && (
        <MessageBar intent="warning">
          <MessageBarBody>{s.truncated === "rows" ? `There is more: these are the first ${s.rows.toLocaleString()} rows. Narrow the query to see the others.` : "There is more than an answer can hold. Take fewer columns or rows."}</MessageBarBody>
        </MessageBar>
      )}
    </>
  );
}

/** Failure says what is wrong with a query, or which right it takes, line by line. */
function Failure({ error }: { error: unknown }) {
  const styles = useStyles();
  const known = error instanceof ApiError ? error : undefined;
  const title = known?.status === 403 ? "You may not run this" : known?.status === 400 ? "The query can't be run" : known?.status === 429 || known?.status === 503 ? "Not at this moment" : "The query failed";
  const message = error instanceof Error ? error.message : String(error);
  const { first, others } = problemLines(message, known?.details ?? []);
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle>
        <br />
        {period(first)}
        {others.length > 0 && <ul className={styles.list}>{others.slice(0, 8).map((line) => <li key={line}>{period(line)}</li>)}</ul>}
        {known?.requestId && <Text size={200} block className={styles.quiet}>{`Request ${known.requestId}`}</Text>}
      </MessageBarBody>
    </MessageBar>
  );
}

function Found({ run }: { run: Run }) {
  const styles = useStyles();
  const toast = useToast();
  const { columns, rows } = run;
  const asked = chartOf(run.render);
  const [view, setView] = useState<"table" | "chart">(asked ? "chart" : "table");
  const [kind, setKind] = useState<ChartKind>(asked ?? "column");
  const [shown, setShown] = useState<readonly number[]>();
  const [filters, setFilters] = useState<readonly Filter[]>([]);
  const [sorted, setSorted] = useState<Sorted>();
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<number | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [linking, setLinking] = useState(false);
  const manages = useMe().capabilities.some((cell) => cell.capability === "alerts.manage" && cell.somewhere);
  const visible = shown ?? columns.map((_, i) => i);
  const places = useMemo(() => arranged(rows, columns, filters, sorted, search), [rows, columns, filters, sorted, search]);
  const drawn = useMemo(() => (view === "chart" ? drawing(kind, columns, places.map((i) => rows[i] ?? []), run.render?.properties) : undefined), [view, kind, columns, rows, places, run.render]);
  const picked = () => places.map((i) => rows[i] ?? []);
  const add = (filter: Filter) => setFilters((all) => (all.some((one) => one.column === filter.column && one.value === filter.value && one.not === filter.not) ? all : [...all, filter]));
  const name = (filter: Filter) => `${columns[filter.column]?.name ?? ""} ${filter.not ? "is not" : "is"} ${filter.value.slice(0, 60) || "empty"}`;
  const stamp = () => new Date().toISOString().slice(0, 19).replaceAll(":", "");
  const copy = () => navigator.clipboard.writeText(tsv(columns, picked(), visible)).then(() => toast("success", `Copied ${count(places.length, "row")}`), () => toast("error", "The browser did not let it be copied."));
  const row = open === null ? undefined : rows[open];
  return (
    <>
      <div className={styles.bar}>
        <TabList size="small" selectedValue={view} onTabSelect={(_, data) => setView(data.value as typeof view)} aria-label="How results are shown">
          <Tab value="table">Table</Tab>
          <Tab value="chart">Chart</Tab>
        </TabList>
        {view === "chart" && (
          <Select size="small" aria-label="Kind of chart" value={kind} onChange={(_, data) => setKind(data.value as ChartKind)}>
            {chartKinds.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
          </Select>
        )}
        <SearchBox size="small" className={styles.search} aria-label="Search the results" placeholder="Search the results" value={search} onChange={(_, data) => setSearch(data.value)} />
        <span className={styles.space} />
        {places.length !== rows.length && <Text size={200} aria-live="polite">{`${places.length.toLocaleString()} of ${count(rows.length, "row")}`}</Text>}
        {chosen.size > 0 && <Text size={200} aria-live="polite">{`${count(chosen.size, "row")} chosen`}</Text>}
        {view === "table" && (
          <Tooltip content={chosen.size > mostLinked ? `An alert is made of ${mostLinked} rows at most` : "Choose rows with their boxes, or with Space"} relationship="description">
            <RefusableButton size="small" icon={<Link20Regular />} refusal={manages ? undefined : new Refusal("No role lets you manage alerts in any product.", "alerts.manage")} disabledFocusable={chosen.size === 0 || chosen.size > mostLinked || run.state !== "done"} onClick={() => setLinking(true)}>Link to incident</RefusableButton>
          </Tooltip>
        )}
        <ColumnsDialog size="small" all={columns.map((column, i) => ({ id: String(i), title: column.name }))} shown={visible.map(String)} onChoose={(chosen) => setShown(chosen.length > 0 ? chosen.map(Number) : undefined)} />
        <Menu>
          <MenuTrigger disableButtonEnhancement><MenuButton size="small" icon={<ArrowDownload20Regular />} disabledFocusable={rows.length === 0}>Export</MenuButton></MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem onClick={() => download(`hunt-${stamp()}.csv`, "text/csv", csv(columns, picked(), visible))}>{`CSV, ${count(places.length, "row")}`}</MenuItem>
              <MenuItem onClick={() => download(`hunt-${stamp()}.json`, "application/json", json(columns, picked(), visible))}>{`JSON, ${count(places.length, "row")}`}</MenuItem>
              <MenuItem icon={<Copy20Regular />} onClick={() => void copy()}>Copy to the clipboard</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      </div>
      {filters.length > 0 && (
        <TagGroup aria-label="Filters of the results" size="small" onDismiss={(_, data) => setFilters((all) => all.filter((one) => name(one) !== data.value))}>
          {filters.map((filter) => <Tag key={name(filter)} value={name(filter)} dismissible dismissIcon={{ "aria-label": "Remove the filter" }}>{name(filter)}</Tag>)}
        </TagGroup>
      )}
      {view === "chart" && (drawn ? <Chart kind={kind} name={chartKinds.find(([value]) => value === kind)?.[1] ?? ""} drawn={drawn} /> : <Text>There is no column of numbers to draw. The table has what was found.</Text>)}
      {view === "table" && rows.length > 0 && (
        <div className={styles.grid}>
          <div className={styles.fill}>
            <ResultGrid columns={columns} shown={visible} rows={rows} places={places} sorted={sorted} onSort={setSorted} onFilter={add} onHide={(i) => setShown(visible.filter((one) => one !== i))} open={open} onOpen={setOpen} chosen={chosen} onChoose={setChosen} />
          </div>
        </div>
      )}
      {run.state === "done" && rows.length === 0 && <Text>{`Nothing found, in ${columns.length === 1 ? "the column" : "the columns"} ${columns.map((column) => text(column.name)).slice(0, 12).join(", ")}. Rows out of your reach are never part of an answer.`}</Text>}
      {linking && <LinkRows run={run} rows={[...chosen].sort((a, b) => a - b).map((i) => rows[i] ?? [])} onClose={() => setLinking(false)} onLinked={() => setChosen(new Set())} />}
      {row && <Inspector columns={columns} row={row} place={places.indexOf(open ?? -1)} of={places.length} onMove={(to) => setOpen(places[to] ?? null)} onFilter={add} onClose={() => setOpen(null)} />}
    </>
  );
}
