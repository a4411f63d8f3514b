/** sentence turns a name as the formats spell it (`commandAndControl`, `InitialAccess`) into words for people. */
export function sentence(name: string | null | undefined): string {
  if (!name) return "";
  if (known[name]) return known[name];
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[\s_]+/)
    .map((word, i) => (i === 0 || /^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()));
  const text = words.join(" ").replace(/^Oauth\b/i, "OAuth");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const known: Record<string, string> = {
  new: "New",
  inProgress: "In progress",
  awaitingAction: "Awaiting action",
  apt: "APT",
  ip: "IP address",
  url: "URL",
  dns: "Domain name",
  unknownFutureValue: "Unknown (newer than this version)",
  informationalExpectedActivity: "Informational, expected activity",
  multiStagedAttack: "Multi-staged attack",
  notEnoughDataToValidate: "Not enough data to validate",
  microsoftDefenderForEndpoint: "Defender for Endpoint",
  microsoftDefenderForOffice365: "Defender for Office 365",
  microsoftDefenderForCloudApps: "Defender for Cloud Apps",
  microsoftDefenderForIdentity: "Defender for Identity",
  microsoftAppGovernanceService: "App Governance",
  microsoftAppGovernance: "App Governance",
  microsoft365Defender: "Microsoft 365 Defender",
  microsoftSentinel: "Microsoft Sentinel",
  azureAdIdentityProtection: "Identity Protection",
  microsoftThreatExperts: "Threat Experts",
  dataLossPrevention: "Data Loss Prevention",
  microsoftDataLossPrevention: "Data Loss Prevention",
  microsoftDefenderForCloud: "Defender for Cloud",
  microsoftDefenderThreatIntelligenceAnalytics: "Threat intelligence analytics",
  customDetection: "Custom detection",
};

/** shortProduct is a product where there is no room for its family's name. */
export function shortProduct(name: string | null | undefined): string {
  return sentence(name).replace(/^(Microsoft )?Defender for /, "");
}

/** count says a number with its noun: `1 alert`, `2,104 alerts`. */
export function count(n: number, noun: string, plural = noun + "s"): string {
  return `${n.toLocaleString()} ${n === 1 ? noun : plural}`;
}

/** period makes a whole sentence of words that came without its marks. */
export function period(words: string): string {
  if (words === "") return "";
  return words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? "" : ".");
}

/** stop ends words with their mark, and leaves their beginning as it is. */
export function stop(words: string): string {
  return words === "" || /[.!?]$/.test(words) ? words : words + ".";
}

/** list joins names as one would say them: `a, b and c`. */
export function list(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

const shortTasks: Record<string, string> = {
  "investigation.view": "View alerts",
  "hunting.view": "Hunt",
  "alerts.manage": "Manage alerts",
  "actions.remediate": "Remediate",
  "detections.manage": "Detections",
  "analytics.alerts": "Analytics: alerts",
  "analytics.mitigations": "Analytics: fixes",
  "analytics.email": "Analytics: mail",
  "roles.view": "View roles",
  "roles.manage": "Manage roles",
  "audit.view": "Audit log",
  "settings.manage": "Settings",
};

/** shortTask is a capability where there is no room for its row's name. */
export function shortTask(capability: string): string {
  return shortTasks[capability] ?? sentence(capability.replaceAll(".", " "));
}

export interface WorkloadWords {
  name: string;
  label: string;
  /** Where its roles are kept and set, in the product's own words (R5, R11). */
  keptIn: string;
}

/** workloads in the document's order. A name the server adds later is shown as it is spelled. */
export const workloads: readonly WorkloadWords[] = [
  { name: "endpoint", label: "Endpoint", keptIn: "Defender for Endpoint" },
  { name: "office365", label: "Email & collaboration", keptIn: "Security & Compliance Center" },
  { name: "cloudapps", label: "Cloud apps", keptIn: "Cloud App Security" },
  { name: "identity", label: "Identity", keptIn: "Defender for Identity" },
];

/** workloadLabel is a workload's name for people. */
export function workloadLabel(name: string): string {
  if (name === "other") return "Other products";
  if (name === "unified") return "Unified roles";
  return workloads.find((w) => w.name === name)?.label ?? sentence(name);
}
