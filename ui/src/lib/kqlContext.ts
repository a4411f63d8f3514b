/** What is being written at a place in a query: which kind of word fits there, and which rows it is about. */
export interface KqlContext {
  kind: "source" | "operator" | "expression";
  /** The query of which the rows come that an expression is about; what was declared before it stands in front. */
  rows: string;
}

/** contextAt looks at a query up to the place where somebody writes. */
export function contextAt(before: string): KqlContext {
  const bare = blank(before);
  // Where the innermost open bracket begins, and where the statement does that it is in.
  const open: number[] = [];
  let statement = 0;
  for (let i = 0; i < bare.length; i++) {
    if (bare[i] === "(") open.push(i + 1);
    else if (bare[i] === ")") open.pop();
    else if (bare[i] === ";" && open.length === 0) statement = i + 1;
  }
  const declared = before.slice(0, statement);
  // The innermost bracket that a query begins in: others belong to an expression.
  let start = statement;
  let inner = false;
  for (const at of open.toReversed()) {
    if (isQuery(bare.slice(statement, at - 1), bare.slice(at))) {
      start = at;
      inner = true;
      break;
    }
  }
  if (!inner) {
    const declares = /^\s*let\s+[\w$]+\s*=\s*/.exec(bare.slice(start));
    if (declares) start += declares[0].length;
  }
  const bar = lastBar(bare, start);
  if (bar < 0) {
    const written = bare.slice(start);
    if (/^\s*[\w$]*$/.test(written)) return { kind: "source", rows: "" };
    return { kind: /^\s*(union|find|search)\b[^(]*$/.test(written) ? "source" : "expression", rows: declared };
  }
  const rows = `${declared}${before.slice(start, bar)}`;
  const after = bare.slice(bar + 1);
  if (/^\s*[\w-]*$/.test(after)) return { kind: "operator", rows };
  if (/^\s*(union|find\s+in|join|lookup)\b[^(]*\(?\s*[\w$]*$/.test(after) && !/\bon\b/.test(after)) return { kind: "source", rows };
  return { kind: "expression", rows };
}

/** isQuery tells whether what stands in a bracket is a query of its own, as behind join or in. */
function isQuery(before: string, within: string): boolean {
  return /\b(join|lookup|union|in~?|has_any|has_all|toscalar|materialize|on|isfuzzy\s*=\s*\w+|kind\s*=\s*\w+)\s*$/.test(before) || lastBar(within, 0) >= 0;
}

/** lastBar is the last bar at the outermost level of what begins at a place; -1: there is none. */
function lastBar(bare: string, start: number): number {
  let depth = 0;
  let last = -1;
  for (let i = start; i < bare.length; i++) {
    if (bare[i] === "(") depth++;
    else if (bare[i] === ")") depth--;
    else if (bare[i] === "|" && depth === 0) last = i;
    else if (bare[i] === ";" && depth === 0) last = -1;
  }
  return last;
}

/** blank puts dots in place of what stands in quotes and comments, so that nothing in them counts. Places stay. */
export function blank(text: string): string {
  return text.replace(/\/\/[^\n]*|```[\s\S]*?(```|$)|@"([^"]|"")*("|$)|@'([^']|'')*('|$)|"([^"\\\n]|\\.)*("|\n|$)|'([^'\\\n]|\\.)*('|\n|$)/g, (found) => found.replace(/[^\n]/g, "."));
}

/** declaredIn are the names that let gives in a query. */
export function declaredIn(text: string): string[] {
  return [...blank(text).matchAll(/\blet\s+([\w$]+)\s*=/g)].flatMap((found) => found[1] ?? []);
}
