/** quote writes a text as an OData literal: a quote inside it is doubled, so that it can never end the literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** anyOf is a clause that holds when the field has one of the values; empty when there are none. */
export function anyOf(field: string, values: readonly string[]): string {
  const clauses = values.map((value) => `${field} eq ${value === nobody ? "null" : quote(value)}`);
  return clauses.length > 1 ? `(${clauses.join(" or ")})` : clauses.join("");
}

/** allOf joins the clauses that are not empty. */
export function allOf(...clauses: readonly string[]): string {
  return clauses.filter((clause) => clause !== "").join(" and ");
}

/** nobody stands for the empty value in links, which cannot hold a null. */
export const nobody = "~";
