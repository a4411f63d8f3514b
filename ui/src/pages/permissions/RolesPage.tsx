import { Badge, Link, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "react-router";
import { globalRoles, roles, workloadInfo, type GlobalRole, type RoleItem, type WorkloadInfo } from "../../api/permissions";
import { refusalOf } from "../../api/errors";
import { Grid, type Column } from "../../components/Grid";
import { DataSources } from "../../components/DataSources";
import { ExportMenu } from "../../components/ExportMenu";
import { Name, Nothing } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { RefusableButton } from "../../components/RefusableButton";
import { Empty, Failed, Loading } from "../../components/states";
import { count, list, sentence, workloadLabel, workloads } from "../../lib/words";
import { GlobalRoleDetails } from "./GlobalRoleDetails";
import { PermissionsCrumbs } from "./PermissionsCrumbs";
import { RoleDetails } from "./RoleDetails";
import { RolesSwitch } from "./RolesSwitch";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

const columns: readonly Column<RoleItem>[] = [
  { id: "name", title: "Role", cell: (r) => <Name>{r.name}</Name>, width: "30%" },
  { id: "kind", title: "Kind", cell: (r) => <Badge appearance="outline" color={r.kind === "custom" ? "brand" : "informative"} shape="rounded">{sentence(r.kind)}</Badge>, width: "10%" },
  { id: "permissions", title: "Permissions", cell: (r) => count(r.permissions.length, "permission"), width: "13%" },
  { id: "opens", title: "Opens", cell: (r) => (r.inert || r.opens.length === 0 ? <Nothing>Nothing now</Nothing> : count(r.opens.length, "task")), width: "12%" },
  { id: "memberCount", title: "Who has it", cell: (r) => (r.memberCount === 0 ? <Nothing>Nobody</Nothing> : count(r.memberCount, "person", "people")), width: "12%" },
  { id: "description", title: "Description", cell: (r) => <span title={r.description}>{r.description}</span>, width: "23%" },
];

const unifiedColumns: readonly Column<RoleItem>[] = [
  { id: "name", title: "Role", cell: (r) => <Name>{r.name}</Name>, width: "28%" },
  { id: "kind", title: "Kind", cell: () => <Badge appearance="outline" color="brand" shape="rounded">Unified</Badge>, width: "10%" },
  { id: "sources", title: "Data sources", cell: (r) => <DataSources of={r.dataSources ?? []} />, width: "14%" },
  { id: "permissions", title: "Permissions", cell: (r) => count(r.permissions.length, "permission"), width: "13%" },
  { id: "memberCount", title: "Who has it", cell: (r) => (r.memberCount === 0 ? <Nothing>Nobody</Nothing> : count(r.memberCount, "person", "people")), width: "12%" },
  { id: "description", title: "Description", cell: (r) => <span title={r.description}>{r.description}</span>, width: "23%" },
];

/** Roles by product, each with the product that keeps it; global roles beside them, read-only. */
export default function RolesPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const { workload = "endpoint", id } = useParams();
  return (
    <div className={styles.page}>
      <PageHeader title="Roles" above={<PermissionsCrumbs here="Roles" />} below="Custom roles open only their own product's data; global roles are a path of their own." commands={workload === "global" ? undefined : <Commands workload={workload} />} />
      <TabList selectedValue={workload} onTabSelect={(_, data) => void navigate(`/permissions/roles/${String(data.value)}`)} aria-label="Roles by product">
        {workloads.map((w) => (
          <Tab key={w.name} value={w.name}>
            {w.label}
          </Tab>
        ))}
        <Tab value="unified">Unified roles</Tab>
        <Tab value="global">Global roles</Tab>
      </TabList>
      {workload === "global" ? <GlobalRoles open={id} /> : <WorkloadRoles key={workload} workload={workload} open={id} />}
    </div>
  );
}

function Commands({ workload }: { workload: string }) {
  const { data } = useQuery(roles(workload));
  return (
    <>
      {data && (
        <ExportMenu
          choices={[
            { of: "roles", label: "These roles", filter: { workload } },
            { of: "assignments", label: "Their assignments", filter: { workload } },
            { of: "roles", label: "All roles" },
            { of: "assignments", label: "All assignments" },
          ]}
        />
      )}
      <Create workload={workload} />
    </>
  );
}

function Create({ workload }: { workload: string }) {
  const navigate = useNavigate();
  const { data } = useQuery(workloadInfo);
  const info = data?.items.find((w) => w.workload === workload);
  const unified = useQuery({ ...roles("unified"), enabled: workload === "unified" }).data?.["@bailiwick.actions"].createUnified;
  const refusal = refusalOf(workload === "unified" ? unified : info?.["@bailiwick.actions"].createRole);
  return (
    <RefusableButton appearance="primary" icon={<Add20Regular />} refusal={refusal} onClick={() => void navigate(`/permissions/roles/new?workload=${workload}`)}>
      {workload === "unified" ? "Create unified role" : "Create custom role"}
    </RefusableButton>
  );
}

function WorkloadRoles({ workload, open }: { workload: string; open: string | undefined }) {
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(roles(workload));
  const words = workloads.find((w) => w.name === workload);
  const back = `/permissions/roles/${workload}`;
  if (isPending) return <Loading what="the roles" />;
  if (error) return <Failed error={error} what="Roles" retry={() => void refetch()} />;
  return (
    <>
      <Kept workload={workload} />
      {data.items.length === 0 ? (
        <Empty title="No roles" why={{ capability: "roles.view", workloads: [workload] }}>{workload === "unified" ? "Nobody has made a role over several products yet." : "Nobody has made a role for this product yet."}</Empty>
      ) : (
        <Grid label={workload === "unified" ? "Unified roles" : `Roles of ${words?.label ?? workload}`} columns={workload === "unified" ? unifiedColumns : columns} items={ordered(data.items)} id={(role) => role.id} name={(role) => role.name} open={open ?? null} onOpen={(role) => void navigate(`${back}/${encodeURIComponent(role.id)}`)} />
      )}
      {open && <RoleDetails key={open} id={open} onClose={() => void navigate(back)} />}
    </>
  );
}

const kinds = ["custom", "imported", "built-in", "default"];

/** ordered puts one's own roles before those that came with the product, and of these the ones in use first. */
function ordered(items: readonly RoleItem[]): RoleItem[] {
  const rank = (r: RoleItem) => kinds.indexOf(r.kind) * 2 + (r.memberCount > 0 ? 0 : 1);
  return [...items].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** Kept says which product keeps the roles of a workload, and whether they count now. */
function Kept({ workload }: { workload: string }) {
  const { data } = useQuery(workloadInfo);
  const info = data?.items.find((w) => w.workload === workload);
  if (workload === "unified") return <Activated infos={data?.items ?? []} />;
  if (!info) return null;
  return (
    <>
      {info.unified !== "off" && (
        <MessageBar intent={info.unified === "on" ? "warning" : "info"} layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{info.unified === "on" ? `Unified roles decide in ${workloadLabel(workload)}` : `Unified roles are in shadow in ${workloadLabel(workload)}`}</MessageBarTitle>
            {info.unified === "on" ? "The roles below are kept and open nothing here." : "The roles below decide, and what would change is noted."}
          </MessageBarBody>
          <MessageBarActions>
            <Link href="/permissions/activation">Workload settings</Link>
          </MessageBarActions>
        </MessageBar>
      )}
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          {info.keptIn
            ? `Set in ${info.keptIn}: its roles are shown here as they are set in their own product.`
            : `Kept in ${info.product}. A role here opens data of this product only.`}{" "}
          {notes[workload]}
        </MessageBarBody>
      </MessageBar>
      {info.switchable && <RolesSwitch info={info} />}
    </>
  );
}

/** Activated says in which products the unified roles decide. */
function Activated({ infos }: { infos: readonly WorkloadInfo[] }) {
  const of = (state: string) => infos.filter((info) => info.unified === state).map((info) => workloadLabel(info.workload));
  const on = of("on");
  const shadow = of("shadow");
  return (
    <MessageBar intent={on.length > 0 ? "success" : "warning"} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{on.length > 0 ? `Unified roles decide in ${list(on)}` : "Unified roles decide nowhere yet"}</MessageBarTitle>
        {shadow.length > 0 ? `In shadow in ${list(shadow)}: what would change is noted.` : "Elsewhere each product's own roles decide."}
      </MessageBarBody>
      <MessageBarActions>
        <Link href="/permissions/activation">Workload settings</Link>
      </MessageBarActions>
    </MessageBar>
  );
}

const notes: Record<string, string> = {
  cloudapps: "They open Identity data too.",
  identity: "Here the Cloud apps roles govern Identity data, and these open nothing.",
};

const globalColumns: readonly Column<GlobalRole>[] = [
  { id: "name", title: "Global role", cell: (r) => <Name>{r.name}</Name>, width: "34%" },
  { id: "members", title: "Members", cell: (r) => (r.members.length === 0 ? <Nothing>Nobody</Nothing> : r.members.map((m) => m.displayName || m.name).join(", ")), width: "66%" },
];

function GlobalRoles({ open }: { open: string | undefined }) {
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(globalRoles);
  if (isPending) return <Loading what="the global roles" />;
  if (error) return <Failed error={error} what="Global roles" retry={() => void refetch()} />;
  const found = data.items.find((role) => role.name === open);
  return (
    <>
      <MessageBar intent="info">
        <MessageBarBody>Kept in the directory and shown here read-only. They open data on a path of their own, beside the custom roles.</MessageBarBody>
      </MessageBar>
      <Grid label="Global roles" columns={globalColumns} items={data.items} id={(role) => role.name} name={(role) => role.name} open={open ?? null} onOpen={(role) => void navigate(`/permissions/roles/global/${encodeURIComponent(role.name)}`)} />
      {found && <GlobalRoleDetails role={found} onClose={() => void navigate("/permissions/roles/global")} />}
    </>
  );
}
