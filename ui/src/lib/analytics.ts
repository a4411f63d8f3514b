import { count, list, workloadLabel } from "./words";

/** AccessWords is what the server says of a part of a report: of which products it is, and what is missing. */
export interface AccessWords {
  allowed: boolean;
  workloads: readonly string[];
  someDevices?: boolean | undefined;
  lacks?: readonly { workload: string; capability: string; needs: string }[] | undefined;
}

/** extentWords says of what the numbers of a part are; nothing, if they are of everything. */
export function extentWords(access: AccessWords): string {
  const lacks = access.lacks ?? [];
  if (!access.allowed || (lacks.length === 0 && !access.someDevices)) return "";
  const of = access.workloads.map((workload) => (workload === "endpoint" && access.someDevices ? `${workloadLabel(workload)} on the device groups that you reach` : workloadLabel(workload)));
  const rest = lacks.map(({ workload }) => workloadLabel(workload));
  return `Of ${list(of)}.${rest.length > 0 ? ` ${list(rest)} ${rest.length === 1 ? "is" : "are"} not part of your access.` : ""}`;
}

const levels: Record<string, string> = { notMeasured: "Not measured", noData: "No data", none: "None", low: "Low", medium: "Medium", high: "High" };

/** levelWords is how exposed the organisation is. */
export function levelWords(level: string | undefined): string {
  return levels[level ?? ""] ?? "Unknown";
}

/** levelMeans says why an exposure has no number. */
export function levelMeans(level: string | undefined): string {
  switch (level) {
    case "notMeasured":
      return "The report names no mitigation that can be measured.";
    case "noData":
      return "Nothing is known of any device.";
    default:
      return "";
  }
}

/** missingOn says on how many devices a mitigation is missing. */
export function missingOn({ exposed, checked }: { exposed: number; checked: number }): string {
  return exposed === 0 ? `On all of ${count(checked, "device")}` : `Missing on ${exposed.toLocaleString()} of ${count(checked, "device")}`;
}

/** safeUrl is an address that a text written by strangers may lead to; anything but the web leads nowhere. */
export function safeUrl(url: string): string {
  try {
    const { protocol, href, username, password } = new URL(url);
    return (protocol === "https:" || protocol === "http:") && username === "" && password === "" ? href : "";
  } catch {
    return ""; // relative: a report is no page of the portal
  }
}

/** headingShift is by how many levels a text's headings go down, so that its highest stands below the page's own. */
export function headingShift(text: string): number {
  let fence = "";
  let highest = 7;
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && fence === "") fence = mark;
    else if (mark && mark.startsWith(fence)) fence = "";
    const heading = fence === "" ? /^ {0,3}(#{1,6})(?:\s|$)/.exec(line)?.[1] : undefined;
    if (heading) highest = Math.min(highest, heading.length);
  }
  return highest > 6 ? 0 : 2 - highest;
}

/** technique is where ATT&CK describes a technique. */
export const techniquePage = (id: string) => `https://attack.mitre.org/techniques/${id.replace(".", "/")}/`;
