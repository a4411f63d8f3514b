import { Badge, Button, Menu, MenuButton, MenuItemLink, MenuList, MenuPopover, MenuTrigger, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwise20Regular, ArrowDownload20Regular, DismissCircle16Regular, Edit20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { Incident } from "../../api/graph";
import { incidentFacets, incidentList, incidentsPath, useManageIncidents, type FacetCount, type IncidentFacets } from "../../api/investigation";
import { AgeFilter } from "../../components/AgeFilter";
import { ColumnsDialog } from "../../components/ColumnsDialog";
import { EntityFilter } from "../../components/EntityFilter";
import { Facet, type FacetValue } from "../../components/Facet";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing, Severity, Status } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { ManageMany } from "../../components/ManageMany";
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
import { allOf, nobody } from "../../lib/odata";
import { incidentFields, incidentFilter, incidentsHome, type IncidentField } from "../../lib/queue";
import { incidentStatuses, severities } from "../../lib/triage";
import { count, sentence, workloadLabel } from "../../lib/words";

const size = 50;
const standard = { by: "createdDateTime", descending: true };
const most = 100; // are changed in one go
const labels: Record<IncidentField, string> = {
  status: "Status",
  severity: "Severity",
  workload: "Product",
  category: "Category",
  detectionSource: "Detected by",
  deviceGroup: "Device group",
  assignedTo: "Assigned to",
  tag: "Tag",
  classification: "Classification",
};
const order: Partial<Record<IncidentField, readonly string[]>> = { status: incidentStatuses, severity: severities };

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS, marginBottom: tokens.spacingVerticalM },
  name: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, minWidth: 0 },
  cut: { minWidth: 0 },
  stale: { opacity: 0.6 },
});

const columns: readonly Column<Incident>[] = [
  { id: "displayName", title: "Incident", cell: (i) => <IncidentName incident={i} />, width: "30.5%" },
  { id: "severity", title: "Severity", sortable: true, cell: (i) => <Severity value={i.severity} />, width: "13%" },
  { id: "status", title: "Status", sortable: true, cell: (i) => <Status value={i.status} />, width: "12.5%" },
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
  const state = readList(search, [...incidentFields, "age", "entity"], standard);
  const readOnly = useReadOnly();
  const many = useManageIncidents();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [managing, setManaging] = useState(false);
  const [now, setNow] = useState(() => new Date());
  const age = state.filters["age"]?.[0] ?? "";
  // What was merged away is shown to who asks for it.
  const filter = allOf(incidentFilter(state.filters, now), state.filters.status?.length ? "" : "status ne 'redirected'");
  const orderBy = `${state.sort.by} ${state.sort.descending ? "desc" : "asc"}`;
  const incidents = useQuery(
    incidentList({ filter, search: state.text, orderBy, top: size, skip: state.from }),
  );
  const facets = useQuery({ ...incidentFacets(filter, state.text), enabled: !incidents.isError });
  const { news, show: showNews } = useNews(state.from === 0 && selected.size === 0);
  const shown = columnsOf(columns, state.columns, shownAtFirst);
  function refresh() {
    setNow(new Date());
    showNews();
  }
  const show = (change: Partial<ListState>) => {
    setSelected(new Set());
    const kept = writeList({ ...state, from: 0, ...change }, standard).toString();
    void navigate(`/incidents${kept && `?${kept}`}`);
  };
  const choose = (field: string) => (values: string[]) => show({ filters: { ...state.filters, [field]: values } });
  const filtered = [...incidentFields, "entity"].some((field) => state.filters[field]?.length) || age !== "" || state.text !== "";
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
            {selected.size > 0 && (
              <RefusableButton appearance="primary" icon={<Edit20Regular />} refusal={selected.size > most ? `At most ${most} incidents are changed in one go: choose fewer.` : undefined} onClick={() => setManaging(true)}>
                {`Manage ${count(selected.size, "incident")}`}
              </RefusableButton>
            )}
            <Button icon={<ArrowClockwise20Regular />} appearance={news ? "primary" : "secondary"} onClick={refresh}>
              {news ? "Show what is new" : "Refresh"}
            </Button>
            <ColumnsDialog all={columns} shown={shown.map((column) => column.id)} onChoose={(chosen) => show({ columns: chosen, from: state.from })} />
            <ViewsMenu area="incidents" path="/incidents" query={writeList({ ...state, from: 0 }, standard).toString()} standard={views} />
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
                      <MenuItemLink key={format} href={incidentsPath(format, { filter, search: state.text, orderBy })} download={`incidents.${format}`}>
                        {`These incidents, ${format.toUpperCase()}`}
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
        <SearchField label="Search name, id or assignee" value={state.text} onSearch={(text) => show({ text })} />
        <AgeFilter age={age} onChange={(next) => show({ filters: { ...state.filters, age: next ? [next] : [] } })} />
        <EntityFilter chosen={state.filters["entity"] ?? []} onChange={choose("entity")} />
        {incidentFields.map((field) => (
          <Facet key={field} label={labels[field]} values={values(field, facets.data)} chosen={state.filters[field] ?? []} onChange={choose(field)} />
        ))}
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
            selected={selected}
            onSelect={setSelected}
          />
          <Pager from={state.from} shown={items.length} total={total} size={size} onMove={(from) => show({ from })} />
        </div>
      )}
      {managing && (
        <ManageMany
          noun="incident"
          statuses={incidentStatuses}
          manage={many}
          ids={[...selected]}
          seen={Object.fromEntries(items.flatMap((incident) => (selected.has(incident.id) && incident.lastUpdateDateTime ? [[incident.id, incident.lastUpdateDateTime]] : [])))}
          name={(one) => items.find((incident) => incident.id === one)?.displayName ?? one}
          onClose={() => setManaging(false)}
          onDone={(left) => setSelected(new Set(left))}
        />
      )}
    </>
  );
}

function values(field: IncidentField, facets: IncidentFacets | undefined): FacetValue[] {
  const known = order[field];
  const place = (value: string) => (known ? (known.indexOf(value) + 99) % 99 : 0);
  const counts: readonly FacetCount[] = facets?.[field] ?? [];
  return counts
    .map(({ value, count: n }) => (value ? { value, count: n, label: label(field, value) } : { value: nobody, count: n, label: field === "assignedTo" ? "Nobody" : "Not set" }))
    .sort((a, b) => place(a.value) - place(b.value));
}

function label(field: IncidentField, value: string) {
  switch (field) {
    case "status":
      return <Status value={value} />;
    case "severity":
      return <Severity value={value} />;
    case "workload":
      return workloadLabel(value);
    case "category":
    case "detectionSource":
    case "classification":
      return sentence(value);
    default:
      return value;
  }
}
