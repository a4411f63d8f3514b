interface Named {
  id: string;
}

/** columnsOf are the columns that an address chooses, in its order; those of the page, if it chooses none that there is. */
export function columnsOf<T extends Named>(all: readonly T[], chosen: readonly string[], standard: readonly string[]): T[] {
  const found = chosen.flatMap((id) => all.find((column) => column.id === id) ?? []);
  return found.length > 0 ? found : columnsOf(all, standard, all.map(({ id }) => id));
}

/** moved puts one of a list a place nearer to its beginning, or to its end. */
export function moved(list: readonly string[], id: string, by: -1 | 1): string[] {
  const from = list.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= list.length) return [...list];
  const others = list.filter((one) => one !== id);
  return [...others.slice(0, to), id, ...others.slice(to)];
}
