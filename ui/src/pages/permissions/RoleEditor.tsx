import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import type { Change } from "../../api/access";
import type { Workload } from "../../api/client";
import { roleById, useCreateRole, useUpdateRole, type Role } from "../../api/permissions";
import { useMe } from "../../api/session";
import { Card, PageHeader, Section } from "../../components/layout";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { ViewAs } from "../../components/viewing";
import { drop, keep, kept as saved } from "../../lib/autosave";
import { assigned, emptyRole, problemsOf, takenBack, type RoleDraft } from "../../lib/draft";
import { forget, found } from "../../lib/kept";
import { PermissionsCrumbs } from "./PermissionsCrumbs";
import { ClosestRole } from "./ClosestRole";
import { changedMeanwhile, NotSaved } from "./NotSaved";
import { Preview } from "./Preview";
import { AssignmentsStep } from "./AssignmentsStep";
import { BasicsStep, PermissionsStep, ReviewStep } from "./steps";
import { UnifiedPermissions } from "./UnifiedPermissions";
import { RefusableButton } from "../../components/RefusableButton";

const useStyles = makeStyles({
  page: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) 360px", gap: tokens.spacingHorizontalXXL, alignItems: "start", "@media (max-width: 1100px)": { gridTemplateColumns: "minmax(0, 1fr)" } },
  main: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  rail: { position: "sticky", top: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  commands: { display: "flex", gap: tokens.spacingHorizontalS, paddingTop: tokens.spacingVerticalM },
});

/** The address says whether a role is made or changed; nothing typed is lost between the steps. */
export default function RoleEditor() {
  const { id } = useParams();
  const [search] = useSearchParams();
  if (id) return <Existing key={id} id={id} />;
  return <Wizard start={{ ...emptyRole, workload: (search.get("workload") ?? "endpoint") as Workload, permissions: search.getAll("permission") }} />;
}

function Existing({ id }: { id: string }) {
  const { data: role, error, isPending, refetch } = useQuery(roleById(id));
  if (isPending) return <Loading what="the role" />;
  if (error) return <Failed page error={error} what="role" retry={() => void refetch()} />;
  return <Wizard role={role} start={{ ...emptyRole, workload: role.workload, name: role.name, description: role.description, permissions: [...role.permissions] }} />;
}

const steps = [
  ["basics", "Basics"],
  ["permissions", "Permissions"],
  ["assignments", "Assignments"],
  ["review", "Review"],
] as const;
type Step = (typeof steps)[number][0];

function Wizard({ role, start }: { role?: Role; start: RoleDraft }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const toast = useToast();
  // What was typed before the portal was viewed as the draft.
  const [kept] = useState(found<{ draft: RoleDraft; step: Step }>);
  useEffect(forget, []);
  // What was typed here before and not saved: closing the tab by mistake, or a reload, loses nothing.
  const { user } = useMe();
  const page = `${user}:${role ? `role:${role.id}` : `role:new:${start.workload}`}`; // nobody gets another's draft
  const [early, setEarly] = useState(() => (start.permissions.length > 0 && !role ? undefined : saved<{ draft: RoleDraft; base?: Role }>(page)));
  const [draft, setDraft] = useState(kept?.draft ?? early?.draft ?? start);
  // What the draft was made from: what is read again meanwhile must not pass for it.
  const [base, setBase] = useState(early?.base ?? role);
  const [told, setTold] = useState(early?.base ?? role);
  const [search, setSearch] = useSearchParams();
  const asked = steps.find(([value]) => value === search.get("step"))?.[0];
  const step: Step = asked ?? kept?.step ?? "basics";
  const setStep = (to: Step) => {
    const next = new URLSearchParams(search);
    next.set("step", to);
    setSearch(next);
  };
  const create = useCreateRole();
  const update = useUpdateRole();
  const save = role ? update : create;
  const at = steps.findIndex(([value]) => value === step);
  const next = steps[at + 1]?.[0];
  const previous = steps[at - 1]?.[0];
  const problems = problemsOf(draft);
  const spans = draft.workload === "unified";
  const title = role ? `Edit ${role.name}` : spans ? "Create unified role" : "Create custom role";
  const back = role ? `/permissions/roles/${role.workload}/${encodeURIComponent(role.id)}` : `/permissions/roles/${draft.workload}`;
  function set(change: Partial<RoleDraft>) {
    const next = { ...draft, ...change };
    setDraft(next);
    keep(page, { draft: next, ...(base ? { base } : {}) });
  }
  function discard() {
    drop(page);
    setEarly(undefined);
    setDraft(start);
    setBase(role);
    setTold(role);
  }
  const body = { workload: draft.workload, name: draft.name.trim(), description: draft.description.trim(), permissions: draft.permissions };
  const complete = assigned(draft);
  const change = { name: body.name, description: body.description, permissions: body.permissions, assign: complete, unassign: takenBack(draft, role?.assignments) };
  // A role without a name yet can be previewed all the same.
  const changes: Change[] = role ? [{ updateRole: { id: role.id, change } }] : [{ createRole: { ...body, name: body.name || "New role", assignments: complete } }];

  function submit() {
    const onSuccess = (made: Role) => {
      drop(page);
      toast("success", role ? `Saved ${made.name}` : `Created ${made.name}`);
      void navigate(`/permissions/roles/${made.workload}/${encodeURIComponent(made.id)}`);
    };
    // Whoever saves again has been told what is there by now.
    const from = changedMeanwhile(update.error) ? role : base;
    if (role) {
      setTold(from);
      setBase(from);
      update.mutate({ id: role.id, change, etag: from?.etag }, { onSuccess });
    }
    else create.mutate({ ...body, assignments: complete }, { onSuccess });
  }
  return (
    <>
      <PageHeader title={title} above={<PermissionsCrumbs here={title} between={{ label: "Roles", href: `/permissions/roles/${draft.workload}` }} />} />
      <div className={styles.page}>
        <div className={styles.main}>
          <TabList selectedValue={step} onTabSelect={(_, data) => setStep(data.value as Step)} aria-label="Steps">
            {steps.map(([value, label], i) => (
              <Tab key={value} value={value} aria-current={step === value ? "step" : undefined}>
                {`${i + 1}. ${label}`}
              </Tab>
            ))}
          </TabList>
          {early && (
            <MessageBar intent="info" layout="multiline">
              <MessageBarBody>
                <MessageBarTitle>Not saved yet</MessageBarTitle>
                What you had typed here is back.
              </MessageBarBody>
              <MessageBarActions>
                <Button size="small" onClick={discard}>Begin anew</Button>
              </MessageBarActions>
            </MessageBar>
          )}
          {step === "basics" && <BasicsStep draft={draft} set={set} fixed={role !== undefined} />}
          {step === "permissions" && (spans ? <UnifiedPermissions chosen={draft.permissions} onChange={(chosen) => set({ permissions: chosen })} /> : <PermissionsStep draft={draft} set={set} />)}
          {step === "assignments" && <AssignmentsStep draft={draft} role={role} set={set} />}
          {step === "review" && <ReviewStep draft={draft} role={role} onGo={setStep} />}
          {step === "review" && problems.length > 0 && (
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>
                <MessageBarTitle>Not complete yet</MessageBarTitle>
                {problems.join(" ")}
              </MessageBarBody>
            </MessageBar>
          )}
          {save.error && (
            <NotSaved error={save.error} before={told && changing(told)} now={role && changing(role)} />
          )}
          <div className={styles.commands}>
            {previous && <Button onClick={() => setStep(previous)}>Back</Button>}
            {next ? (
              <Button appearance="primary" onClick={() => setStep(next)}>
                Next
              </Button>
            ) : (
              <RefusableButton appearance="primary" disabledFocusable={problems.length > 0 || save.isPending} onClick={submit}>
                {role ? "Save" : "Create role"}
              </RefusableButton>
            )}
            <Button
              appearance="subtle"
              onClick={() => {
                drop(page);
                void navigate(back);
              }}
            >
              Cancel
            </Button>
            <ViewAs
              of={{ draft: { name: body.name, workload: draft.workload, permissions: draft.permissions } }}
              keep={{ draft, step }}
              refusal={draft.permissions.length === 0 ? "Choose at least one permission first." : undefined}
            />
          </div>
        </div>
        <Card className={styles.rail}>
          <Section title="What this does" level="h2">
            <Preview changes={changes} />
          </Section>
          <ClosestRole workload={draft.workload} permissions={draft.permissions} own={role?.id} />
        </Card>
      </div>
    </>
  );
}

function changing({ name, description, permissions }: Role) {
  return { name, description, permissions };
}
