import { blank } from "./kqlContext";

/** formatted writes a query with each operator, and each statement, at the beginning of a line. What stands in brackets, quotes and comments stays as it is. */
export function formatted(query: string): string {
  const bare = blank(query);
  let out = "";
  let depth = 0;
  for (let i = 0; i < query.length; i++) {
    const mark = bare[i] ?? "";
    if ("([{".includes(mark)) depth++;
    if (")]}".includes(mark)) depth = Math.max(0, depth - 1);
    if (mark === "|" && depth === 0) {
      out = out.trimEnd();
      out += out ? "\n| " : "| ";
      while (/[ \t]/.test(bare[i + 1] ?? "")) i++;
    } else if (mark === "\n") {
      out = `${/[ \t]/.test(bare[i - 1] ?? "") ? out.replace(/[ \t]+$/, "") : out}\n`;
    } else if (mark === ";" && depth === 0) {
      out = `${out.trimEnd()};`;
      const rest = /^[ \t]*(?=[^\s/.])/.exec(bare.slice(i + 1));
      if (rest) {
        out += "\n";
        i += rest[0].length;
      }
    } else {
      out += query[i];
    }
  }
  return out.trimEnd();
}
