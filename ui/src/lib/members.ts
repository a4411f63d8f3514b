import type { IncidentMember } from "../api/investigation";

const kinds: Record<string, string> = { account: "the account", app: "the app", device: "the device", file: "the file", ip: "the address", mailbox: "the mailbox", message: "the message", url: "the URL", user: "the user" };

/** membersWords says how an alert came into its incident; empty where that is not told. name is an alert as people know it. */
export function membersWords(member: IncidentMember, name: (alert: string) => string): string {
  switch (member.how) {
    case "record":
      return "its record names the incident";
    case "opened":
      return "the incident was opened for it";
    case "correlated": {
      const ties = (member.because ?? []).map((tie) => `it shares ${kinds[tie.kind] ?? tie.kind} ${tie.name} with “${name(tie.alert)}”`);
      return ties.length > 0 ? `joined because ${ties.join(", and ")}` : "joined";
    }
    case "linked":
      return "somebody made it of rows that they had hunted down";
    case "merged":
      return member.from ? `came with incident ${member.from}, which somebody merged into this one` : "came with an incident that somebody merged into this one";
    case "split":
      return member.from ? `taken out of incident ${member.from} by somebody` : "taken out of another incident by somebody";
  }
  return "";
}
