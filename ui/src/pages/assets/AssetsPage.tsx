import { Badge, Button, Select, Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { deviceList, entityList, type AssetOrder, type Device, type Entity, type EntityKind } from "../../api/assets";
import { Facet } from "../../components/Facet";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing, Severity } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { SearchField } from "../../components/SearchField";
import { Empty, Failed, Loading } from "../../components/states";
import { assetKinds, assetPath, kindLabel, kindOfTab, kindTab, kindsLabel } from "../../lib/assets";
import { count } from "../../lib/words";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS, marginBlock: tokens.spacingVerticalM },
  stale: { opacity: 0.6 },
  more: { display: "flex", justifyContent: "center", marginTop: tokens.spacingVerticalM },
  tags: { display: "inline-flex", gap: tokens.spacingHorizontalXS },
});

const orders: readonly (readonly [AssetOrder, string])[] = [
  ["risk", "Riskiest first"],
  ["lastSeen", "Last seen first"],
  ["name", "By name"],
];

type Row = Pick<Device, "alerts" | "openAlerts" | "incidents" | "risk" | "lastSeen">;

/** Risk is the worst of the open alerts that the reader sees. */
export function Risk({ value }: { value: string }) {
  return value === "none" ? <Nothing>No open alert</Nothing> : <Severity value={value} />;
}

function told<T extends Row>(): Column<T>[] {
  return [
    { id: "risk", title: "Risk", cell: (row) => <Risk value={row.risk} />, width: "14%" },
    { id: "open", title: "Open alerts", cell: (row) => row.openAlerts.toLocaleString(), width: "11%" },
    { id: "alerts", title: "All alerts", cell: (row) => row.alerts.toLocaleString(), width: "10%" },
    { id: "incidents", title: "Incidents", cell: (row) => row.incidents.toLocaleString(), width: "10%" },
    { id: "lastSeen", title: "Last alert", cell: (row) => (row.lastSeen ? <Moment at={row.lastSeen} plain /> : <Nothing>Never</Nothing>), width: "15%" },
  ];
}

const deviceColumns: readonly Column<Device>[] = [
  { id: "name", title: "Device", cell: (d) => <Name>{d.name || d.id}</Name>, width: "25%" },
  { id: "group", title: "Device group", cell: (d) => d.deviceGroup ?? <Nothing>Not described yet</Nothing>, width: "15%" },
  { id: "os", title: "System", cell: (d) => d.os || <Nothing>Unknown</Nothing>, width: "12%" },
  { id: "tags", title: "Tags", cell: (d) => <Tags all={[...d.ownTags, ...d.tags]} />, width: "10%" },
  ...told<Device>().filter(({ id }) => id !== "alerts" && id !== "incidents"),
];

const entityColumns: readonly Column<Entity>[] = [
  { id: "name", title: "Name", cell: (e) => <Name>{e.name || e.key}</Name>, width: "22%" },
  { id: "key", title: "Address or id", cell: (e) => <span title={e.key}>{e.key}</span>, width: "24%" },
  ...told<Entity>(),
];

function Tags({ all }: { all: readonly string[] }) {
  const styles = useStyles();
  if (all.length === 0) return <Nothing>None</Nothing>;
  return (
    <span className={styles.tags} title={all.join(", ")}>
      {all.slice(0, 2).map((tag) => <Badge key={tag} appearance="outline" color="informative" shape="rounded">{tag}</Badge>)}
      {all.length > 2 && `+${all.length - 2}`}
    </span>
  );
}

/** What alerts are about: devices, users, mailboxes and apps, as far as this reader sees it. The address holds what is shown. */
export default function AssetsPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const { tab } = useParams();
  const [search, setSearch] = useSearchParams();
  const kind = kindOfTab(tab) ?? "device";
  const q = search.get("q") ?? "";
  const order = orders.find(([value]) => value === search.get("order"))?.[0] ?? "risk";
  const groups = search.getAll("deviceGroup");
  function set(name: string, values: readonly string[]) {
    const next = new URLSearchParams(search);
    next.delete(name);
    for (const value of values) next.append(name, value);
    setSearch(next);
  }
  const devices = useInfiniteQuery({ ...deviceList({ q, order, deviceGroup: groups }), enabled: kind === "device" });
  const entities = useInfiniteQuery({ ...entityList(kind === "device" ? "user" : (kind as EntityKind), { q, order }), enabled: kind !== "device" });
  const shown = kind === "device" ? devices : entities;
  const total = shown.data?.pages[0]?.total ?? 0;
  const noun = kindsLabel(kind).toLowerCase();
  const filtered = q !== "" || groups.length > 0;
  const more = { isFetching: shown.isFetchingNextPage, has: shown.hasNextPage, next: () => void shown.fetchNextPage() };
  return (
    <>
      <PageHeader
        title="Assets"
        tab={kindsLabel(kind)}
        below={<span aria-live="polite">{shown.data && !shown.isPlaceholderData ? `${count(total, kindLabel(kind).toLowerCase(), noun)}${filtered ? " with these filters" : ""}` : shown.isError ? "" : "Loading"}</span>}
      />
      <TabList selectedValue={kind} aria-label="Kinds of assets" onTabSelect={(_, data) => void navigate(`/entities/${kindTab(data.value as typeof kind)}`)}>
        {assetKinds.map((one) => (
          <Tab key={one} value={one}>{kindsLabel(one)}</Tab>
        ))}
      </TabList>
      {shown.isError && !shown.data ? (
        <Failed error={shown.error} what={kindsLabel(kind)} retry={() => void shown.refetch()} />
      ) : (
        <>
          <div className={styles.bar} role="group" aria-label="Filters">
            <SearchField key={kind} label={kind === "device" ? "Search name, id, domain or tag" : "Search name, address or id"} value={q} onSearch={(text) => set("q", text ? [text] : [])} />
            <Select size="small" aria-label="Order" value={order} onChange={(_, data) => set("order", data.value === "risk" ? [] : [data.value])}>
              {orders.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
            </Select>
            {kind === "device" && (
              <Facet label="Device group" values={(devices.data?.pages[0]?.deviceGroups ?? []).map(({ value, count: n }) => ({ value, count: n, label: value }))} chosen={groups} onChange={(values) => set("deviceGroup", values)} />
            )}
          </div>
          {shown.isPending ? (
            <Loading what={noun} rows={12} />
          ) : total === 0 ? (
            <Empty title={filtered ? `No ${noun} found` : `No ${noun}`} why={{ capability: "investigation.view" }} actions={filtered && <Button onClick={() => setSearch({})}>Clear filters</Button>}>
              {filtered ? "Of what you may see, nothing fits." : kind === "device" ? "There is none in the device groups you may see." : "No alert that you may see names any."}
            </Empty>
          ) : (
            <div className={shown.isPlaceholderData ? styles.stale : undefined}>
              {kind === "device" ? (
                <Grid label="Devices" columns={deviceColumns} items={devices.data?.pages.flatMap((page) => page.items) ?? []} id={(d) => d.id} name={(d) => d.name || d.id} onOpen={(d) => void navigate(assetPath("device", d.id))} />
              ) : (
                <Grid label={kindsLabel(kind)} columns={entityColumns} items={entities.data?.pages.flatMap((page) => page.items) ?? []} id={(e) => e.key} name={(e) => e.name || e.key} onOpen={(e) => void navigate(assetPath(kind, e.key))} />
              )}
              {more.has && (
                <div className={styles.more}>
                  <Button disabledFocusable={more.isFetching} onClick={more.next}>{`Show more of ${total.toLocaleString()}`}</Button>
                </div>
              )}
            </div>
          )}
        </>
      )}
    </>
  );
}
