export interface Place {
  row: number;
  column: number;
}

/** A page of rows, for PgUp and PgDn. */
export const gridPage = 10;

/** moved is where a key leads within a grid of that many rows and columns; undefined for a key that moves nothing. */
export function moved(from: Place, key: string, ctrl: boolean, rows: number, columns: number): Place | undefined {
  const at = (row: number, column: number): Place => ({ row: Math.min(Math.max(row, 0), rows - 1), column: Math.min(Math.max(column, 0), columns - 1) });
  switch (key) {
    case "ArrowUp":
      return at(from.row - 1, from.column);
    case "ArrowDown":
      return at(from.row + 1, from.column);
    case "ArrowLeft":
      return at(from.row, from.column - 1);
    case "ArrowRight":
      return at(from.row, from.column + 1);
    case "Home":
      return at(ctrl ? 0 : from.row, 0);
    case "End":
      return at(ctrl ? rows - 1 : from.row, columns - 1);
    case "PageUp":
      return at(from.row - gridPage, from.column);
    case "PageDown":
      return at(from.row + gridPage, from.column);
  }
  return undefined;
}
