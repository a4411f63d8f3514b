import type { Schema } from "../api/client";
import { toInput } from "./dates";

type Permission = Schema["Permission"];
type Sources = Schema["DataSources"];

/** UnifiedDraft is an assignment of a unified role as a form holds it. */
export interface UnifiedDraft {
  name: string;
  description: string;
  groups: string[];
  users: string[];
  /** null: all, future ones included. */
  sources: string[] | null;
  /** null: wherever the device groups' access reaches; a list: only these (S6). */
  deviceGroups: string[] | null;
  /** Local times, as a date field gives them; empty for none. */
  notBefore: string;
  notAfter: string;
}

export const emptyUnified: UnifiedDraft = { name: "", description: "", groups: [], users: [], sources: [], deviceGroups: null, notBefore: "", notAfter: "" };

const reaches = (draft: UnifiedDraft, workload: string) => draft.sources === null || draft.sources.includes(workload);

/** reachesDevices tells whether a narrowing to device groups has anything to narrow. */
export const reachesDevices = (draft: UnifiedDraft) => reaches(draft, "endpoint");

/** unifiedProblem says what an assignment still lacks; empty when it is complete. */
export function unifiedProblem(draft: UnifiedDraft): string {
  if (draft.groups.length + draft.users.length === 0) return "Choose who has the role: groups, or people.";
  if (draft.sources?.length === 0) return "Choose at least one data source.";
  if (reachesDevices(draft) && draft.deviceGroups?.length === 0) return "Choose at least one device group: an empty scope reaches no device.";
  if (draft.notBefore && draft.notAfter && draft.notBefore >= draft.notAfter) return "It would end before it begins.";
  return "";
}

/** unifiedSpec is the draft as the API takes it: times in UTC, what is empty left out. */
export function unifiedSpec(draft: UnifiedDraft) {
  return {
    ...(draft.name.trim() ? { name: draft.name.trim() } : {}),
    ...(draft.description.trim() ? { description: draft.description.trim() } : {}),
    groups: draft.groups,
    users: draft.users,
    dataSources: (draft.sources ?? ["all"]) as Sources,
    ...(draft.deviceGroups !== null && reachesDevices(draft) ? { scope: { deviceGroups: draft.deviceGroups } } : {}),
    ...(draft.notBefore ? { notBefore: fromInput(draft.notBefore) } : {}),
    ...(draft.notAfter ? { notAfter: fromInput(draft.notAfter) } : {}),
  };
}

const fromInput = (local: string) => new Date(local).toISOString();

/** unifiedDraft is an assignment as a form holds it. */
export function unifiedDraft(of: Schema["UnifiedAssignment"]): UnifiedDraft {
  return {
    name: of.name,
    description: of.description ?? "",
    groups: [...of.groups],
    users: [...of.users],
    sources: of.dataSources.includes("all") ? null : [...of.dataSources],
    deviceGroups: of.scope ? [...(of.scope.deviceGroups ?? [])] : null,
    notBefore: toInput(of.notBefore),
    notAfter: toInput(of.notAfter),
  };
}

/** How much of a category a role has. */
export type Level = "none" | "read" | "manage" | "custom";

/** Category is a category of the catalogue: what stands for all of it, and its permissions by group. */
export interface Category {
  name: string;
  read: string;
  manage: string;
  groups: { name: string; permissions: Permission[] }[];
}

/** categoriesOf sorts the catalogue as the wizard shows it. */
export function categoriesOf(catalogue: readonly Permission[]): Category[] {
  const found = new Map<string, Category>();
  for (const permission of catalogue) {
    const name = permission.category ?? "";
    const category = found.get(name) ?? { name, read: "", manage: "", groups: [] };
    found.set(name, category);
    if (permission.all && !permission.group) category[permission.manage ? "manage" : "read"] = permission.name;
    const title = permission.all ? "" : (permission.group ?? "");
    if (!title) continue;
    const group = category.groups.find((g) => g.name === title);
    if (group) group.permissions.push(permission);
    else category.groups.push({ name: title, permissions: [permission] });
  }
  return [...found.values()];
}

const within = (category: Category) => new Set([category.read, category.manage, ...category.groups.flatMap((g) => g.permissions.map((p) => p.name))]);

/** levelOf is how much of a category is chosen; one may have all of it to read and some of it to manage, which is custom. */
export function levelOf(category: Category, chosen: readonly string[]): Level {
  const of = within(category);
  const here = chosen.filter((name) => of.has(name));
  if (here.length === 0) return "none";
  if (here.length === 1 && here[0] === category.manage) return "manage";
  if (here.length === 1 && here[0] === category.read) return "read";
  return "custom";
}

/** withLevel changes how much of a category is chosen, and leaves the others. */
export function withLevel(category: Category, level: Level, chosen: readonly string[]): string[] {
  const of = within(category);
  const others = chosen.filter((name) => !of.has(name));
  switch (level) {
    case "read":
      return [...others, category.read];
    case "manage":
      return [...others, category.manage];
    case "custom":
      return chosen.filter((name) => name !== category.manage);
    case "none":
      return others;
  }
}
