import { Badge, Checkbox, Field, Input, Link, Radio, RadioGroup, Select, Text, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { Workload } from "../../api/client";
import { permissions, type Role } from "../../api/permissions";
import { Facts } from "../../components/layout";
import { Failed, Loading } from "../../components/states";
import { useTasks } from "../../components/useTasks";
import { heldOf, type RoleDraft } from "../../lib/draft";
import { sourceWords } from "../../lib/extent";
import { levelOf, levels, withLevel } from "../../lib/levels";
import { count, list, workloadLabel, workloads } from "../../lib/words";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, maxWidth: "720px" },
  permission: { display: "flex", flexDirection: "column", paddingBottom: tokens.spacingVerticalS },
  allows: { color: tokens.colorNeutralForeground3, paddingLeft: "36px" },
  label: { display: "inline-flex", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

interface StepProps {
  draft: RoleDraft;
  set: (change: Partial<RoleDraft>) => void;
}

export function BasicsStep({ draft, set, fixed }: StepProps & { fixed: boolean }) {
  const styles = useStyles();
  return (
    <div className={styles.form}>
      <Field label="Product" hint={draft.workload === "unified" ? "It opens the data of each product for which it is assigned, where unified roles are on." : "A role belongs to one product and opens that product's data only."}>
        <Select value={draft.workload} disabled={fixed} onChange={(_, data) => set({ workload: data.value as Workload, permissions: [], assignments: [], unified: [], unassign: [] })}>
          {workloads.map((w) => (
            <option key={w.name} value={w.name}>
              {w.label}
            </option>
          ))}
          <option value="unified">Several products (unified role)</option>
        </Select>
      </Field>
      <Field label="Name" required>
        <Input value={draft.name} onChange={(_, data) => set({ name: data.value })} />
      </Field>
      <Field label="Description">
        <Textarea value={draft.description} onChange={(_, data) => set({ description: data.value })} />
      </Field>
    </div>
  );
}

export function PermissionsStep({ draft, set }: StepProps) {
  const styles = useStyles();
  const task = useTasks();
  const { data, error, isPending, refetch } = useQuery(permissions(draft.workload));
  if (isPending) return <Loading what="the permissions" />;
  if (error) return <Failed error={error} what="permissions" retry={() => void refetch()} />;
  const toggle = (name: string, on: boolean) => set({ permissions: on ? [...draft.permissions, name] : draft.permissions.filter((p) => p !== name) });
  return (
    <div role="group" aria-label={`Permissions of ${workloadLabel(draft.workload)}`} className={styles.form}>
      <Field label="How much" hint="A role of one product names its permissions one by one, as the product does: one that comes later is not part of it. Unified roles have categories that later ones join.">
        <RadioGroup layout="horizontal" value={levelOf(data.items, draft.permissions)} onChange={(_, chosen) => set({ permissions: withLevel(data.items, chosen.value, draft.permissions) })}>
          {levels.map(([value, label]) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </RadioGroup>
      </Field>
      <div>
        {data.items.map((permission) => (
          <div key={permission.name} className={styles.permission}>
            <Checkbox
              checked={draft.permissions.includes(permission.name)}
              disabled={permission.reserved || (permission.grantable?.allowed === false && !draft.permissions.includes(permission.name))}
              onChange={(_, chosen) => toggle(permission.name, chosen.checked === true)}
              label={
                <span className={styles.label}>
                  {permission.name}
                  {permission.manage && <Badge appearance="tint" color="warning" shape="rounded">Changes things</Badge>}
                </span>
              }
            />
            <Text size={200} className={styles.allows}>
              {[permission.allows, permission.opens.length > 0 ? `Opens ${list(permission.opens.map(({ capability, workload }) => `${task(capability)}${workload === draft.workload ? "" : ` (${workloadLabel(workload)})`}`))}.` : "Opens nothing here.", permission.reserved ? "Only built-in roles have it." : permission.grantable?.allowed === false ? `You can't give it: ${permission.grantable.reason ?? ""}` : ""].filter(Boolean).join(" ")}
            </Text>
          </div>
        ))}
      </div>
    </div>
  );
}

/** whom says who will have it besides, as the review tells it. */
function whom(draft: RoleDraft): string[] {
  return draft.workload === "unified"
    ? draft.unified.map((a) => `${a.name || [...a.groups, ...a.users].join(", ") || "nobody"}, for ${sourceWords(a.sources ?? ["all"]) || "no data source"}`)
    : draft.assignments.map((a) => a.principal || "nobody");
}

/** taken says from whom it is taken back. */
function taken(draft: RoleDraft, role: Role | undefined): string[] {
  return heldOf(role?.assignments ?? [])
    .filter(({ id }) => draft.unassign.includes(id))
    .map(({ members }) => members[0]?.name || members.map((a) => a.group ?? a.user).join(", "));
}

export function ReviewStep({ draft, role, onGo }: { draft: RoleDraft; role: Role | undefined; onGo: (step: "basics" | "permissions" | "assignments") => void }) {
  const given = whom(draft);
  const lost = taken(draft, role);
  const who = [given.length > 0 && `${role ? "New: " : ""}${given.join("; ")}`, lost.length > 0 && `Taken back: ${lost.join("; ")}`].filter(Boolean).join(". ");
  const edit = (step: Parameters<typeof onGo>[0], what: string) => (
    <Link as="button" inline onClick={() => onGo(step)} aria-label={`Edit ${what}`}>
      Edit
    </Link>
  );
  return (
    <Facts
      items={[
        ["Product", draft.workload === "unified" ? "Several products (unified role)" : workloadLabel(draft.workload)],
        ["Name", <span key="n">{draft.name || "Not named"} {edit("basics", "the name")}</span>],
        ["Description", draft.description],
        ["Permissions", <span key="p">{draft.permissions.join("; ") || "None"} {edit("permissions", "the permissions")}</span>],
        ["Assignments", (who || role) && <span key="a">{who || `${count(role?.memberCount ?? 0, "person has", "people have")} it, as before`} {edit("assignments", "the assignments")}</span>],
      ]}
    />
  );
}
