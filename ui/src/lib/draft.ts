import type { Workload } from "../api/client";
import type { UnifiedDraft } from "./unified";

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
