import type { ActionFilter, ActionTarget, ActionType } from "../api/actions";

/** The fields that the Action centre is narrowed by, as its address names them. */
export const actionFields = ["status", "type", "source", "workload", "deviceGroup"] as const;
export type ActionField = (typeof actionFields)[number];

/** How far back one looks: what the address calls it, what people call it, and days. */
export const actionAges: readonly (readonly [name: string, label: string, days: number])[] = [
  ["1d", "Last day", 1],
  ["7d", "Last week", 7],
  ["30d", "Last 30 days", 30],
  ["180d", "Last 6 months", 180],
];

const sources: Record<string, string> = {
  manualDeviceAction: "Manual device action",
  manualEmailAction: "Manual email action",
  manualUserAction: "Manual user action",
  automatedDeviceAction: "Automated device action",
  automatedEmailAction: "Automated email action",
  advancedHuntingAction: "Advanced hunting action",
  explorerAction: "Explorer action",
  liveResponseAction: "Live response action",
  manualLiveResponseAction: "Manual live response action",
  customDetectionAction: "Custom detection action",
};

export function sourceLabel(source: string): string {
  return sources[source] ?? source;
}

/** actionFilter is what an address narrows the list to, at a moment. */
export function actionFilter(tab: "pending" | "history", search: URLSearchParams, now: number): ActionFilter {
  const many = (name: string) => search.getAll(name).filter(Boolean);
  const days = actionAges.find(([name]) => name === search.get("age"))?.[2];
  const [status, type, source] = [many("status"), many("type"), many("source")];
  const workload = search.get("workload");
  const text = search.get("q");
  return {
    tab,
    ...(status.length > 0 ? { status } : {}),
    ...(type.length > 0 ? { type } : {}),
    ...(source.length > 0 ? { source } : {}),
    ...(workload === "endpoint" || workload === "office365" || workload === "cloudapps" || workload === "identity" ? { workload } : {}),
    ...(search.get("deviceGroup") ? { deviceGroup: search.get("deviceGroup") ?? "" } : {}),
    ...(days ? { since: new Date(now - days * 86_400_000).toISOString() } : {}),
    ...(text ? { search: text } : {}),
  };
}

/** What a type of action asks for, as fields of a form: what the contract calls it, what people do, and whether it must be there. */
export interface TargetField {
  name: Exclude<keyof ActionTarget, "processId"> | "processId";
  label: string;
  hint?: string;
  required: boolean;
}

const needs: Record<ActionType["needs"][number], readonly TargetField[]> = {
  device: [{ name: "deviceId", label: "Device id", required: true }],
  file: [
    { name: "sha1", label: "SHA-1 of the file", hint: "40 hexadecimal digits; or give the SHA-256", required: false },
    { name: "sha256", label: "SHA-256 of the file", required: false },
    { name: "fileName", label: "File name", required: false },
  ],
  process: [
    { name: "processId", label: "Process id", required: true },
    { name: "fileName", label: "Image file name", required: false },
  ],
  indicator: [{ name: "indicator", label: "Indicator", hint: "A file hash, an IP address, a domain or a URL", required: true }],
  message: [
    { name: "networkMessageId", label: "Network message id", required: true },
    { name: "recipient", label: "Recipient", required: true },
  ],
  sender: [{ name: "sender", label: "Sender", required: true }],
  mailbox: [{ name: "mailbox", label: "Mailbox", required: true }],
  user: [{ name: "user", label: "User principal name or SID", required: true }],
};

export function targetFields(type: Pick<ActionType, "needs">): TargetField[] {
  return type.needs.flatMap((need) => needs[need]);
}

/** targetOf is what was filled in, as the contract takes it. */
export function targetOf(fields: readonly TargetField[], filled: Readonly<Record<string, string>>): ActionTarget {
  const target: Record<string, string | number> = {};
  for (const { name } of fields) {
    const text = (filled[name] ?? "").trim();
    if (text) target[name] = name === "processId" ? Number(text) : text;
  }
  return target;
}

/** missing tells which required field is empty, or what is no number. */
export function missing(fields: readonly TargetField[], filled: Readonly<Record<string, string>>): TargetField | undefined {
  return fields.find(({ name, required }) => {
    const text = (filled[name] ?? "").trim();
    return (required && text === "") || (name === "processId" && text !== "" && !/^\d+$/.test(text));
  });
}
