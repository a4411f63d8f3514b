type Plain = Record<string, unknown>;

/** differences says in lines what is otherwise in one state of an object than in another; members of lists that are named by `name` are compared one by one. */
export function differences(before: Plain, now: Plain): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return keys.flatMap((key) => difference(key, before[key], now[key]));
}

function difference(key: string, before: unknown, now: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  if (named(before) && named(now)) {
    const names = [...new Set([...before, ...now].map(({ name }) => name))];
    const lines = names.flatMap((name) => {
      const old = before.find((one) => one.name === name);
      const next = now.find((one) => one.name === name);
      if (!old) return [`${name} is new`];
      if (!next) return [`${name} is gone`];
      return differences(old, next).map((line) => `${name}: ${line}`);
    });
    return lines.length > 0 ? lines : ["the order"];
  }
  if (Array.isArray(before) && Array.isArray(now)) {
    const added = now.filter((one) => !before.includes(one)).map((one) => `+ ${String(one)}`);
    const removed = before.filter((one) => !now.includes(one)).map((one) => `− ${String(one)}`);
    return [`${key}: ${[...added, ...removed].join(", ") || "the order"}`];
  }
  return [`${key}: was ${worded(before)}, is ${worded(now)}`];
}

function named(value: unknown): value is (Plain & { name: string })[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "object" && one !== null && "name" in one);
}

function worded(value: unknown): string {
  if (value === undefined || value === null || value === "") return "empty";
  return typeof value === "string" ? `“${value}”` : JSON.stringify(value);
}
