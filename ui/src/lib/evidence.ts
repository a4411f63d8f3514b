import type { Evidence } from "../api/graph";
import { sentence } from "./words";

export type Family = "devices" | "users" | "mailboxes" | "mails" | "files" | "processes" | "apps" | "addresses" | "urls" | "registry" | "cloud" | "other";

/** Entity is one piece of evidence as an investigator would say it. */
export interface Entity {
  /** Equal for the same thing seen in two alerts. */
  key: string;
  family: Family;
  kind: string;
  name: string;
  facts: [string, string][];
  evidence: Evidence;
}

export const families: readonly [Family, string][] = [
  ["devices", "Devices"],
  ["users", "Users"],
  ["mailboxes", "Mailboxes"],
  ["mails", "Email"],
  ["files", "Files"],
  ["processes", "Processes"],
  ["registry", "Registry"],
  ["apps", "Apps"],
  ["addresses", "IP addresses"],
  ["urls", "URLs"],
  ["cloud", "Cloud resources"],
  ["other", "Other evidence"],
];

type Bag = Record<string, unknown>;
type Told = [name: unknown, facts: [string, unknown][]];

function bag(value: unknown): Bag {
  return typeof value === "object" && value !== null ? (value as Bag) : {};
}

function text(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (Array.isArray(value)) return value.map(text).filter(Boolean).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

function account(value: unknown): string {
  const user = bag(value);
  return text(user.userPrincipalName) || text(user.displayName) || [text(user.domainName), text(user.accountName)].filter(Boolean).join("\\");
}

function file(value: unknown): [string, unknown][] {
  const details = bag(value);
  return [
    ["Folder", details.filePath],
    ["Size", details.fileSize],
    ["Publisher", details.filePublisher],
    ["Signer", details.signer],
    ["SHA-256", details.sha256],
    ["SHA-1", details.sha1],
    ["MD5", details.md5],
  ];
}

function mail(e: Bag): Told {
  const sender = bag(e.p2Sender).emailAddress ?? bag(e.p1Sender).emailAddress ?? e.sender;
  return [
    e.subject || e.networkMessageId,
    [
      ["From", sender],
      ["To", e.recipientEmailAddress ?? e.recipient],
      ["Sender IP", e.senderIp],
      ["Delivered", [e.deliveryAction, e.deliveryLocation].filter(Boolean)],
      ["Threats", e.threats],
      ["Detected by", e.threatDetectionMethods],
      ["URLs", e.urls],
      ["Network message id", e.networkMessageId],
    ],
  ];
}

function place(value: unknown): string {
  const l = bag(value);
  return [text(l.city), text(l.state), text(l.countryName)].filter(Boolean).join(", ");
}

const tellers: Record<string, [Family, (e: Bag) => Told]> = {
  device: ["devices", (e) => [e.deviceDnsName || e.hostName || e.mdeDeviceId, [["Device group", e.rbacGroupName], ["System", [e.osPlatform, e.version].filter(Boolean).join(" ")], ["Risk", sentence(text(e.riskScore))], ["Health", sentence(text(e.healthStatus))], ["Antivirus", sentence(text(e.defenderAvStatus))], ["Address", e.lastIpAddress], ["External address", e.lastExternalIpAddress], ["Signed in", Array.isArray(e.loggedOnUsers) ? e.loggedOnUsers.map(account) : ""]]]],
  ioTDevice: ["devices", (e) => [e.deviceName || e.deviceId, [["Type", e.deviceType], ["Manufacturer", e.manufacturer], ["Model", e.model], ["System", e.operatingSystem], ["MAC address", e.macAddress]]]],
  user: ["users", (e) => [account(e.userAccount), [["Display name", bag(e.userAccount).displayName], ["Domain", bag(e.userAccount).domainName], ["SID", bag(e.userAccount).userSid]]]],
  securityGroup: ["users", (e) => [e.displayName || e.friendlyName, [["Name", e.distinguishedName], ["SID", e.sid]]]],
  mailbox: ["mailboxes", (e) => [e.primaryAddress || e.upn, [["Display name", e.displayName], ["UPN", e.upn]]]],
  mailboxConfiguration: ["mailboxes", (e) => [e.mailboxPrimaryAddress || e.upn, [["Configuration", sentence(text(e.configurationType))], ["Rule", e.displayName]]]],
  analyzedMessage: ["mails", mail],
  submissionMail: ["mails", mail],
  mailCluster: ["mails", (e) => [`${text(e.emailCount)} similar messages`, [["Alike by", e.clusterBy], ["Values", e.clusterByValue], ["Query", e.query]]]],
  teamsMessage: ["mails", (e) => [e.subject || e.messageId, [["From", e.senderFromAddress], ["To", e.recipients], ["Direction", e.messageDirection]]]],
  file: ["files", (e) => [bag(e.fileDetails).fileName || bag(e.fileDetails).sha256, file(e.fileDetails)]],
  fileHash: ["files", (e) => [e.value, [["Algorithm", e.algorithm]]]],
  process: ["processes", (e) => [bag(e.imageFile).fileName || `Process ${text(e.processId)}`, [["Command line", e.processCommandLine], ["Process id", e.processId], ["Parent", bag(e.parentProcessImageFile).fileName], ["Account", account(e.userAccount)], ...file(e.imageFile)]]],
  registryKey: ["registry", (e) => [e.registryKey, [["Hive", e.registryHive]]]],
  registryValue: ["registry", (e) => [e.registryValueName || e.registryKey, [["Key", e.registryKey], ["Hive", e.registryHive], ["Value", e.registryValue]]]],
  cloudApplication: ["apps", (e) => [e.displayName, [["Instance", e.instanceName], ["App id", e.appId]]]],
  oauthApplication: ["apps", (e) => [e.displayName, [["Publisher", e.publisher], ["App id", e.appId]]]],
  servicePrincipal: ["apps", (e) => [e.servicePrincipalName, [["App id", e.appId]]]],
  cloudLogonSession: ["apps", (e) => [account(e.account) || e.sessionId, [["Browser", e.browser], ["System", e.operatingSystem], ["Device", e.deviceName]]]],
  ip: ["addresses", (e) => [e.ipAddress, [["Country", e.countryLetterCode], ["Place", place(e.location)]]]],
  url: ["urls", (e) => [e.url, []]],
  dns: ["urls", (e) => [e.domainName, [["Addresses", e.ipAddresses]]]],
  malware: ["other", (e) => [e.name, [["Category", e.category]]]],
};

/** tell reads one piece of evidence. A type this version does not know keeps its name and all its plain fields. */
export function tell(evidence: Evidence): Entity {
  const type = (evidence["@odata.type"] ?? "").replace(/^#?microsoft\.graph\.security\./, "").replace(/Evidence$/, "");
  const [family, teller] = tellers[type] ?? [/azure|amazon|google|kubernetes|container|blob/i.test(type) ? "cloud" : "other", unknown];
  const [name, facts] = teller(evidence);
  const kind = sentence(type) || "Evidence";
  const shown = text(name) || kind;
  return {
    key: `${type}|${text(evidence.mdeDeviceId)}|${shown}`,
    family: family as Family,
    kind,
    name: shown,
    facts: facts.map(([term, value]): [string, string] => [term, text(value)]).filter(([, value]) => value !== ""),
    evidence,
  };
}

const base = new Set(["@odata.type", "createdDateTime", "verdict", "remediationStatus", "remediationStatusDetails", "roles", "detailedRoles", "tags"]);

function unknown(e: Bag): Told {
  const plain = Object.entries(e).filter(([field]) => !base.has(field));
  return [e.displayName ?? e.name ?? e.id, plain.map(([field, value]): [string, unknown] => [sentence(field), value])];
}

/** entities are the things of many alerts, each once, the worst verdict kept, in the families' order. */
export function entities(all: readonly Evidence[]): Map<Family, Entity[]> {
  const worst = ["malicious", "suspicious", "unknown", "noThreatsFound"];
  const rank = (e: Entity) => (worst.indexOf(e.evidence.verdict ?? "unknown") + 5) % 5;
  const seen = new Map<string, Entity>();
  for (const entity of all.map(tell)) {
    const before = seen.get(entity.key);
    if (!before || rank(entity) < rank(before)) seen.set(entity.key, entity);
  }
  const grouped = new Map<Family, Entity[]>();
  for (const [family] of families) {
    const members = [...seen.values()].filter((entity) => entity.family === family);
    if (members.length > 0) grouped.set(family, members);
  }
  return grouped;
}
