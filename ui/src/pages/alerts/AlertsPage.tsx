import { Button, Menu, MenuButton, MenuItemLink, MenuList, MenuPopover, MenuTrigger, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwise20Regular, ArrowDownload20Regular, DismissCircle16Regular, Edit20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import type { Alert } from "../../api/graph";
import { alertFacets, alertList, alertsPath, useManageAlerts } from "../../api/investigation";
import { ColumnsDialog } from "../../components/ColumnsDialog";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing, Severity, Status } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { Pager } from "../../components/Pager";
import { RefusableButton } from "../../components/RefusableButton";
import { useReadOnly } from "../../components/readOnly";
import { SearchField } from "../../components/SearchField";
import { Empty, Failed, Loading } from "../../components/states";
import { useNews } from "../../components/useNews";
import { ViewsMenu } from "../../components/ViewsMenu";
import { columnsOf } from "../../lib/columns";
import { readList, writeList, type ListState } from "../../lib/listState";
import { alertFields, alertFilter, alertsHome } from "../../lib/queue";
import { count, sentence, shortProduct } from "../../lib/words";
import { AlertDetails } from "./AlertDetails";
import { AgeFilter } from "../../components/AgeFilter";
import { Filters } from "./Filters";
import { ManageMany } from "../../components/ManageMany";
import { EntityFilter } from "../../components/EntityFilter";
import { alertStatuses } from "../../lib/triage";

const size = 50;
const standard = { by: "createdDateTime", descending: true };

const columns: readonly Column<Alert>[] = [
  { id: "title", title: "Alert", cell: (a) => <Name>{a.title ?? a.id}</Name>, width: "24.5%" },
  { id: "severity", title: "Severity", sortable: true, cell: (a) => <Severity value={a.severity} />, width: "13.5%" },
  { id: "status", title: "Status", sortable: true, cell: (a) => <Status value={a.status} />, width: "12%" },
  { id: "category", title: "Category", cell: (a) => sentence(a.category), width: "13%" },
  { id: "serviceSource", title: "Product", cell: (a) => shortProduct(a.serviceSource), width: "10%" },
  { id: "assignedTo", title: "Assigned to", cell: (a) => a.assignedTo ?? <Nothing>Nobody</Nothing>, width: "12.5%" },
  { id: "createdDateTime", title: "Created", sortable: true, cell: (a) => <Moment at={a.createdDateTime} plain />, width: "14.5%" },
  { id: "detectionSource", title: "Detected by", cell: (a) => sentence(a.detectionSource), width: "12%" },
  { id: "classification", title: "Classification", cell: (a) => sentence(a.classification), width: "12%" },
  { id: "determination", title: "Determination", cell: (a) => sentence(a.determination), width: "12%" },
  { id: "incidentId", title: "Incident", cell: (a) => a.incidentId ?? <Nothing>None</Nothing>, width: "10%" },
  { id: "techniques", title: "Techniques", cell: (a) => (a.mitreTechniques ?? []).join(", "), width: "10%" },
  { id: "tags", title: "Tags", cell: (a) => (a.systemTags ?? []).join(", "), width: "10%" },
  { id: "lastUpdateDateTime", title: "Updated", sortable: true, cell: (a) => <Moment at={a.lastUpdateDateTime} plain />, width: "13%" },
  { id: "id", title: "Id", sortable: true, cell: (a) => a.id, width: "14%" },
];
const shownAtFirst = ["title", "severity", "status", "category", "serviceSource", "assignedTo", "createdDateTime"];
const filters = [...alertFields, "age", "entity"];
// As many as are changed in one go.
const most = 500;
const views = [
  ["New and in progress, last 7 days", alertsHome],
  ["All alerts", "/alerts"],
] as const;

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS, marginBottom: tokens.spacingVerticalM },
  grow: { flexGrow: 1 },
  stale: { opacity: 0.6 },
  unseen: { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" },
});

/** The queue. Its address holds everything it shows, the open alert included. */
export default function AlertsPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const { id } = useParams();
  const [search] = useSearchParams();
  const readOnly = useReadOnly();
  const many = useManageAlerts();
  const state = readList(search, filters, standard);
  // The last hours are counted from here: a filter that moved with every look would be another question each time.
  const [now, setNow] = useState(() => new Date());
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [managing, setManaging] = useState(false);
  const filter = alertFilter(state.filters, now);
  const orderBy = `${state.sort.by} ${state.sort.descending ? "desc" : "asc"}`;
  const alerts = useQuery(alertList({ filter, search: state.text, orderBy, top: size, skip: state.from }));
  const facets = useQuery(alertFacets(filter, state.text));
  // Whoever is at the beginning, and at nothing, sees what comes at once; others are told, and keep their place.
  const { news, show: showNews } = useNews(!id && state.from === 0 && selected.size === 0);

  const address = (next: ListState, open?: string) => {
    const kept = writeList(next, standard).toString();
    return `/alerts${open ? `/${encodeURIComponent(open)}` : ""}${kept && `?${kept}`}`;
  };
  function show(change: Partial<ListState>) {
    setSelected(new Set());
    void navigate(address({ ...state, from: 0, ...change }));
  }
  function refresh() {
    setNow(new Date());
    showNews();
  }
  const move = (from: number) => void navigate(address({ ...state, from }));
  const clear = () => show({ filters: {}, text: "" });
  const open = (which?: string) => void navigate(address(state, which), { replace: id !== undefined && which !== undefined });

  const shown = columnsOf(columns, state.columns, shownAtFirst);
  const items = alerts.data?.value ?? [];
  const total = alerts.data?.["@odata.count"] ?? items.length;
  const at = items.findIndex((alert) => alert.id === id);
  const filtered = filter !== "" || state.text !== "";

  if (alerts.isError && !alerts.data) return <Failed page error={alerts.error} what="Alerts" retry={() => void alerts.refetch()} />;
  return (
    <>
      <PageHeader
        title="Alerts"
        below={<span aria-live="polite">{alerts.data && !alerts.isPlaceholderData ? `${count(total, "alert")}${filtered ? " with these filters" : ""}` : "Loading"}</span>}
        commands={
          <>
            {selected.size > 0 && (
              <RefusableButton appearance="primary" icon={<Edit20Regular />} refusal={selected.size > most ? `At most ${most} alerts are changed in one go: choose fewer.` : undefined} onClick={() => setManaging(true)}>
                {`Manage ${count(selected.size, "alert")}`}
              </RefusableButton>
            )}
            <Button icon={<ArrowClockwise20Regular />} appearance={news ? "primary" : "secondary"} onClick={refresh}>
              {news ? "Show what is new" : "Refresh"}
            </Button>
            <ColumnsDialog all={columns} shown={shown.map((column) => column.id)} onChoose={(chosen) => void navigate(address({ ...state, columns: chosen }))} />
            <ViewsMenu area="alerts" path="/alerts" query={writeList({ ...state, from: 0 }, standard).toString()} standard={views} />
            {readOnly ? (
              <RefusableButton icon={<ArrowDownload20Regular />}>Export</RefusableButton>
            ) : (
              <Menu>
                <MenuTrigger disableButtonEnhancement>
                  <MenuButton icon={<ArrowDownload20Regular />}>Export</MenuButton>
                </MenuTrigger>
                <MenuPopover>
                  <MenuList>
                    {(["csv", "json"] as const).map((format) => (
                      <MenuItemLink key={format} href={alertsPath(format, { filter, search: state.text, orderBy })} download={`alerts.${format}`}>
                        {`These alerts, ${format.toUpperCase()}`}
                      </MenuItemLink>
                    ))}
                  </MenuList>
                </MenuPopover>
              </Menu>
            )}
          </>
        }
      />
      <div className={styles.bar} role="group" aria-label="Filters">
        <SearchField label="Search title, id or assignee" value={state.text} onSearch={(text) => show({ text })} />
        <AgeFilter age={state.filters["age"]?.[0] ?? ""} onChange={(age) => show({ filters: { ...state.filters, age: age ? [age] : [] } })} />
        <EntityFilter chosen={state.filters["entity"] ?? []} onChange={(entity) => show({ filters: { ...state.filters, entity } })} />
        <Filters facets={facets.data} chosen={state.filters} onChange={(chosen) => show({ filters: chosen })} />
        {filtered && (
          <Button size="small" appearance="transparent" icon={<DismissCircle16Regular />} onClick={clear}>
            Clear filters
          </Button>
        )}
      </div>
      {alerts.isPending ? (
        <Loading what="alerts" rows={12} />
      ) : items.length === 0 ? (
        <Nobody filtered={filtered} onClear={clear} />
      ) : (
        <div className={alerts.isPlaceholderData ? styles.stale : undefined}>
          <Grid
            label="Alerts"
            columns={shown}
            items={items}
            id={(alert) => alert.id}
            name={(alert) => alert.title ?? alert.id}
            open={id ?? null}
            onOpen={(alert) => open(alert.id)}
            sort={state.sort}
            onSort={(sort) => show({ sort })}
            selected={selected}
            onSelect={setSelected}
          />
          <Pager from={state.from} shown={items.length} total={total} size={size} onMove={(from) => move(from)} />
        </div>
      )}
      {news && <span role="status" className={styles.unseen}>There is something new in your queue</span>}
      {managing && (
        <ManageMany
          noun="alert"
          statuses={alertStatuses}
          manage={many}
          ids={[...selected]}
          seen={Object.fromEntries(items.flatMap((alert) => (selected.has(alert.id) && alert.lastUpdateDateTime ? [[alert.id, alert.lastUpdateDateTime]] : [])))}
          name={(one) => items.find((alert) => alert.id === one)?.title ?? one}
          onClose={() => setManaging(false)}
          onDone={(left) => setSelected(new Set(left))}
        />
      )}
      {id && (
        <AlertDetails
          key={id}
          id={id}
          onClose={() => open()}
          onPrevious={at > 0 ? () => open(items[at - 1]?.id) : undefined}
          onNext={at >= 0 && at < items.length - 1 ? () => open(items[at + 1]?.id) : undefined}
        />
      )}
    </>
  );
}

function Nobody({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <Empty title="No alert has these filters" why={{ capability: "investigation.view" }} actions={<Button onClick={onClear}>Clear filters</Button>}>
        Of the alerts you may see, none fits. Take a filter away to see more.
      </Empty>
    );
  }
  return (
    <Empty
      title="Your queue is empty"
      why={{ capability: "investigation.view" }}
      actions={
        <Button as="a" href="/access">
          See my access
        </Button>
      }
    >
      There is no alert in the products and device groups you may see.
    </Empty>
  );
}
