import type { Schema } from "../api/client";

type Permission = Schema["Permission"];

/** How much of a product's permissions a role has. */
export const levels = [
  ["none", "None"],
  ["read", "All that only look"],
  ["manage", "All"],
  ["custom", "Those that are ticked"],
] as const;

/** offered are the permissions that this reader can give. */
const offered = (catalogue: readonly Permission[]) => catalogue.filter((p) => !p.reserved && p.grantable?.allowed !== false);

function ofLevel(catalogue: readonly Permission[], level: string): string[] {
  return offered(catalogue)
    .filter((p) => level === "manage" || (level === "read" && !p.manage))
    .map((p) => p.name);
}

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((name) => b.includes(name));

/** levelOf is how much is chosen. */
export function levelOf(catalogue: readonly Permission[], chosen: readonly string[]): string {
  return ["none", "manage", "read"].find((level) => same(chosen, ofLevel(catalogue, level))) ?? "custom";
}

/** withLevel is what a level stands for; custom begins with what is there. */
export function withLevel(catalogue: readonly Permission[], level: string, chosen: readonly string[]): string[] {
  return level === "custom" ? [...chosen] : ofLevel(catalogue, level);
}
