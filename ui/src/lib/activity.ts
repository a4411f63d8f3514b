import type { Activity } from "../api/investigation";
import { count, sentence } from "./words";

type Bag = Record<string, unknown>;
const bag = (value: unknown): Bag => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Bag) : {});

/** activityWords says what was done, and what it changed from what to what. Of a text the log has a digest: that it changed is all there is. */
export function activityWords({ operation, before, after }: Pick<Activity, "operation" | "before" | "after">): { does: string; changes: string[] } {
  const [was, is] = [bag(before), bag(after)];
  if (operation.endsWith(".comment")) return { does: "wrote a comment", changes: [] };
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  if (operation === "incidents.merge") return { does: is.merged ? `merged ${list(is.merged).join(", ")} into it` : "merged it into another incident", changes: [] };
  if (operation === "incidents.split") return { does: is.split ? `took ${count(list(is.alerts).length, "alert")} out of it, into incident ${String(is.split)}` : `opened it for ${count(list(is.alerts).length, "alert")} of another incident`, changes: [] };
  const changes = Object.keys({ ...was, ...is }).map((name) => {
    const value = is[name];
    if (name === "alertsResolved") return `Resolved with it: ${count(Array.isArray(value) ? value.length : 0, "alert")}`;
    const [from, to] = [shown(was[name]), shown(value)];
    return digest(was[name]) || digest(value) ? `${sentence(name)} changed` : `${sentence(name)}: ${from} → ${to}`;
  });
  return { does: "made a change", changes };
}

const digest = (value: unknown) => typeof value === "string" && value.startsWith("sha256:");

function shown(value: unknown): string {
  if (value === "" || value === null || value === undefined) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.includes("@") ? text : sentence(text);
}
