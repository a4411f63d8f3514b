import { Button, Link, MessageBar, MessageBarBody, Tab, TabList, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Add16Regular, ArrowSwap20Regular, Copy20Regular, Delete16Regular, Delete20Regular, Edit20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { refusalOf } from "../../api/errors";
import { roleById, useDeleteAssignment, useDeleteRole, type Assignment, type Role } from "../../api/permissions";
import { DataSources } from "../../components/DataSources";
import { Details } from "../../components/Details";
import { Nothing } from "../../components/labels";
import { Facts, Section } from "../../components/layout";
import { originWords } from "../../lib/origin";
import { RefusableButton } from "../../components/RefusableButton";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { ViewAs } from "../../components/viewing";
import { extentOf } from "../../lib/extent";
import { count, list, sentence, workloads } from "../../lib/words";
import { AddAssignment } from "./AddAssignment";
import { ConfirmChange } from "./ConfirmChange";
import { CopyRole } from "./history/CopyRole";
import { RoleHistory } from "./history/RoleHistory";
import { Opens } from "./Opens";
import { UnifiedAssignments } from "./UnifiedAssignments";

const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL },
  rows: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  row: { display: "flex", justifyContent: "space-between", alignItems: "center", gap: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalXS, borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  who: { display: "flex", flexDirection: "column", minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** A role: what it opens, who has it, and what this reader may change of it. */
export function RoleDetails({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: role, error, isPending, refetch } = useQuery(roleById(id));
  const [part, setPart] = useState("role");
  return (
    <Details title={role?.name ?? "Role"} row={id} onClose={onClose} footer={role && <Commands role={role} onDeleted={onClose} />}>
      {isPending ? (
        <Loading what="the role" />
      ) : error ? (
        <Failed error={error} what="role" retry={() => void refetch()} />
      ) : (
        <>
          <TabList selectedValue={part} onTabSelect={(_, data) => setPart(String(data.value))} aria-label="Parts of the role">
            <Tab value="role">Role</Tab>
            <Tab value="history">History</Tab>
          </TabList>
          {part === "history" ? (
            <RoleHistory role={role} />
          ) : (
            <>
              {role.inert && (
                <MessageBar intent="warning" layout="multiline">
                  <MessageBarBody>{role.inert}</MessageBarBody>
                </MessageBar>
              )}
              {role.description && <Text>{role.description}</Text>}
              <Facts items={role.workload === "unified" ? [["Kind", "Unified"], ["Data sources", <DataSources key="s" of={sources(role)} />], ["Imported from", originWords(role.origin)]] : [["Kind", sentence(role.kind)], ["Product", role.productTitle], ["Set in", role.keptIn], ["Imported from", originWords(role.origin)]]} />
              <Section title="What it opens">
                <Opens opens={role.opensIn ?? role.opens.map((capability) => ({ capability, workload: role.workload }))} />
              </Section>
              {role.workload === "unified" ? <UnifiedAssignments role={role} /> : <Assignments role={role} />}
              <Members role={role} />
              <Permissions role={role} />
            </>
          )}
        </>
      )}
    </Details>
  );
}

/** sources are the products for which somebody has a unified role, in the document's order. */
function sources(role: Role): string[] {
  const named = new Set(role.assignments.flatMap((a) => a.dataSources ?? []) as string[]);
  return workloads.map((w) => w.name).filter((name) => named.has("all") || named.has(name));
}

function Commands({ role, onDeleted }: { role: Role; onDeleted: () => void }) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const [copying, setCopying] = useState(false);
  const actions = role["@bailiwick.actions"];
  return (
    <>
      <RefusableButton appearance="primary" icon={<Edit20Regular />} refusal={refusalOf(actions.edit)} onClick={() => void navigate(`/permissions/roles/${role.workload}/${encodeURIComponent(role.id)}/edit`)}>
        Edit
      </RefusableButton>
      <RefusableButton icon={<Copy20Regular />} refusal={refusalOf(actions.copy)} onClick={() => setCopying(true)}>
        Copy
      </RefusableButton>
      <Button icon={<ArrowSwap20Regular />} onClick={() => void navigate(`/permissions/compare?left=${encodeURIComponent(`role:${role.id}`)}`)}>
        Compare
      </Button>
      <RefusableButton icon={<Delete20Regular />} refusal={refusalOf(actions.delete)} onClick={() => setDeleting(true)}>
        Delete
      </RefusableButton>
      <ViewAs of={{ role: role.id }} />
      {copying && <CopyRole role={role} onClose={() => setCopying(false)} />}
      {deleting && <ConfirmDelete role={role} onCancel={() => setDeleting(false)} onDeleted={onDeleted} />}
    </>
  );
}

function Members({ role }: { role: Role }) {
  const styles = useStyles();
  if (role.members.length === 0) return null;
  const rest = role.memberCount - role.members.length;
  return (
    <Section title={`${count(role.memberCount, "person", "people")} now`}>
      <ul className={styles.list}>
        {role.members.map((member) => (
          <li key={member.user}>
            <Link href={`/access?person=${encodeURIComponent(member.user)}`}>{member.displayName || member.user}</Link>
            {member.groups.length > 0 && <Text className={styles.quiet}>{` by ${list(member.groups)}`}</Text>}
          </li>
        ))}
        {rest > 0 && <li>{`and ${rest.toLocaleString()} more`}</li>}
      </ul>
    </Section>
  );
}

function Permissions({ role }: { role: Role }) {
  const styles = useStyles();
  const fixed = role.kind === "default" || role.kind === "built-in";
  return (
    <Section title={fixed ? "Permissions (fixed by the product)" : "Permissions"}>
      <ul className={styles.list}>
        {role.permissions.map((permission) => (
          <li key={permission}>{permission}</li>
        ))}
      </ul>
    </Section>
  );
}

function Assignments({ role }: { role: Role }) {
  const styles = useStyles();
  const [adding, setAdding] = useState(false);
  return (
    <Section title="Assigned to">
      {role.assignments.length === 0 && <Nothing>Nobody has this role yet</Nothing>}
      <ul className={styles.rows}>
        {role.assignments.map((assignment) => (
          <Row key={assignment.id} assignment={assignment} />
        ))}
      </ul>
      {adding ? (
        <AddAssignment role={role} onDone={() => setAdding(false)} />
      ) : (
        <div>
          <RefusableButton size="small" icon={<Add16Regular />} refusal={refusalOf(role["@bailiwick.actions"].assign)} onClick={() => setAdding(true)}>
            Add assignment
          </RefusableButton>
        </div>
      )}
      <span className={styles.quiet}>
        <Link href={`/access?view=capability&workload=${role.workload}`}>Who may do what in this product</Link>
      </span>
    </Section>
  );
}

function Row({ assignment }: { assignment: Assignment }) {
  const styles = useStyles();
  const remove = useDeleteAssignment();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const who = assignment.group ?? assignment.user ?? "";
  function removeIt() {
    remove.mutate({ id: assignment.id, etag: assignment.etag }, { onSuccess: () => toast("success", `${who} no longer has this role`) });
  }
  return (
    <li className={styles.row}>
      <div className={styles.who}>
        <Text>{assignment.group ? who : <Link href={`/access?person=${encodeURIComponent(who)}`}>{who}</Link>}</Text>
        <Text size={200} className={styles.quiet}>{extentOf(assignment)}</Text>
        {assignment.moot && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>Its scope narrows nothing: whoever has it reaches the same devices without it, by other grants or by what the device groups let in.</MessageBarBody>
          </MessageBar>
        )}
      </div>
      <RefusableButton size="small" appearance="subtle" icon={<Delete16Regular />} aria-label={`Remove ${who}`} refusal={refusalOf(assignment["@bailiwick.actions"].delete)} onClick={() => setAsking(true)} />
      {asking && (
        <ConfirmChange
          title={`Take the role back from ${who}?`}
          changes={[{ deleteAssignment: assignment.id }]}
          confirm="Remove"
          keep="Keep it"
          pending={remove.isPending}
          error={remove.error}
          onConfirm={removeIt}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}

function ConfirmDelete({ role, onCancel, onDeleted }: { role: Role; onCancel: () => void; onDeleted: () => void }) {
  const [opened] = useState(role);
  const remove = useDeleteRole();
  const toast = useToast();
  function removeIt() {
    remove.mutate({ id: opened.id, etag: opened.etag }, {
      onSuccess: () => {
        toast("success", `The role ${opened.name} is deleted. It can be brought back for 30 days: see Deleted roles`);
        onDeleted();
      },
    });
  }
  return (
    <ConfirmChange
      title={`Delete the role ${opened.name}?`}
      changes={[{ deleteRole: opened.id }]}
      typed={opened.name}
      confirm="Delete"
      keep="Keep it"
      pending={remove.isPending}
      error={remove.error}
      onConfirm={removeIt}
      onClose={onCancel}
    />
  );
}
