import type { NotificationRule, NotificationRuleSetting, Recipient } from "../api/settings";
import { list } from "./words";

/** The severities that a rule may be about, the worst first. */
export const severities = ["high", "medium", "low", "informational", "unknown"] as const;

/** where says which alerts a rule is about, by their devices. */
export function where({ everywhere, deviceGroups = [] }: Pick<NotificationRuleSetting, "everywhere" | "deviceGroups">): string {
  if (everywhere) return "Everywhere, on any device or none";
  return deviceGroups.length > 0 ? list(deviceGroups) : "";
}

/** way says how somebody is told: by mail to an address, or by a webhook, which is told what they may see. */
export function way({ user, mail, webhook }: Recipient): string {
  if (webhook) return `${webhook}: what ${user} may see`;
  return mail && mail !== user ? `${user}, by mail to ${mail}` : `${user}, by mail`;
}

/** settingOf is a rule as it is sent back, with what changes. */
export function settingOf(rule: NotificationRule, change: Partial<NotificationRuleSetting> = {}): NotificationRuleSetting {
  const { name, on, severities, everywhere, deviceGroups, recipients } = rule;
  return { name, on, severities: severities as NotificationRuleSetting["severities"], everywhere, deviceGroups, recipients, ...change };
}

/** sameWay tells whether two recipients are told the same way: a rule names each person once by mail, and once by each webhook. */
export function sameWay(a: Recipient, b: Recipient): boolean {
  return a.user === b.user && (a.webhook ?? "") === (b.webhook ?? "");
}
