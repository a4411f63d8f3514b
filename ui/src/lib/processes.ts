import type { Evidence } from "../api/graph";

/** Process is a process that evidence speaks of, with those it started. */
export interface Process {
  key: string;
  name: string;
  id: string;
  commandLine: string;
  account: string;
  started: string;
  verdict: string | null | undefined;
  /** False: it is known only as the parent of another. */
  told: boolean;
  children: Process[];
}

/** Host is a device with the processes that ran on it. */
export interface Host {
  device: string;
  roots: Process[];
}

type Bag = Record<string, unknown>;
const bag = (value: unknown): Bag => (typeof value === "object" && value !== null ? (value as Bag) : {});
const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** processesOf builds, for each device, the tree of the processes that evidence speaks of. What would make a circle stands at the top. */
export function processesOf(evidence: readonly Evidence[]): Host[] {
  const names = new Map<string, string>();
  for (const e of evidence as readonly Bag[]) {
    if (/deviceEvidence$/.test(text(e["@odata.type"]))) names.set(text(e.mdeDeviceId), text(e.deviceDnsName) || text(e.hostName));
  }
  const hosts = new Map<string, Map<string, Process>>();
  const parents = new Map<Process, Process>();
  for (const e of evidence as readonly Bag[]) {
    if (!/\.processEvidence$/.test(text(e["@odata.type"]))) continue;
    const device = text(e.mdeDeviceId);
    const here = hosts.get(device) ?? new Map<string, Process>();
    hosts.set(device, here);
    const find = (id: string, image: Bag) => {
      const key = `${device} ${id || text(image.fileName)}`;
      const found = here.get(key) ?? { key, name: text(image.fileName) || `Process ${id}`, id, commandLine: "", account: "", started: "", verdict: undefined, told: false, children: [] };
      here.set(key, found);
      return found;
    };
    const process = find(text(e.processId), bag(e.imageFile));
    const user = bag(e.userAccount);
    Object.assign(process, {
      told: true,
      name: text(bag(e.imageFile).fileName) || process.name,
      commandLine: text(e.processCommandLine) || process.commandLine,
      account: text(user.userPrincipalName) || text(user.accountName) || process.account,
      started: text(e.processCreationDateTime) || process.started,
      verdict: text(e.verdict) || process.verdict,
    });
    if (!text(e.parentProcessId) && !text(bag(e.parentProcessImageFile).fileName)) continue;
    const parent = find(text(e.parentProcessId), bag(e.parentProcessImageFile));
    let above: Process | undefined = parent;
    while (above && above !== process) above = parents.get(above);
    if (!above && !parents.has(process)) {
      parents.set(process, parent);
      parent.children.push(process);
    }
  }
  const byTime = (a: Process, b: Process) => a.started.localeCompare(b.started) || a.key.localeCompare(b.key);
  return [...hosts].map(([device, here]) => {
    for (const process of here.values()) process.children.sort(byTime);
    return { device: names.get(device) || device, roots: [...here.values()].filter((process) => !parents.has(process)).sort(byTime) };
  });
}
