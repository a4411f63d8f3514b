import { assetPath } from "./assets";

/** huntPath is the address that opens a query. It stands behind the #, which browsers keep to themselves: no log of a server has it. */
export function huntPath(query: string, timespan = ""): string {
  return `/hunting#${new URLSearchParams({ q: query, ...(timespan ? { t: timespan } : {}) }).toString()}`;
}

/** opened is what an address opens. */
export function opened(hash: string): { query: string; timespan: string } | undefined {
  const held = new URLSearchParams(hash.replace(/^#/, ""));
  const query = held.get("q");
  return query ? { query, timespan: held.get("t") ?? "" } : undefined;
}

/** literal is a text as a query has it, whatever stands in it. */
export const literal = (value: string) => JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");

const deviceTables = ["DeviceProcessEvents", "DeviceNetworkEvents", "DeviceFileEvents", "DeviceLogonEvents", "DeviceRegistryEvents", "DeviceImageLoadEvents", "DeviceEvents"];

/** Tables that the reader may not read are left out where isfuzzy says so, and the others are found all the same. */
const over = (parts: readonly string[]) => `union isfuzzy=true withsource=TableName\n${parts.map((part) => `    (${part})`).join(",\n")}\n| sort by Timestamp desc\n| take 1000`;

export type HuntedKind = "device" | "user" | "mailbox" | "app";

/** huntFor is the query for what happened around a thing. */
export function huntFor(kind: HuntedKind, key: string): string {
  switch (kind) {
    case "device":
      return `let device = ${literal(key)};\n${over(deviceTables.map((table) => `${table} | where DeviceId =~ device`))}`;
    case "mailbox":
      return `let address = ${literal(key)};\n${over(["EmailEvents | where RecipientEmailAddress =~ address or SenderFromAddress =~ address", "EmailPostDeliveryEvents | where RecipientEmailAddress =~ address", "UrlClickEvents | where AccountUpn =~ address"])}`;
    case "app":
      return `let app = ${literal(key)};\n${over(["CloudAppEvents | where tostring(ApplicationId) == app or Application =~ app"])}`;
    case "user":
      return `let account = ${literal(key)};\n${over([
        "IdentityLogonEvents | where AccountUpn =~ account", "IdentityQueryEvents | where AccountUpn =~ account", "IdentityDirectoryEvents | where AccountUpn =~ account or TargetAccountUpn =~ account",
        "CloudAppEvents | where AccountId =~ account or AccountDisplayName =~ account", "EmailEvents | where RecipientEmailAddress =~ account or SenderFromAddress =~ account", "DeviceLogonEvents | where AccountName =~ tostring(split(account, '@')[0])",
      ])}`;
  }
}

/** huntForAlerts is the query for the evidence of alerts, and what their devices did around it. */
export function huntForAlerts(ids: readonly string[]): string {
  return `let alerts = dynamic([${ids.slice(0, 200).map(literal).join(", ")}]);\nAlertEvidence\n| where AlertId in (alerts)\n| sort by Timestamp desc`;
}

const pages: Readonly<Record<string, HuntedKind>> = { DeviceId: "device", AccountUpn: "user", TargetAccountUpn: "user", RecipientEmailAddress: "mailbox" };

/** entityOf is the address of the page of what a value names, if it is of a column that names things with pages. */
export function entityOf(column: string, value: string): string | undefined {
  const kind = pages[column];
  return kind ? assetPath(kind, kind === "device" ? value : value.toLowerCase()) : undefined;
}
