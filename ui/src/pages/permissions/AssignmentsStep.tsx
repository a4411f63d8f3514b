import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Add16Regular, ArrowUndo16Regular, Delete16Regular, Edit16Regular } from "@fluentui/react-icons";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { refusalOf } from "../../api/errors";
import type { Role } from "../../api/permissions";
import { unifiedAssignment } from "../../api/unified";
import { AssignmentForm } from "../../components/AssignmentForm";
import { Card, Section } from "../../components/layout";
import { RefusableButton } from "../../components/RefusableButton";
import { useToast } from "../../components/toaster";
import { UnifiedAssignmentForm } from "../../components/UnifiedAssignmentForm";
import { said } from "../../api/errors";
import { assignmentDraft, emptyAssignment, heldOf, type Held, type RoleDraft } from "../../lib/draft";
import { extentOf } from "../../lib/extent";
import { emptyUnified, unifiedDraft } from "../../lib/unified";
import { list } from "../../lib/words";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, maxWidth: "720px" },
  rows: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  row: { display: "flex", justifyContent: "space-between", alignItems: "center", gap: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalS, borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  who: { display: "flex", flexDirection: "column", minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
  gone: { textDecorationLine: "line-through" },
  commands: { display: "flex", gap: tokens.spacingHorizontalS },
});

interface Props {
  draft: RoleDraft;
  role: Role | undefined;
  set: (change: Partial<RoleDraft>) => void;
}

/** AssignmentsStep says who has the role: who keeps it, who gets it, from whom it is taken back. */
export function AssignmentsStep({ draft, role, set }: Props) {
  const styles = useStyles();
  const spans = draft.workload === "unified";
  const held = heldOf(role?.assignments ?? []);
  const added = spans ? draft.unified.length : draft.assignments.length;
  const putOne = replacing(draft.assignments, (assignments) => set({ assignments }));
  const putSet = replacing(draft.unified, (unified) => set({ unified }));
  return (
    <div className={styles.form}>
      {held.length > 0 && (
        <Section title="Who has it" level="h2">
          <ul className={styles.rows}>
            {held.map((one) => (
              <Row key={one.id} held={one} draft={draft} set={set} />
            ))}
          </ul>
        </Section>
      )}
      {held.length + added === 0 && <Text>Nobody has the role yet. You can assign it now or later.</Text>}
      {spans
        ? draft.unified.map((assignment, i) => (
            <New key={i} onRemove={() => putSet(i, null)}>
              <UnifiedAssignmentForm value={assignment} onChange={(value) => putSet(i, value)} />
            </New>
          ))
        : draft.assignments.map((assignment, i) => (
            <New key={i} onRemove={() => putOne(i, null)}>
              <AssignmentForm workload={draft.workload} value={assignment} onChange={(value) => putOne(i, value)} />
            </New>
          ))}
      <div>
        <Button icon={<Add16Regular />} onClick={() => set(spans ? { unified: [...draft.unified, emptyUnified] } : { assignments: [...draft.assignments, emptyAssignment] })}>
          Add assignment
        </Button>
      </div>
    </div>
  );
}

/** replacing puts another in the place of one of a list, or nothing. */
function replacing<T>(items: readonly T[], set: (items: T[]) => void) {
  return (at: number, value: T | null) => set(items.flatMap((item, i) => (i !== at ? [item] : value ? [value] : [])));
}

function New({ onRemove, children }: { onRemove: () => void; children: ReactNode }) {
  return (
    <Card>
      {children}
      <Button appearance="subtle" icon={<Delete16Regular />} onClick={onRemove}>
        Remove this assignment
      </Button>
    </Card>
  );
}

function Row({ held, draft, set }: { held: Held; draft: RoleDraft; set: Props["set"] }) {
  const styles = useStyles();
  const queries = useQueryClient();
  const toast = useToast();
  const first = held.members[0];
  if (!first) return null;
  const name = first.name || list(held.members.map((a) => a.group ?? a.user ?? ""));
  const gone = draft.unassign.includes(held.id);
  const refusal = refusalOf(first["@bailiwick.actions"].delete);
  const unassign = [...draft.unassign, held.id];
  /** A change takes it back and gives it anew, in one step. */
  async function change() {
    if (!first) return;
    if (draft.workload !== "unified") return set({ unassign, assignments: [...draft.assignments, assignmentDraft(first)] });
    try {
      set({ unassign, unified: [...draft.unified, unifiedDraft(await queries.fetchQuery(unifiedAssignment(held.id)))] });
    } catch (failure) {
      toast("error", said(failure as Error));
    }
  }
  return (
    <li className={styles.row}>
      <div className={styles.who}>
        <Text className={gone ? styles.gone : undefined}>{name}</Text>
        <Text size={200} className={styles.quiet}>{gone ? "Taken back when you save" : extentOf(first)}</Text>
      </div>
      {gone ? (
        <Button size="small" appearance="subtle" icon={<ArrowUndo16Regular />} aria-label={`Keep ${name}`} onClick={() => set({ unassign: draft.unassign.filter((id) => id !== held.id) })}>
          Keep
        </Button>
      ) : (
        <div className={styles.commands}>
          <RefusableButton size="small" appearance="subtle" icon={<Edit16Regular />} aria-label={`Change ${name}`} refusal={refusal} onClick={() => void change()} />
          <RefusableButton size="small" appearance="subtle" icon={<Delete16Regular />} aria-label={`Remove ${name}`} refusal={refusal} onClick={() => set({ unassign })} />
        </div>
      )}
    </li>
  );
}
