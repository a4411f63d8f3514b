import type { Schema, Workload } from "../api/client";
import { toInput } from "./dates";
import { unifiedProblem, unifiedSpec, type UnifiedDraft } from "./unified";

type Assignment = Schema["Assignment"];

/** AssignmentDraft is an assignment as a form holds it. */
export interface AssignmentDraft {
  kind: "group" | "user";
  principal: string;
  /** null: wherever the principal's access reaches; a list: only these (S6). */
  deviceGroups: string[] | null;
  /** Local times, as a date field gives them; empty for none. */
  notBefore: string;
  notAfter: string;
}

export const emptyAssignment: AssignmentDraft = { kind: "group", principal: "", deviceGroups: null, notBefore: "", notAfter: "" };

/** RoleDraft is a role as the wizard holds it. */
export interface RoleDraft {
  workload: Workload;
  name: string;
  description: string;
  permissions: string[];
  assignments: AssignmentDraft[];
  /** Of a role over several products, instead. */
  unified: UnifiedDraft[];
  /** Of a role that is there: which of its assignments are taken back; of a unified role, which sets. */
  unassign: string[];
}

export const emptyRole: RoleDraft = { workload: "endpoint", name: "", description: "", permissions: [], assignments: [], unified: [], unassign: [] };

/** assigned is what of a draft's new assignments is complete, as the API takes it. */
export const assigned = (draft: RoleDraft) =>
  draft.workload === "unified" ? draft.unified.filter((a) => unifiedProblem(a) === "").map(unifiedSpec) : draft.assignments.filter((a) => problemOf(a) === "").map(assignmentSpec);

/** problemsOf says what a role still lacks. */
export function problemsOf(draft: RoleDraft): string[] {
  return [
    draft.name.trim() === "" ? "The role needs a name." : "",
    draft.permissions.length === 0 ? "Choose at least one permission." : "",
    ...(draft.workload === "unified" ? draft.unified.map(unifiedProblem) : draft.assignments.map(problemOf)),
  ].filter(Boolean);
}

/** assignmentDraft is an assignment as a form holds it. */
export function assignmentDraft(of: Assignment): AssignmentDraft {
  return {
    kind: of.group ? "group" : "user",
    principal: of.group ?? of.user ?? "",
    deviceGroups: of.scope ? [...(of.scope.deviceGroups ?? [])] : null,
    notBefore: toInput(of.notBefore),
    notAfter: toInput(of.notAfter),
  };
}

/** Held is what a role's holders have together: one assignment, or a set of a unified role. */
export interface Held {
  id: string;
  members: Assignment[];
}

/** heldOf sorts a role's assignments into what is changed together. */
export function heldOf(assignments: readonly Assignment[]): Held[] {
  const sets = new Map<string, Assignment[]>();
  for (const a of assignments) sets.set(a.set ?? a.id, [...(sets.get(a.set ?? a.id) ?? []), a]);
  return [...sets].map(([id, members]) => ({ id, members }));
}

/** problemOf says what an assignment still lacks; empty when it is complete. */
export function problemOf(draft: AssignmentDraft): string {
  if (draft.principal === "") return draft.kind === "group" ? "Choose a group." : "Choose a person.";
  if (draft.deviceGroups?.length === 0) return "Choose at least one device group: an empty scope reaches nothing.";
  if (draft.notBefore && draft.notAfter && draft.notBefore >= draft.notAfter) return "It would end before it begins.";
  return "";
}

/** assignmentBody is the draft as the API takes it: times in UTC, what is empty left out. */
export function assignmentBody(draft: AssignmentDraft) {
  return { ...(draft.kind === "group" ? { group: draft.principal } : { user: draft.principal }), ...extent(draft) };
}

/** assignmentSpec is the draft as part of a new role, which takes lists of principals as the policy file does. */
export function assignmentSpec(draft: AssignmentDraft) {
  return { ...(draft.kind === "group" ? { groups: [draft.principal] } : { users: [draft.principal] }), ...extent(draft) };
}

function extent(draft: AssignmentDraft) {
  return {
    ...(draft.deviceGroups === null ? {} : { scope: { deviceGroups: draft.deviceGroups } }),
    ...(draft.notBefore ? { notBefore: new Date(draft.notBefore).toISOString() } : {}),
    ...(draft.notAfter ? { notAfter: new Date(draft.notAfter).toISOString() } : {}),
  };
}

/** takenBack is what of a draft is still to be taken back: somebody else may have done it meanwhile. */
export const takenBack = (draft: RoleDraft, assignments: readonly Assignment[] = []) => draft.unassign.filter((id) => heldOf(assignments).some((held) => held.id === id));
