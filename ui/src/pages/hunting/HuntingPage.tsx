import { Button, Link, Spinner, Tab, TabList, Text, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, Dismiss16Regular, Link20Regular, PanelLeftContract20Regular, PanelLeftExpand20Regular, Play20Filled, Save20Regular, Stop20Filled, TargetArrow20Regular, TextIndentIncreaseLtr20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { Suspense, lazy, useCallback, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { keptQuery, type KeptQuery } from "../../api/hunting";
import { said } from "../../api/errors";
import { useMe } from "../../api/session";
import type { Editor } from "../../components/kql/KqlEditor";
import { useQueryHelp } from "../../components/kql/useQueryHelp";
import { PageHeader } from "../../components/layout";
import { RefusableButton } from "../../components/RefusableButton";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { keep, kept } from "../../lib/autosave";
import { detectHref } from "../../lib/detections";
import { huntPath, opened } from "../../lib/goHunt";
import { filtersTime, newTab, type HuntTab } from "../../lib/huntTabs";
import { HistoryPane } from "./HistoryPane";
import { QueriesPane } from "./QueriesPane";
import { Results } from "./Results";
import { SaveQuery } from "./SaveQuery";
import { SchemaPane } from "./SchemaPane";
import { TimeRange } from "./TimeRange";
import { useHunt } from "./useHunt";

const KqlEditor = lazy(() => import("../../components/kql/KqlEditor"));

const useStyles = makeStyles({
  page: { display: "flex", gap: tokens.spacingHorizontalL, alignItems: "stretch", minHeight: "640px", height: "calc(100vh - 200px)", "@media (max-width: 1000px)": { flexDirection: "column", height: "auto" } },
  side: { width: "300px", flexShrink: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minHeight: 0, "@media (max-width: 1000px)": { width: "100%", height: "320px" } },
  pane: { flexGrow: 1, minHeight: 0 },
  work: { flexGrow: 1, minWidth: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  tabs: { display: "flex", alignItems: "center", flexWrap: "wrap" },
  tab: { display: "inline-flex", alignItems: "center" },
  close: { minWidth: "24px", width: "24px", height: "24px" },
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  editor: { height: "200px", flexShrink: 0, resize: "vertical", overflow: "hidden", minHeight: "120px" },
  quiet: { color: tokens.colorNeutralForeground3 },
  list: { flexWrap: "wrap", minWidth: 0 },
  problem: { fontSize: "inherit", lineHeight: "inherit" },
  name: { display: "inline-block", verticalAlign: "bottom", maxWidth: "220px", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
});

const page = "hunting";
const sideKey = "bailiwick.hunting.side";
const begin = (): HuntTab[] => {
  const left = kept<HuntTab[]>(page);
  return left && left.length > 0 ? left : [newTab([])];
};

/** Advanced hunting: queries over what happened, as far as this reader may know of it. */
export default function HuntingPage() {
  const styles = useStyles();
  const toast = useToast();
  const navigate = useNavigate();
  const detections = useMe().areas.find((area) => area.name === "detections");
  const { hash } = useLocation();
  const [search, setSearch] = useSearchParams();
  const [tabs, setTabs] = useState<HuntTab[]>(begin);
  const [current, setCurrent] = useState(() => tabs[tabs.length - 1]?.id ?? "");
  const [side, setSide] = useState<"schema" | "queries" | "history">("schema");
  const [sideShown, setSideShown] = useState(() => localStorage.getItem(sideKey) !== "hidden");
  const showSide = (shown: boolean) => {
    localStorage.setItem(sideKey, shown ? "shown" : "hidden");
    setSideShown(shown);
  };
  const [saving, setSaving] = useState<KeptQuery | "new">();
  const editor = useRef<Editor | null>(null);
  const hold = useCallback((one: Editor | null) => {
    editor.current = one;
  }, []);
  const { runs, start, cancel, close } = useHunt();
  const tab = tabs.find(({ id }) => id === current) ?? tabs[0];
  const run = tab && runs[tab.id];

  useEffect(() => keep(page, tabs), [tabs]);
  const change = (next: Partial<HuntTab>) => setTabs((all) => all.map((one) => (one.id === tab?.id ? { ...one, ...next } : one)));
  const add = useCallback((from: Partial<HuntTab>) => {
    const made = newTab([], from);
    setTabs((all) => {
      const blank = all.length === 1 && all[0]?.query.trim() === "" && !all[0].kept;
      return blank ? [{ ...made, title: from.title ?? all[0]?.title ?? made.title }] : [...all, { ...made, title: from.title ?? newTab(all).title }];
    });
    setCurrent(made.id);
  }, []);

  // An address can bring a query, or name one that is kept. It is opened, and never run before somebody says so.
  const [brought, setBrought] = useState("");
  if (hash !== brought) {
    setBrought(hash);
    const link = opened(hash);
    if (link) add(link);
  }
  useEffect(() => {
    if (opened(hash)) void navigate("/hunting", { replace: true });
  }, [hash, navigate]);
  const wanted = search.get("open") ?? "";
  const named = useQuery({ ...keptQuery(wanted), enabled: wanted !== "" });
  const openKept = useCallback((q: KeptQuery) => add({ title: q.name, query: q.query, kept: { id: q.id, etag: q.etag, query: q.query } }), [add]);
  const [shownKept, setShownKept] = useState("");
  if (named.data && wanted && shownKept !== wanted) {
    setShownKept(wanted);
    openKept(named.data);
  }
  useEffect(() => {
    if (!wanted || named.isPending) return;
    if (named.error) toast("error", "The link leads to no query that you may see", said(named.error));
    setSearch({}, { replace: true });
  }, [wanted, named.isPending, named.error, setSearch, toast]);

  const text = tab?.query ?? "";
  const { schema, columnsFor, dark, problems } = useQueryHelp(text);

  function go() {
    if (!tab) return;
    const chosen = editor.current?.selected().trim();
    const query = chosen || (editor.current?.text() ?? tab.query);
    if (query.trim() === "") return toast("error", "There is no query to run", "Write one, or open one from the list.");
    return void start(tab.id, query, tab.timespan);
  }
  function shut(id: string) {
    close(id);
    const left = tabs.filter((one) => one.id !== id);
    const all = left.length > 0 ? left : [newTab([])];
    setTabs(all);
    if (id === tab?.id) setCurrent(all[all.length - 1]?.id ?? "");
  }
  const link = () => {
    const address = location.origin + huntPath(text, tab?.timespan);
    navigator.clipboard.writeText(address).then(() => toast("success", "Copied the link", "Whoever opens it finds what they may see."), () => toast("error", "The browser did not let it be copied."));
  };
  const running = run?.state === "running";
  return (
    <>
      <PageHeader title="Advanced hunting" below="Queries in KQL over what happened, as far as you may know of it" />
      <div className={styles.page}>
        {sideShown && <aside className={styles.side} aria-label="Schema and queries">
          <TabList size="small" selectedValue={side} onTabSelect={(_, data) => setSide(data.value as typeof side)} aria-label="What is listed">
            <Tab value="schema">Schema</Tab>
            <Tab value="queries">Queries</Tab>
            <Tab value="history">History</Tab>
          </TabList>
          <div className={styles.pane}>
            {side === "schema" && (schema.data ? <SchemaPane schema={schema.data} onInsert={(name) => editor.current?.insert(name)} /> : schema.isError ? <Failed error={schema.error} what="schema" retry={() => void schema.refetch()} /> : <Loading what="schema" />)}
            {side === "queries" && <QueriesPane onOpen={openKept} onSample={(sample) => add({ title: sample.name, query: sample.query, timespan: "P30D" })} />}
            {side === "history" && <HistoryPane onOpen={(hunt) => add({ query: hunt.query, timespan: hunt.timespan ?? "" })} />}
          </div>
        </aside>}
        <div className={styles.work}>
          <div className={styles.tabs}>
            <Tooltip content={sideShown ? "Hide schema and queries" : "Show schema and queries"} relationship="label">
              <Button appearance="subtle" size="small" icon={sideShown ? <PanelLeftContract20Regular /> : <PanelLeftExpand20Regular />} aria-expanded={sideShown} onClick={() => showSide(!sideShown)} />
            </Tooltip>
            <TabList size="small" className={styles.list} selectedValue={tab?.id} onTabSelect={(_, data) => setCurrent(String(data.value))} aria-label="Open queries">
              {tabs.map((one) => (
                <Tab key={one.id} value={one.id}>
                  <span className={styles.name}>{`${one.title}${one.kept && one.kept.query !== one.query ? " (changed)" : ""}`}</span>
                </Tab>
              ))}
            </TabList>
            {tab && (
              <Tooltip content={`Close ${tab.title}`} relationship="label">
                <Button appearance="subtle" className={styles.close} icon={<Dismiss16Regular />} onClick={() => shut(tab.id)} />
              </Tooltip>
            )}
            <Tooltip content="New query" relationship="label">
              <Button appearance="subtle" size="small" icon={<Add20Regular />} onClick={() => add({ timespan: tab?.timespan ?? "P7D", query: "" })} />
            </Tooltip>
          </div>
          <div className={styles.bar}>
            {running && tab ? (
              <Button appearance="primary" size="small" icon={<Stop20Filled />} onClick={() => cancel(tab.id)}>Cancel</Button>
            ) : (
              <Tooltip content="Shift+Enter. What is selected is run alone." relationship="description">
                <RefusableButton appearance="primary" size="small" icon={<Play20Filled />} onClick={go}>Run query</RefusableButton>
              </Tooltip>
            )}
            <TimeRange value={tab?.timespan ?? ""} onChange={(timespan) => change({ timespan })} />
            <RefusableButton size="small" icon={<Save20Regular />} disabledFocusable={text.trim() === ""} onClick={() => void save()}>Save</RefusableButton>
            <Button size="small" icon={<Link20Regular />} disabledFocusable={text.trim() === ""} onClick={link}>Copy link</Button>
            <RefusableButton size="small" icon={<TargetArrow20Regular />} refusal={detections?.shown ? undefined : detections?.reason} disabledFocusable={text.trim() === ""} onClick={() => void navigate(detectHref(text))}>Create detection</RefusableButton>
            <Tooltip content="Format the query (Shift+Alt+F)" relationship="label">
              <Button size="small" appearance="subtle" icon={<TextIndentIncreaseLtr20Regular />} disabledFocusable={text.trim() === ""} onClick={() => editor.current?.format()} />
            </Tooltip>
            {filtersTime(text) && <Text size={200} className={styles.quiet}>The query filters by time, too: the narrower counts.</Text>}
          </div>
          <div className={styles.editor}>
            <Suspense fallback={<Spinner label="Loading the editor" />}>
              {tab && <KqlEditor key={tab.id} label="Query. Shift+Enter runs it. Ctrl+M lets Tab move on." value={tab.query} onChange={(query) => change({ query })} onRun={go} problems={problems} schema={schema.data} columnsFor={columnsFor} dark={dark} onEditor={hold} />}
            </Suspense>
          </div>
          {problems[0] && !running && (
            <Text size={200} className={styles.quiet} aria-live="polite">
              <Link as="button" inline className={styles.problem} title="Go there" onClick={() => problems[0] && editor.current?.goTo(problems[0].line, problems[0].column)}>{`Line ${problems[0].line}`}</Link>
              {`: ${problems[0].message}${problems.length > 1 ? ` And ${problems.length - 1} more: F8 in the query leads from one to the next.` : ""}`}
            </Text>
          )}
          {run ? <Results run={run} onCancel={() => cancel(tab.id)} /> : <Text className={styles.quiet}>Results stand here. Every row of an answer is one that your roles let you see.</Text>}
        </div>
      </div>
      {saving && tab && (
        <SaveQuery
          kept={saving === "new" ? undefined : saving} query={tab.query} name={tab.kept ? `${tab.title} (copy)` : ""} onClose={() => setSaving(undefined)}
          onSaved={(q) => change({ title: q.name, kept: { id: q.id, etag: q.etag, query: q.query } })}
        />
      )}
    </>
  );

  /** save asks under which name; of a query that is kept already and may be changed, in its place. */
  async function save() {
    if (!tab?.kept) return setSaving("new");
    try {
      const now = await refetchKept(tab.kept.id);
      const own = now["@bailiwick.actions"].edit?.allowed;
      if (own && now.etag !== tab.kept.etag) toast("error", `${now.updatedBy} changed “${now.name}” since you opened it`, "Saving puts your text in place of theirs. Open it from the list to compare.");
      return setSaving(own ? now : "new");
    } catch {
      return setSaving("new"); // it is gone
    }
  }
}


async function refetchKept(id: string): Promise<KeptQuery> {
  const { answer, client } = await import("../../api/client");
  return answer(client.GET("/api/v1/hunting/queries/{id}", { params: { path: { id } } }));
}
