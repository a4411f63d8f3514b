import { sentence } from "./words";

/** The areas of operations: what stands before the dot of their names. */
export const auditAreas: readonly (readonly [string, string])[] = [
  ["roles", "Roles"],
  ["assignments", "Assignments"],
  ["groups", "Groups"],
  ["users", "Users"],
  ["device-groups", "Device groups"],
  ["ceilings", "Delegation"],
  ["workloads", "Workload settings"],
  ["policy", "Policy file"],
  ["alerts", "Alerts"],
  ["incidents", "Incidents"],
  ["actions", "Action centre"],
  ["devices", "Devices"],
  ["hunting", "Hunting"],
  ["detections", "Custom detections"],
  ["feeds", "Feeds"],
  ["notifications", "Notifications"],
  ["imports", "Import"],
  ["settings", "Settings"],
  ["sessions", "Sign-in"],
  ["passwords", "Passwords"],
  ["tokens", "API tokens"],
  ["audit", "Audit"],
  ["reports", "Reports"],
];

const verbs: Record<string, string> = {
  create: "created", update: "changed", put: "saved", delete: "deleted", remove: "removed", apply: "applied", change: "changed", end: "ended", "end-all": "ended all",
  comment: "commented", load: "loaded", revoke: "revoked", set: "set", use: "used", link: "linked", activate: "activated", export: "exported", merge: "merged", split: "split", approve: "approved", decline: "declined", cancel: "cancelled", undo: "undone", request: "requested", complete: "completed", reopen: "reopened", timeOut: "timed out", begin: "begun", pause: "paused", enable: "enabled", "hand-over": "handed over", run: "run", "run-now": "run now",
  test: "tested", restore: "restored", copy: "copied", tag: "tagged", fetch: "fetched", plan: "planned",
};

const whole: Record<string, string> = {
  "sessions.create": "Signed in", "sessions.end": "Signed out", "sessions.end-all": "Signed out everywhere", "passwords.set": "Password reset", "passwords.change": "Password changed",
  "reports.roles": "Roles exported", "reports.assignments": "Assignments exported", "reports.matrix": "Matrix of people exported", "reports.role-matrix": "Matrix of roles exported",
};

/** operationWords says an operation as a person does: `roles.create` is "Roles: created". One without a word for it is said as it is. */
export function operationWords(operation: string): string {
  if (whole[operation]) return whole[operation];
  const [area = "", verb = ""] = operation.split(".", 2);
  const name = auditAreas.find(([id]) => id === area)?.[1] ?? sentence(area.replaceAll("-", " "));
  return verb ? `${name}: ${verbs[verb] ?? verb.replaceAll("-", " ")}` : name;
}

/** spans are how far back the list may be asked to go, in hours. */
export const auditSpans: readonly (readonly [string, string, number])[] = [
  ["day", "Last 24 hours", 24],
  ["week", "Last 7 days", 7 * 24],
  ["month", "Last 30 days", 30 * 24],
];
