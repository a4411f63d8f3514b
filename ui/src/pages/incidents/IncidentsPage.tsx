import { Badge, Button, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwise20Regular, DismissCircle16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { Incident } from "../../api/graph";
import { incidentList } from "../../api/investigation";
import { AgeFilter } from "../../components/AgeFilter";
import { ColumnsDialog } from "../../components/ColumnsDialog";
import { Facet } from "../../components/Facet";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing, Severity, Status } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { Pager } from "../../components/Pager";
import { SearchField } from "../../components/SearchField";
import { Empty, Failed, Loading } from "../../components/states";
import { useNews } from "../../components/useNews";
import { ViewsMenu } from "../../components/ViewsMenu";
import { columnsOf } from "../../lib/columns";
import { readList, writeList, type ListState } from "../../lib/listState";
import { allOf, anyOf } from "../../lib/odata";
import { ageClause, incidentsHome } from "../../lib/queue";
import { classifications, incidentStatuses, options, severities } from "../../lib/triage";
import { count, sentence, workloadLabel } from "../../lib/words";

const size = 50;
const standard = { by: "createdDateTime", descending: true };
const fields = ["status", "severity", "classification"] as const;

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS, marginBottom: tokens.spacingVerticalM },
  name: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, minWidth: 0 },
  cut: { minWidth: 0 },
  stale: { opacity: 0.6 },
});

const columns: readonly Column<Incident>[] = [
  { id: "displayName", title: "Incident", cell: (i) => <IncidentName incident={i} />, width: "32%" },
  { id: "severity", title: "Severity", sortable: true, cell: (i) => <Severity value={i.severity} />, width: "13%" },
  { id: "status", title: "Status", sortable: true, cell: (i) => <Status value={i.status} />, width: "11%" },
  { id: "workloads", title: "Products", cell: (i) => products(i), width: "17%" },
  { id: "assignedTo", title: "Assigned to", cell: (i) => i.assignedTo ?? <Nothing>Nobody</Nothing>, width: "12%" },
  { id: "createdDateTime", title: "Created", sortable: true, cell: (i) => <Moment at={i.createdDateTime} plain />, width: "15%" },
  { id: "classification", title: "Classification", cell: (i) => sentence(i.classification), width: "12%" },
  { id: "determination", title: "Determination", cell: (i) => sentence(i.determination), width: "12%" },
  { id: "tags", title: "Tags", cell: (i) => [...(i.customTags ?? []), ...(i.systemTags ?? [])].join(", "), width: "12%" },
  { id: "lastUpdateDateTime", title: "Updated", sortable: true, cell: (i) => <Moment at={i.lastUpdateDateTime} plain />, width: "14%" },
  { id: "id", title: "Id", sortable: true, cell: (i) => i.id, width: "8%" },
];
const shownAtFirst = ["displayName", "severity", "status", "workloads", "assignedTo", "createdDateTime"];
const views = [
  ["Active and in progress, last 7 days", incidentsHome],
  ["All incidents", "/incidents"],
] as const;

function products(incident: Incident) {
  const names = (incident["@bailiwick.workloads"] ?? []).map(workloadLabel).join(", ");
  return <span title={names}>{names}</span>;
}

function IncidentName({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const name = incident.displayName ?? `Incident ${incident.id}`;
  return (
    <span className={styles.name}>
      <span className={styles.cut}>
        <Name>{name}</Name>
      </span>
      {incident["@bailiwick.partial"] && (
        <Badge appearance="tint" color="warning" shape="rounded" title="You see part of this incident">
          Part
        </Badge>
      )}
    </span>
  );
}

/** The incident queue; what it counts and orders by is what this reader may see (S9). */
export default function IncidentsPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const state = readList(search, [...fields, "age"], standard);
  const [now, setNow] = useState(() => new Date());
  const age = state.filters["age"]?.[0] ?? "";
  const filter = allOf(...fields.map((field) => anyOf(field, state.filters[field] ?? [])), ageClause(age, now), state.filters.status?.length ? "" : "status ne 'redirected'");
  const incidents = useQuery(
    incidentList({ filter, search: state.text, orderBy: `${state.sort.by} ${state.sort.descending ? "desc" : "asc"}`, top: size, skip: state.from }),
  );
  const { news, show: showNews } = useNews(state.from === 0);
  const shown = columnsOf(columns, state.columns, shownAtFirst);
  function refresh() {
    setNow(new Date());
    showNews();
  }
  const show = (change: Partial<ListState>) => {
    const kept = writeList({ ...state, from: 0, ...change }, standard).toString();
    void navigate(`/incidents${kept && `?${kept}`}`);
  };
  const choose = (field: string) => (values: string[]) => show({ filters: { ...state.filters, [field]: values } });
  const filtered = fields.some((field) => state.filters[field]?.length) || age !== "" || state.text !== "";
  const clear = () => show({ filters: {}, text: "" });

  if (incidents.isError && !incidents.data) return <Failed page error={incidents.error} what="Incidents" retry={() => void incidents.refetch()} />;
  const items = incidents.data?.value ?? [];
  const total = incidents.data?.["@odata.count"] ?? items.length;
  return (
    <>
      <PageHeader
        title="Incidents"
        below={<span aria-live="polite">{incidents.data && !incidents.isPlaceholderData ? `${count(total, "incident")}${filtered ? " with these filters" : ""}` : "Loading"}</span>}
        commands={
          <>
            <Button icon={<ArrowClockwise20Regular />} appearance={news ? "primary" : "secondary"} onClick={refresh}>
              {news ? "Show what is new" : "Refresh"}
            </Button>
            <ColumnsDialog all={columns} shown={shown.map((column) => column.id)} onChoose={(chosen) => show({ columns: chosen, from: state.from })} />
            <ViewsMenu area="incidents" path="/incidents" query={writeList({ ...state, from: 0 }, standard).toString()} standard={views} />
          </>
        }
      />
      <div className={styles.bar} role="group" aria-label="Filters">
        <SearchField label="Search id or assignee" value={state.text} onSearch={(text) => show({ text })} />
        <AgeFilter age={age} onChange={(next) => show({ filters: { ...state.filters, age: next ? [next] : [] } })} />
        <Facet label="Status" values={options([...incidentStatuses, "redirected"])} chosen={state.filters.status ?? []} onChange={choose("status")} />
        <Facet label="Severity" values={options(severities)} chosen={state.filters.severity ?? []} onChange={choose("severity")} />
        <Facet label="Classification" values={options(classifications)} chosen={state.filters.classification ?? []} onChange={choose("classification")} />
        {filtered && (
          <Button size="small" appearance="transparent" icon={<DismissCircle16Regular />} onClick={clear}>
            Clear filters
          </Button>
        )}
      </div>
      {incidents.isPending ? (
        <Loading what="incidents" rows={12} />
      ) : items.length === 0 ? (
        <Empty
          why={{ capability: "investigation.view" }}
          title={filtered ? "No incident has these filters" : "No incidents"}
          actions={filtered ? <Button onClick={clear}>Clear filters</Button> : <Button as="a" href="/access">See my access</Button>}
        >
          {filtered ? "Of the incidents you may see, none fits." : "None has an alert in the products and device groups you may see."}
        </Empty>
      ) : (
        <div className={incidents.isPlaceholderData ? styles.stale : undefined}>
          <Grid
            label="Incidents"
            columns={shown}
            items={items}
            id={(incident) => incident.id}
            name={(incident) => incident.displayName ?? incident.id}
            onOpen={(incident) => void navigate(`/incidents/${encodeURIComponent(incident.id)}`)}
            sort={state.sort}
            onSort={(sort) => show({ sort })}
          />
          <Pager from={state.from} shown={items.length} total={total} size={size} onMove={(from) => show({ from })} />
        </div>
      )}
    </>
  );
}
