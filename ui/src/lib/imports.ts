import { differences } from "./changed";

export interface Product {
  id: "directory" | "endpoint" | "office365" | "cloudapps" | "identity" | "unified";
  label: string;
  /** Which exports it takes. */
  takes: string;
}

/** products in the order in which they are best imported: roles are given to people and groups that are there. */
export const products: readonly Product[] = [
  { id: "directory", label: "Directory", takes: "Graph users, groups with members, directory roles with members, role assignments (JSON)" },
  { id: "endpoint", label: "Endpoint", takes: "Roles with permissions and groups, and device groups (JSON or CSV)" },
  { id: "office365", label: "Email & collaboration", takes: "Get-RoleGroup, Get-RoleGroupMember with the group, Get-ManagementRoleAssignment (JSON or CSV)" },
  { id: "cloudapps", label: "Cloud apps", takes: "The list of admins with their roles (JSON or CSV)" },
  { id: "identity", label: "Identity", takes: "Members of the three Azure ATP groups (JSON or CSV)" },
  { id: "unified", label: "Unified roles", takes: "Graph role definitions and assignments (JSON), or the portal's CSV" },
];

/** toBase64 carries a file byte for byte: an export may be UTF-16. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);

/** conflictLines says what differs between what is here and what an export has. */
export function conflictLines(mine: unknown, theirs: unknown): string[] {
  if (!isPlain(mine)) return ["It is not here any more."];
  if (!isPlain(theirs)) return ["It is not in the export any more."];
  return differences(mine, theirs);
}

export const actionWords: Record<string, string> = { create: "New", update: "Changes", remove: "Goes", keep: "Stays as it is here", conflict: "To decide" };
