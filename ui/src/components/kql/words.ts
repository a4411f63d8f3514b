import type { HuntColumn, HuntingSchema } from "../../api/hunting";
import { contextAt, declaredIn, type KqlContext } from "../../lib/kqlContext";
import { operators, wordOperators } from "./grammar";

/** Word is something that can be written at a place. */
export interface Word {
  label: string;
  kind: "table" | "column" | "function" | "operator" | "word" | "name";
  detail?: string;
  more?: string;
  insert?: string;
}

/** columnsFor gives the columns of the rows that a query has found so far. */
export type ColumnsFor = (rows: string) => Promise<readonly HuntColumn[]>;

/** wordsAt gives what can be written, of what this reader may name. Nothing else is offered: the schema and the columns are the server's for them. */
export async function wordsAt(before: string, schema: HuntingSchema | undefined, columnsFor: ColumnsFor): Promise<Word[]> {
  const at = contextAt(before);
  if (at.kind === "operator") return Object.entries(operators).map(([label, more]) => ({ label, kind: "operator", more, insert: `${label} ` }));
  const names: Word[] = declaredIn(before).map((label) => ({ label, kind: "name", detail: "let" }));
  if (at.kind === "source") return [...names, ...tables(schema), ...["let", "print", "range", "union", "search", "find in"].map((label): Word => ({ label, kind: "word" }))];
  const columns = await columnsOf(at, schema, columnsFor);
  return [
    ...columns.map((column): Word => ({ label: column.name, kind: "column", detail: column.type, insert: quoted(column.name), ...(column.more ? { more: column.more } : {}) })),
    ...names,
    ...(schema?.functions ?? []).map((one): Word => ({ label: one.name, kind: "function", detail: one.group, more: one.calls.join("\n"), insert: `${one.name}(` })),
    ...wordOperators.map((label): Word => ({ label, kind: "word" })),
  ];
}

function tables(schema: HuntingSchema | undefined): Word[] {
  return (schema?.tables ?? []).filter((table) => table.readable).map((table) => ({ label: table.name, kind: "table", detail: table.kind, ...(table.description ? { more: table.description } : {}) }));
}

async function columnsOf(at: KqlContext, schema: HuntingSchema | undefined, columnsFor: ColumnsFor): Promise<(HuntColumn & { more?: string })[]> {
  const columns = at.rows.trim() ? await columnsFor(at.rows) : [];
  return columns.map((column) => {
    const more = describe(schema, column.name, at.rows);
    return more ? { ...column, more } : column;
  });
}

/** describe says what a column is, going by the tables that a query names. */
export function describe(schema: HuntingSchema | undefined, column: string, query: string): string | undefined {
  for (const table of schema?.tables ?? []) {
    if (!query.includes(table.name)) continue;
    const found = table.columns.find((one) => one.name === column);
    if (found?.description) return found.description;
  }
  return undefined;
}

/** quoted is a name as a query has it. */
export const quoted = (name: string) => (/^[a-zA-Z_$][\w$]*$/.test(name) ? name : `['${name.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}']`);

/** about says what a word of a query is, for whoever points at it. */
export function about(schema: HuntingSchema | undefined, word: string, query: string): string[] {
  const table = schema?.tables.find((one) => one.name === word);
  if (table) {
    const access = table.readable ? [] : [`You may not read it: ${(table.lacks ?? []).join("; ")}.`];
    return [`Table ${table.name}, ${table.columns.length} columns`, ...(table.description ? [table.description] : []), ...access];
  }
  for (const one of schema?.tables ?? []) {
    if (!query.includes(one.name)) continue;
    const column = one.columns.find((c) => c.name === word);
    if (column) return [`Column ${column.name}: ${column.type}, of ${one.name}`, ...(column.description ? [column.description] : [])];
  }
  const made = schema?.functions.find((one) => one.name === word);
  if (made) return [...made.calls, made.group];
  const operator = operators[word] ?? operators[`${word} by`];
  return operator ? [operator] : [];
}
