import { sentence } from "./words";

/** The values an alert or an incident can be given, in the formats' spelling. */
export const alertStatuses = ["new", "inProgress", "resolved"];
export const incidentStatuses = ["active", "inProgress", "awaitingAction", "resolved"];
export const severities = ["high", "medium", "low", "informational"];
export const classifications = ["truePositive", "informationalExpectedActivity", "falsePositive"];

const byClassification: Record<string, string[]> = {
  truePositive: ["multiStagedAttack", "maliciousUserActivity", "compromisedAccount", "malware", "phishing", "unwantedSoftware", "other"],
  informationalExpectedActivity: ["securityTesting", "lineOfBusinessApplication", "confirmedActivity", "other"],
  falsePositive: ["notMalicious", "notEnoughDataToValidate", "other"],
};

/** determinations are those that go with a classification; without one there is nothing to determine. */
export function determinations(classification: string): string[] {
  return byClassification[classification] ?? [];
}

export interface Triage {
  status: string;
  assignedTo: string;
  classification: string;
  determination: string;
}

interface Managed {
  status?: string | null;
  assignedTo?: string | null;
  classification?: string | null;
  determination?: string | null;
}

/** triageOf is the state of a thing as a form holds it: what is not set is an empty text. */
export function triageOf(thing: Managed): Triage {
  const known = (value: string | null | undefined) => (!value || value === "unknown" ? "" : value);
  return {
    status: known(thing.status),
    assignedTo: thing.assignedTo ?? "",
    classification: known(thing.classification),
    determination: known(thing.determination),
  };
}

/** changed is what differs, so that two people who edit different fields do not undo each other. */
export function changed(before: Triage, after: Triage): Partial<Record<keyof Triage, string | null>> {
  const change: Partial<Record<keyof Triage, string | null>> = {};
  for (const field of ["status", "assignedTo", "classification", "determination"] as const) {
    const value = after[field].trim();
    if (value === before[field]) continue;
    change[field] = value === "" ? (field === "assignedTo" ? null : "unknown") : value;
  }
  return change;
}

/** options turns values into what a select shows. */
export function options(values: readonly string[]): { value: string; label: string }[] {
  return values.map((value) => ({ value, label: sentence(value) }));
}

/** tagsOf are the tags of a line as somebody types them, each once. */
export function tagsOf(line: string): string[] {
  return [...new Set(line.split(",").map((tag) => tag.trim()).filter(Boolean))];
}
