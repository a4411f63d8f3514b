/** The kinds of things that have a page, as addresses and headings call them. */
export const assetKinds = ["device", "user", "mailbox", "app"] as const;
export type AssetKind = (typeof assetKinds)[number];

const words: Record<AssetKind, [tab: string, one: string, many: string]> = {
  device: ["devices", "Device", "Devices"],
  user: ["users", "User", "Users"],
  mailbox: ["mailboxes", "Mailbox", "Mailboxes"],
  app: ["apps", "App", "Apps"],
};

export const kindLabel = (kind: AssetKind) => words[kind][1];
export const kindsLabel = (kind: AssetKind) => words[kind][2];
export const kindTab = (kind: AssetKind) => words[kind][0];
export const kindOfTab = (tab: string | undefined): AssetKind | undefined => assetKinds.find((kind) => words[kind][0] === tab);

/** assetPath is the address of a thing's page. */
export function assetPath(kind: AssetKind, key: string): string {
  return `/entities/${kindTab(kind)}/${encodeURIComponent(key)}`;
}

/** queuePath is the queue, narrowed to what names a thing. */
export function queuePath(list: "alerts" | "incidents", kind: AssetKind, key: string): string {
  return `/${list}?${new URLSearchParams({ entity: `${kind}:${key}` })}`;
}

interface Named {
  kind: AssetKind;
  key: string;
}

/** namedIn are the things with a page that a piece of evidence names, as the server marks them. */
export function namedIn(evidence: Record<string, unknown>): Named[] {
  const marked = evidence["@bailiwick.entities"];
  if (!Array.isArray(marked)) return [];
  return marked.filter((one): one is Named => typeof one === "object" && one !== null && assetKinds.includes((one as Named).kind) && typeof (one as Named).key === "string");
}

interface Counted extends Named {
  name: string;
  alerts: number;
}

/** assetsOf are the things with a page that alerts name, by kind, those that most alerts name first. */
export function assetsOf(alerts: readonly { evidence?: readonly Record<string, unknown>[] }[]): { label: string; items: Counted[] }[] {
  const found = new Map<string, Counted>();
  for (const alert of alerts) {
    const here = new Set<string>();
    for (const evidence of alert.evidence ?? []) {
      for (const { kind, key } of namedIn(evidence)) {
        const id = `${kind} ${key}`;
        const counted = found.get(id) ?? { kind, key, name: "", alerts: 0 };
        found.set(id, counted);
        if (!here.has(id)) counted.alerts++;
        here.add(id);
        counted.name ||= nameIn(evidence, kind);
      }
    }
  }
  const order = (a: Counted, b: Counted) => b.alerts - a.alerts || (a.name || a.key).localeCompare(b.name || b.key);
  return assetKinds.map((kind) => ({ label: kindsLabel(kind), items: [...found.values()].filter((one) => one.kind === kind).sort(order) })).filter(({ items }) => items.length > 0);
}

/** nameIn is what a piece of evidence calls the thing that it describes itself. */
function nameIn(evidence: Record<string, unknown>, kind: AssetKind): string {
  const type = String(evidence["@odata.type"] ?? "");
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const account = evidence.userAccount as Record<string, unknown> | null | undefined;
  if (kind === "device" && /\.deviceEvidence$/.test(type)) return text(evidence.deviceDnsName) || text(evidence.hostName);
  if (kind === "user") return text(account?.displayName);
  if (kind === "mailbox" && /\.mailboxEvidence$/.test(type)) return text(evidence.displayName);
  if (kind === "app") return text(evidence.displayName) || text(evidence.servicePrincipalName);
  return "";
}

/** propertyLabel is what a rule of a device group looks at. */
export function propertyLabel(property: string): string {
  return { name: "Name", domain: "Domain", tag: "Tag", os: "System" }[property] ?? property;
}
