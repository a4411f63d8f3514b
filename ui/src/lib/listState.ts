/** Sort is the column a list is ordered by. */
export interface Sort {
  by: string;
  descending: boolean;
}

/** ListState is what a queue shows, as its address holds it, so that a link or a bookmark brings it back. */
export interface ListState {
  filters: Record<string, string[]>;
  text: string;
  sort: Sort;
  from: number;
  /** The columns shown, in order; none: those of the page. */
  columns: string[];
}

/** readList reads an address; what is malformed counts as absent. */
export function readList(search: URLSearchParams, fields: readonly string[], standard: Sort): ListState {
  const filters: Record<string, string[]> = {};
  for (const field of fields) filters[field] = search.getAll(field).filter((value) => value !== "");
  const sort = search.get("sort") ?? "";
  const from = Number(search.get("from"));
  return {
    filters,
    text: search.get("q") ?? "",
    sort: sort === "" ? standard : { by: sort.replace(/^-/, ""), descending: sort.startsWith("-") },
    from: Number.isInteger(from) && from > 0 ? from : 0,
    columns: (search.get("columns") ?? "").split(",").filter(Boolean),
  };
}

/** writeList is readList's counterpart; the standard things are left out, so that plain links stay plain. */
export function writeList(state: ListState, standard: Sort): URLSearchParams {
  const search = new URLSearchParams();
  for (const [field, values] of Object.entries(state.filters)) {
    for (const value of values) search.append(field, value);
  }
  if (state.text) search.set("q", state.text);
  if (state.sort.by !== standard.by || state.sort.descending !== standard.descending) {
    search.set("sort", (state.sort.descending ? "-" : "") + state.sort.by);
  }
  if (state.from > 0) search.set("from", String(state.from));
  if (state.columns.length > 0) search.set("columns", state.columns.join(","));
  return search;
}
