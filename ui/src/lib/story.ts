import type { Alert } from "../api/graph";
import { parse } from "./dates";
import { families, tell, type Entity, type Family } from "./evidence";

/** Thing is an entity with the alerts that name it. */
export interface Thing extends Entity {
  /** Places in the story's alerts. */
  alerts: number[];
}

/** Story is what alerts tell together: in the order of their first activity, and tied by what they share. */
export interface Story {
  alerts: Alert[];
  /** Those that most alerts share first. */
  things: Thing[];
}

/** began is when what an alert tells of began; when it was made, if it does not say. */
export function began(alert: Alert): Date | null {
  return parse(alert.firstActivityDateTime) ?? parse(alert.createdDateTime);
}

const worst = ["malicious", "suspicious", "unknown", "noThreatsFound"];
const rank = (thing: Entity) => (worst.indexOf(thing.evidence.verdict ?? "unknown") + 5) % 5;

/** storyOf puts the alerts in order and finds what ties them. The same alerts tell the same story, in whatever order they come. */
export function storyOf(alerts: readonly Alert[]): Story {
  const ordered = [...alerts].sort((a, b) => (began(a)?.getTime() ?? 0) - (began(b)?.getTime() ?? 0) || (a.id < b.id ? -1 : 1));
  const found = new Map<string, Thing>();
  ordered.forEach((alert, at) => {
    for (const entity of (alert.evidence ?? []).map(tell)) {
      const before = found.get(entity.key);
      if (!before) found.set(entity.key, { ...entity, alerts: [at] });
      else {
        if (!before.alerts.includes(at)) before.alerts.push(at);
        if (rank(entity) < rank(before)) found.set(entity.key, { ...before, evidence: entity.evidence });
      }
    }
  });
  const family = (thing: Thing) => families.findIndex(([name]) => name === thing.family);
  const things = [...found.values()].sort((a, b) => b.alerts.length - a.alerts.length || family(a) - family(b) || (a.name < b.name ? -1 : 1));
  return { alerts: ordered, things };
}

/** What an organisation has, and an attack is on; all else is evidence of it. */
export const assetFamilies: readonly Family[] = ["devices", "users", "mailboxes", "apps", "cloud"];
