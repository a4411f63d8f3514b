import { Button, Link, MessageBar, MessageBarBody, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Add16Regular, Delete16Regular, Edit16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { refusalOf, said } from "../../api/errors";
import type { Assignment, Role } from "../../api/permissions";
import { unifiedAssignment, useCreateUnifiedAssignment, useDeleteUnifiedAssignment, useUpdateUnifiedAssignment } from "../../api/unified";
import { Nothing } from "../../components/labels";
import { Card, Section } from "../../components/layout";
import { RefusableButton } from "../../components/RefusableButton";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { UnifiedAssignmentForm } from "../../components/UnifiedAssignmentForm";
import { extentOf } from "../../lib/extent";
import { heldOf } from "../../lib/draft";
import { emptyUnified, unifiedDraft, unifiedProblem, unifiedSpec, type UnifiedDraft } from "../../lib/unified";
import { list } from "../../lib/words";
import { ConfirmChange } from "./ConfirmChange";
import { Preview } from "./Preview";

const useStyles = makeStyles({
  rows: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  row: { display: "flex", justifyContent: "space-between", alignItems: "center", gap: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalS, borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  what: { display: "flex", flexDirection: "column", minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
  commands: { display: "flex", gap: tokens.spacingHorizontalS },
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

/** UnifiedAssignments shows who has a unified role together, and for which data; what belongs together is changed together. */
export function UnifiedAssignments({ role }: { role: Role }) {
  const styles = useStyles();
  const [open, setOpen] = useState("");
  const sets = heldOf(role.assignments);
  return (
    <Section title="Assigned to">
      {sets.length === 0 && <Nothing>Nobody has this role yet</Nothing>}
      <ul className={styles.rows}>
        {sets.map(({ id, members }) => (
          <li key={id}>{open === id ? <Change id={id} onDone={() => setOpen("")} /> : <Row id={id} members={members} onEdit={() => setOpen(id)} />}</li>
        ))}
      </ul>
      {open === "new" ? (
        <Add role={role} onDone={() => setOpen("")} />
      ) : (
        <div>
          <RefusableButton size="small" icon={<Add16Regular />} refusal={refusalOf(role["@bailiwick.actions"].assign)} onClick={() => setOpen("new")}>
            Add assignment
          </RefusableButton>
        </div>
      )}
    </Section>
  );
}

function Row({ id, members, onEdit }: { id: string; members: Assignment[]; onEdit: () => void }) {
  const styles = useStyles();
  const remove = useDeleteUnifiedAssignment();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const first = members[0];
  if (!first) return null;
  const name = first.name || list(members.map((a) => a.group ?? a.user ?? ""));
  const refusal = refusalOf(first["@bailiwick.actions"].delete);
  function removeIt() {
    remove.mutate(id, { onSuccess: () => toast("success", `Taken back: ${name}`) });
  }
  return (
    <div className={styles.row}>
      <div className={styles.what}>
        <Text weight="semibold">{name}</Text>
        <Text size={200}>
          {members.map((a, i) => (
            <span key={a.id}>
              {i > 0 && ", "}
              {a.group ? `group ${a.group}` : <Link inline href={`/access?person=${encodeURIComponent(a.user ?? "")}`}>{a.user}</Link>}
            </span>
          ))}
        </Text>
        <Text size={200} className={styles.quiet}>{extentOf(first)}</Text>
      </div>
      <div className={styles.commands}>
        <RefusableButton size="small" appearance="subtle" icon={<Edit16Regular />} aria-label={`Edit ${name}`} refusal={refusal} onClick={onEdit} />
        <RefusableButton size="small" appearance="subtle" icon={<Delete16Regular />} aria-label={`Remove ${name}`} refusal={refusal} onClick={() => setAsking(true)} />
      </div>
      {asking && (
        <ConfirmChange
          title={`Take the role back from ${name}?`}
          changes={[{ deleteUnifiedAssignment: id }]}
          confirm="Remove"
          keep="Keep it"
          pending={remove.isPending}
          error={remove.error}
          onConfirm={removeIt}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function Add({ role, onDone }: { role: Role; onDone: () => void }) {
  const [draft, setDraft] = useState(emptyUnified);
  const create = useCreateUnifiedAssignment();
  const toast = useToast();
  const body = { role: role.id, ...unifiedSpec(draft) };
  function save() {
    create.mutate(body, {
      onSuccess: () => {
        toast("success", `Assigned ${role.name}`);
        onDone();
      },
    });
  }
  return <Form draft={draft} onChange={setDraft} changes={[{ createUnifiedAssignment: body }]} error={create.error} saving={create.isPending} verb="Assign" onSave={save} onDone={onDone} />;
}

function Change({ id, onDone }: { id: string; onDone: () => void }) {
  const { data, error, isPending, refetch } = useQuery(unifiedAssignment(id));
  if (isPending) return <Loading what="the assignment" rows={3} />;
  if (error) return <Failed error={error} what="assignment" retry={() => void refetch()} />;
  return <Changing id={id} read={data.etag} start={unifiedDraft(data)} onDone={onDone} />;
}

function Changing({ id, read, start, onDone }: { id: string; read: string | undefined; start: UnifiedDraft; onDone: () => void }) {
  const [etag] = useState(read); // of what the draft was made from, whatever is read again meanwhile
  const [draft, setDraft] = useState(start);
  const update = useUpdateUnifiedAssignment();
  const toast = useToast();
  const body = { id, assignment: unifiedSpec(draft) };
  function save() {
    update.mutate({ ...body, etag }, {
      onSuccess: () => {
        toast("success", "Saved the assignment");
        onDone();
      },
    });
  }
  return <Form draft={draft} onChange={setDraft} changes={[{ updateUnifiedAssignment: body }]} error={update.error} saving={update.isPending} verb="Save" onSave={save} onDone={onDone} />;
}

interface FormProps {
  draft: UnifiedDraft;
  onChange: (draft: UnifiedDraft) => void;
  changes: Parameters<typeof Preview>[0]["changes"];
  error: Error | null;
  saving: boolean;
  verb: string;
  onSave: () => void;
  onDone: () => void;
}

function Form({ draft, onChange, changes, error, saving, verb, onSave, onDone }: FormProps) {
  const styles = useStyles();
  const problem = unifiedProblem(draft);
  return (
    <Card className={styles.form}>
      <UnifiedAssignmentForm value={draft} onChange={onChange} />
      {problem === "" ? <Preview changes={changes} /> : <Text size={200}>{problem}</Text>}
      {error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{said(error)}</MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.commands}>
        <RefusableButton appearance="primary" disabledFocusable={problem !== "" || saving} onClick={onSave}>
          {verb}
        </RefusableButton>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </Card>
  );
}
