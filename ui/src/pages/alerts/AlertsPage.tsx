import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwise20Regular, DismissCircle16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearchParams } from "react-router";
import type { Alert } from "../../api/graph";
import { alertFacets, alertList } from "../../api/investigation";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing, Severity, Status } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { Pager } from "../../components/Pager";
import { SearchField } from "../../components/SearchField";
import { Empty, Failed, Loading } from "../../components/states";
import { readList, writeList, type ListState } from "../../lib/listState";
import { allOf, anyOf } from "../../lib/odata";
import { count, sentence, shortProduct } from "../../lib/words";
import { AlertDetails } from "./AlertDetails";
import { Filters, fields } from "./Filters";

const size = 50;
const standard = { by: "createdDateTime", descending: true };

const columns: readonly Column<Alert>[] = [
  { id: "title", title: "Alert", cell: (a) => <Name>{a.title ?? a.id}</Name>, width: "25.5%" },
  { id: "severity", title: "Severity", sortable: true, cell: (a) => <Severity value={a.severity} />, width: "12.5%" },
  { id: "status", title: "Status", sortable: true, cell: (a) => <Status value={a.status} />, width: "12%" },
  { id: "category", title: "Category", cell: (a) => sentence(a.category), width: "14%" },
  { id: "serviceSource", title: "Product", cell: (a) => shortProduct(a.serviceSource), width: "10%" },
  { id: "assignedTo", title: "Assigned to", cell: (a) => a.assignedTo ?? <Nothing>Nobody</Nothing>, width: "12.5%" },
  { id: "createdDateTime", title: "Created", sortable: true, cell: (a) => <Moment at={a.createdDateTime} plain />, width: "13.5%" },
];

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS, marginBottom: tokens.spacingVerticalM },
  grow: { flexGrow: 1 },
  stale: { opacity: 0.6 },
});

/** The queue. Its address holds everything it shows, the open alert included. */
export default function AlertsPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const { id } = useParams();
  const [search] = useSearchParams();
  const state = readList(search, fields, standard);
  const filter = allOf(...fields.map((field) => anyOf(field, state.filters[field] ?? [])));
  const alerts = useQuery(
    alertList({ filter, search: state.text, orderBy: `${state.sort.by} ${state.sort.descending ? "desc" : "asc"}`, top: size, skip: state.from }),
  );
  const facets = useQuery(alertFacets(filter, state.text));

  const address = (next: ListState, open?: string) => {
    const kept = writeList(next, standard).toString();
    return `/alerts${open ? `/${encodeURIComponent(open)}` : ""}${kept && `?${kept}`}`;
  };
  const show = (change: Partial<ListState>) => void navigate(address({ ...state, from: 0, ...change }));
  const move = (from: number) => void navigate(address({ ...state, from }));
  const clear = () => show({ filters: {}, text: "" });
  const open = (which?: string) => void navigate(address(state, which), { replace: id !== undefined && which !== undefined });

  const items = alerts.data?.value ?? [];
  const total = alerts.data?.["@odata.count"] ?? items.length;
  const at = items.findIndex((alert) => alert.id === id);
  const filtered = filter !== "" || state.text !== "";

  if (alerts.isError && !alerts.data) return <Failed page error={alerts.error} what="Alerts" retry={() => void alerts.refetch()} />;
  return (
    <>
      <PageHeader
        title="Alerts"
        below={<span aria-live="polite">{alerts.data ? `${count(total, "alert")}${filtered ? " with these filters" : ""}` : "Loading"}</span>}
        commands={
          <Button icon={<ArrowClockwise20Regular />} onClick={() => void Promise.all([alerts.refetch(), facets.refetch()])}>
            Refresh
          </Button>
        }
      />
      <div className={styles.bar} role="group" aria-label="Filters">
        <SearchField label="Search title, id or assignee" value={state.text} onSearch={(text) => show({ text })} />
        <Filters facets={facets.data} chosen={state.filters} onChange={(filters) => show({ filters })} />
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
            columns={columns}
            items={items}
            id={(alert) => alert.id}
            name={(alert) => alert.title ?? alert.id}
            open={id ?? null}
            onOpen={(alert) => open(alert.id)}
            sort={state.sort}
            onSort={(sort) => show({ sort })}
          />
          <Pager from={state.from} shown={items.length} total={total} size={size} onMove={(from) => move(from)} />
        </div>
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
