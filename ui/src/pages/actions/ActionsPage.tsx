import { Button, Menu, MenuButton, MenuItemCheckbox, MenuList, MenuPopover, MenuTrigger, Select, Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, ArrowDownload20Regular, Checkmark20Regular, Dismiss20Regular, DismissCircle16Regular, Settings20Regular } from "@fluentui/react-icons";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { actionFacets, actionList, actionRules, exportActions, useSetActionRules, type Decision, type ResponseAction } from "../../api/actions";
import { refusalOf } from "../../api/errors";
import { useMe, type Me } from "../../api/session";
import { Facet } from "../../components/Facet";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { useReadOnly } from "../../components/readOnly";
import { RefusableButton } from "../../components/RefusableButton";
import { SearchField } from "../../components/SearchField";
import { Empty, Failed, Loading } from "../../components/states";
import { actionAges, actionFields, actionFilter, sourceLabel, type ActionField } from "../../lib/actions";
import { count, sentence, workloadLabel } from "../../lib/words";
import { ActionDetails } from "./ActionDetails";
import { ActionStatus } from "../../components/ActionStatus";
import { ById } from "./ById";
import { DecideDialog } from "./DecideDialog";
import { RequestDialog } from "./RequestDialog";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS, marginBlock: tokens.spacingVerticalM },
  more: { display: "flex", justifyContent: "center", paddingTop: tokens.spacingVerticalM },
  stale: { opacity: 0.6 },
});

const on = (a: ResponseAction) => [a.device?.name || a.device?.id, a.subject].filter(Boolean).join(": ");
const first: readonly Column<ResponseAction>[] = [
  { id: "type", title: "Action", cell: (a) => <Name>{a.actionTypeDisplayName}</Name>, width: "19%" },
  { id: "on", title: "Acts on", cell: (a) => on(a) || <Nothing>Every device</Nothing>, width: "23.5%" },
];
const pending: readonly Column<ResponseAction>[] = [
  ...first,
  { id: "source", title: "Source", cell: (a) => sourceLabel(a.actionSource ?? ""), width: "16.5%" },
  { id: "by", title: "Requested by", cell: (a) => a.createdBy || <Nothing>{/^automated/i.test(a.actionSource ?? "") ? "Automation" : "Nobody"}</Nothing>, width: "12%" },
  { id: "created", title: "Created", cell: (a) => a.createdDateTime && <Moment at={a.createdDateTime} plain />, width: "14.5%" },
  { id: "expires", title: "Expires", cell: (a) => a.expirationDateTime && <Moment at={a.expirationDateTime} plain />, width: "14.5%" },
];
const history: readonly Column<ResponseAction>[] = [
  ...first,
  { id: "status", title: "Status", cell: (a) => <ActionStatus value={a.status} />, width: "15%" },
  { id: "decided", title: "Decided by", cell: (a) => a.decidedBy || <Nothing>Nobody</Nothing>, width: "13%" },
  { id: "source", title: "Source", cell: (a) => sourceLabel(a.actionSource ?? ""), width: "13%" },
  { id: "updated", title: "Updated", cell: (a) => a.lastUpdateDateTime && <Moment at={a.lastUpdateDateTime} plain />, width: "14%" },
];

const labels: Record<ActionField, string> = { status: "Status", type: "Action type", source: "Source", workload: "Product", deviceGroup: "Device group" };
const most = 500;

/** The Action centre. Who may decide what they do not see does it by id; the server says which areas one sees. */
export default function ActionsPage() {
  const me = useMe();
  const [search] = useSearchParams();
  return me.areas.some((area) => area.name === "alerts" && area.shown) && search.get("by") !== "id" ? <ActionList blind={blind(me)} /> : <ById />;
}

/** blind tells whether there is a product in which one decides actions and sees none. */
function blind(me: Me): boolean {
  const somewhere = (capability: string, workload: string) => me.capabilities.some((cell) => cell.capability === capability && cell.workload === workload && cell.somewhere);
  return me.capabilities.some((cell) => cell.capability === "actions.remediate" && somewhere("actions.remediate", cell.workload) && !somewhere("investigation.view", cell.workload));
}

/** ActionList is what waits for approval and what was done. Its address holds what it shows, the open action included. */
function ActionList({ blind }: { blind: boolean }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { id } = useParams();
  const [search] = useSearchParams();
  const readOnly = useReadOnly();
  const tab = search.get("tab") === "history" ? "history" : "pending";
  const [now] = useState(() => Date.now());
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const filter = actionFilter(tab, search, now);
  const actions = useInfiniteQuery(actionList(filter));
  const facets = useQuery({ ...actionFacets(filter), enabled: !actions.isError });

  const address = (kept: URLSearchParams, which?: string) => `/actions${which ? `/${encodeURIComponent(which)}` : ""}${kept.size > 0 ? `?${kept}` : ""}`;
  function narrow(change: (next: URLSearchParams) => void) {
    setSelected(new Set());
    const next = new URLSearchParams(search);
    change(next);
    void navigate(address(next));
  }
  const open = (which?: string) => void navigate(address(search, which), { replace: id !== undefined && which !== undefined });
  const set = (name: string, values: readonly string[]) =>
    narrow((next) => {
      next.delete(name);
      for (const value of values) next.append(name, value);
    });

  const items = actions.data?.pages.flatMap((page) => page.items) ?? [];
  const total = actions.data?.pages[0]?.total ?? 0;
  const at = items.findIndex((action) => action.id === id);
  const chosen = items.filter((action) => selected.has(action.id));
  const types = new Set(chosen.map((action) => action.actionType));
  const refusal = types.size > 1 ? "Only actions of one type are decided in one go: choose fewer." : chosen.length > most ? `At most ${most} actions are decided in one go: choose fewer.` : undefined;
  const filtered = [...search.keys()].some((name) => name !== "tab" && name !== "request" && name !== "device" && name !== "incident");
  const asked = search.get("request");
  const clear = () => void navigate(address(new URLSearchParams(tab === "history" ? { tab } : {})));
  function request(type: string | null, opened?: string) {
    const next = new URLSearchParams(search);
    for (const name of ["request", "device", "incident"]) next.delete(name);
    if (type !== null) next.set("request", type);
    void navigate(address(next, opened));
  }

  if (actions.isError && !actions.data) return <Failed page error={actions.error} what="Action centre" retry={() => void actions.refetch()} />;
  return (
    <>
      <PageHeader
        title="Action centre"
        below={<span aria-live="polite">{actions.data && !actions.isPlaceholderData ? `${count(total, "action")}${tab === "pending" ? " waiting for approval" : ""}${filtered ? " with these filters" : ""}` : "Loading"}</span>}
        commands={
          <>
            {selected.size > 0 && (
              <>
                <RefusableButton appearance="primary" icon={<Checkmark20Regular />} refusal={refusal} onClick={() => setDeciding("approved")}>{`Approve ${selected.size.toLocaleString()}`}</RefusableButton>
                <RefusableButton icon={<Dismiss20Regular />} refusal={refusal} onClick={() => setDeciding("declined")}>{`Decline ${selected.size.toLocaleString()}`}</RefusableButton>
              </>
            )}
            <RefusableButton icon={<Add20Regular />} appearance={selected.size > 0 ? "secondary" : "primary"} onClick={() => request("")}>Request an action</RefusableButton>
            {blind && <Button as="a" href="/actions?by=id">Decide by id</Button>}
            <Rules />
            {readOnly ? (
              <RefusableButton icon={<ArrowDownload20Regular />}>Export</RefusableButton>
            ) : (
              <Button as="a" icon={<ArrowDownload20Regular />} href={exportActions(filter)} download="actions.csv">Export</Button>
            )}
          </>
        }
      />
      <TabList selectedValue={tab} aria-label="Actions" onTabSelect={(_, data) => {
        setSelected(new Set());
        void navigate(data.value === "history" ? "/actions?tab=history" : "/actions");
      }}>
        <Tab value="pending">Pending</Tab>
        <Tab value="history">History</Tab>
      </TabList>
      <div className={styles.bar} role="group" aria-label="Filters">
        <SearchField label="Search device, subject or requester" value={search.get("q") ?? ""} onSearch={(text) => set("q", text ? [text] : [])} />
        <Select size="small" aria-label="Time" value={search.get("age") ?? ""} onChange={(_, data) => set("age", data.value ? [data.value] : [])}>
          <option value="">Any time</option>
          {actionAges.map(([name, label]) => (
            <option key={name} value={name}>{label}</option>
          ))}
        </Select>
        {actionFields
          .filter((field) => field !== "status" || tab === "history")
          .map((field) => (
            <Facet
              key={field}
              label={labels[field]}
              values={(facets.data?.[field] ?? []).map(({ value, count: n }) => ({ value, count: n, label: shown(field, value, items) }))}
              chosen={search.getAll(field)}
              onChange={(values) => set(field, field === "workload" || field === "deviceGroup" ? values.slice(-1) : values)}
            />
          ))}
        {filtered && (
          <Button size="small" appearance="transparent" icon={<DismissCircle16Regular />} onClick={clear}>Clear filters</Button>
        )}
      </div>
      {actions.isPending ? (
        <Loading what="actions" rows={10} />
      ) : items.length === 0 ? (
        <Empty
          why={{ capability: "investigation.view" }}
          title={filtered ? "No action has these filters" : tab === "pending" ? "Nothing waits for approval" : "Nothing was done yet"}
          actions={filtered && <Button onClick={clear}>Clear filters</Button>}
        >
          {filtered ? "Of the actions you may see, none fits." : "In the products and device groups that you may see."}
        </Empty>
      ) : (
        <div className={actions.isPlaceholderData ? styles.stale : undefined}>
          <Grid
            label={tab === "pending" ? "Pending actions" : "History of actions"}
            columns={tab === "pending" ? pending : history}
            items={items}
            id={(action) => action.id}
            name={(action) => `${action.actionTypeDisplayName}, ${on(action) || action.id}`}
            open={id ?? null}
            onOpen={(action) => open(action.id)}
            {...(tab === "pending" ? { selected, onSelect: setSelected } : {})}
          />
          {actions.hasNextPage && (
            <div className={styles.more}>
              <Button disabledFocusable={actions.isFetchingNextPage} onClick={() => void actions.fetchNextPage()}>{`Show more (${items.length.toLocaleString()} of ${total.toLocaleString()})`}</Button>
            </div>
          )}
        </div>
      )}
      {deciding && (
        <DecideDialog
          actions={chosen}
          decision={deciding}
          onClose={() => setDeciding(null)}
          onDone={(left) => setSelected(new Set(left))}
        />
      )}
      {asked !== null && (
        <RequestDialog
          begin={{ type: asked, deviceId: search.get("device") ?? "", incident: search.get("incident") ?? "" }}
          onClose={() => request(null)}
          onMade={(made) => request(null, made)}
        />
      )}
      {id && (
        <ActionDetails
          key={id}
          id={id}
          onClose={() => open()}
          onOpen={(other) => open(other)}
          onPrevious={at > 0 ? () => open(items[at - 1]?.id) : undefined}
          onNext={at >= 0 && at < items.length - 1 ? () => open(items[at + 1]?.id) : undefined}
        />
      )}
    </>
  );
}

function shown(field: ActionField, value: string, items: readonly ResponseAction[]): React.ReactNode {
  switch (field) {
    case "status":
      return <ActionStatus value={value} />;
    case "type":
      return items.find((action) => action.actionType === value)?.actionTypeDisplayName ?? sentence(value);
    case "source":
      return sourceLabel(value);
    case "workload":
      return workloadLabel(value);
    case "deviceGroup":
      return value;
  }
}

/** Rules is what the centre asks of those who approve; who may not change it sees it, and why. */
function Rules() {
  const rules = useQuery(actionRules);
  const save = useSetActionRules();
  if (!rules.data) return null;
  const refusal = refusalOf(rules.data.change);
  const said = rules.data.othersApprove ? "Others approve" : "Own requests may be approved";
  // A rule that binds nobody is nothing to who can't change it.
  if (refusal) return rules.data.othersApprove && <RefusableButton icon={<Settings20Regular />} refusal={refusal}>{said}</RefusableButton>;
  return (
    <Menu checkedValues={{ rules: rules.data.othersApprove ? ["others"] : [] }} onCheckedValueChange={(_, data) => save.mutate({ othersApprove: data.checkedItems.includes("others"), etag: rules.data.etag })}>
      <MenuTrigger disableButtonEnhancement>
        <MenuButton icon={<Settings20Regular />}>{said}</MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList aria-label="Rules">
          <MenuItemCheckbox name="rules" value="others">Nobody approves what they asked for</MenuItemCheckbox>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
