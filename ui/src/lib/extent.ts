import type { Schema } from "../api/client";
import { parse, show } from "./dates";
import { count, list, workloadLabel } from "./words";

/** sourceWords says for which data an assignment is. */
export function sourceWords(sources: readonly string[]): string {
  return sources.includes("all") ? "all data sources, future ones included" : list(sources.map(workloadLabel));
}

/** extentOf says whom, for what, where and when an assignment covers. */
export function extentOf(a: Schema["Assignment"]): string {
  const from = parse(a.notBefore);
  const until = parse(a.notAfter);
  const where = a.set
    ? [`For ${sourceWords(a.dataSources ?? [])}`, a.scope ? `in Endpoint only on ${list(a.scope.deviceGroups ?? []) || "no device group"}` : ""]
    : [a.group ? `Group of ${count(a.memberCount ?? 0, "person", "people")}` : "Person", a.everywhere ? "everywhere" : a.deviceGroups ? `on ${list(a.deviceGroups) || "no device group now"}` : ""];
  return [...where, a.state === "active" ? "" : a.state, from ? `from ${show(from)}` : "", until ? `until ${show(until)}` : ""].filter(Boolean).join(", ");
}
