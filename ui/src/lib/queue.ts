import { allOf, anyOf, nobody, quote } from "./odata";

/** The fields the queue is narrowed by, as its address names them. */
export const alertFields = ["status", "severity", "category", "serviceSource", "detectionSource", "deviceGroup", "assignedTo", "tag", "classification"] as const;
export type AlertField = (typeof alertFields)[number];

/** Where the queue begins: what is new or being worked on, of the last week. */
export const alertsHome = "/alerts?status=new&status=inProgress&age=7d";

/** And the incidents. */
export const incidentsHome = "/incidents?status=active&status=inProgress&age=7d";

/** How far back one looks, by what the address calls it. */
export const ages: readonly (readonly [name: string, label: string, hours: number])[] = [
  ["24h", "Last 24 hours", 24],
  ["7d", "Last 7 days", 7 * 24],
  ["30d", "Last 30 days", 30 * 24],
];

const day = /^\d{4}-\d{2}-\d{2}$/;

/** ageWords says how far back an age reaches: one of ages, or two days as `2026-03-01..2026-03-31`, either left out. */
export function ageWords(age: string): string {
  const known = ages.find(([name]) => name === age);
  if (known) return known[1];
  const { from, to } = between(age);
  return from && to ? `${from} to ${to}` : from ? `Since ${from}` : to ? `Until ${to}` : "";
}

/** between reads two days of the reader's own calendar; what is none counts as left out. */
export function between(age: string): { from: string; to: string } {
  const [from = "", to = ""] = age.split("..");
  return { from: day.test(from) ? from : "", to: day.test(to) ? to : "" };
}

/** ageClause is an age as the filter language says it, at a moment. */
export function ageClause(age: string, now: Date): string {
  const hours = ages.find(([name]) => name === age)?.[2];
  if (hours) return `createdDateTime ge ${new Date(now.getTime() - hours * 3_600_000).toISOString()}`;
  const { from, to } = between(age);
  const begins = from ? new Date(`${from}T00:00`) : null;
  const ends = to ? new Date(`${to}T00:00`) : null;
  ends?.setDate(ends.getDate() + 1); // the whole of the last day
  return allOf(valid(begins) ? `createdDateTime ge ${begins.toISOString()}` : "", valid(ends) ? `createdDateTime lt ${ends.toISOString()}` : "");
}

function valid(date: Date | null): date is Date {
  return date !== null && !Number.isNaN(date.getTime());
}

/** The fields the incidents are narrowed by. */
export const incidentFields = ["status", "severity", "workload", "category", "detectionSource", "deviceGroup", "assignedTo", "tag", "classification"] as const;
export type IncidentField = (typeof incidentFields)[number];

const anyIn = (list: string, values: readonly string[]) => (values.length > 0 ? `${list}/any(x:${values.map((value) => `x eq ${value === nobody ? "null" : quote(value)}`).join(" or ")})` : "");

/** incidentFilter is what an address narrows the incidents to, in the filter language. */
export function incidentFilter(filters: Readonly<Record<string, readonly string[]>>, now: Date): string {
  const lists: Partial<Record<IncidentField, string>> = { workload: "workloads", category: "categories", detectionSource: "detectionSources", deviceGroup: "deviceGroups", tag: "customTags" };
  const clauses = incidentFields.map((field) => {
    const list = lists[field];
    return list ? anyIn(list, filters[field] ?? []) : anyOf(field, filters[field] ?? []);
  });
  return allOf(...clauses, anyIn("entities", filters["entity"] ?? []), ageClause(filters["age"]?.[0] ?? "", now));
}

/** alertFilter is what an address narrows the queue to, in the filter language. */
export function alertFilter(filters: Readonly<Record<string, readonly string[]>>, now: Date): string {
  const lists: Partial<Record<AlertField, string>> = { deviceGroup: "deviceGroups", tag: "systemTags" };
  const clauses = alertFields.map((field) => {
    const values = filters[field] ?? [];
    const list = lists[field];
    return list ? anyIn(list, values) : anyOf(field, values);
  });
  return allOf(...clauses, anyIn("entities", filters["entity"] ?? []), ageClause(filters["age"]?.[0] ?? "", now));
}
