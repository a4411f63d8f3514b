import type { HuntLinkAlert } from "../api/hunting";

/** What an alert can be, as the contract has it: a word that is missing here, or too many, does not compile. */
const every = <T extends string>(words: Record<T, true>) => Object.keys(words) as T[];

export const severities = every<HuntLinkAlert["severity"]>({ high: true, medium: true, low: true, informational: true });

export const categories = every<HuntLinkAlert["category"]>({
  InitialAccess: true, Execution: true, Persistence: true, PrivilegeEscalation: true, DefenseEvasion: true, CredentialAccess: true, Discovery: true, LateralMovement: true, Collection: true, CommandAndControl: true,
  Exfiltration: true, Impact: true, Malware: true, Ransomware: true, SuspiciousActivity: true, UnwantedSoftware: true, Exploit: true,
});

/** How many rows one alert is made of. */
export const mostLinked = 100;
