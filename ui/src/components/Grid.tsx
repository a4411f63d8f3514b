import {
  Checkbox,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  makeStyles,
  mergeClasses,
  tokens,
  useArrowNavigationGroup,
} from "@fluentui/react-components";
import type { KeyboardEvent, ReactNode } from "react";
import type { Sort } from "../lib/listState";

export interface Column<T> {
  id: string;
  title: string;
  cell: (item: T) => ReactNode;
  /** A column that the server can order by. */
  sortable?: boolean;
  width?: string;
}

const useStyles = makeStyles({
  scroll: { overflowX: "auto" },
  table: { minWidth: "880px" },
  narrow: { minWidth: "600px" },
  header: { position: "sticky", top: 0, backgroundColor: tokens.colorNeutralBackground1, zIndex: 1 },
  title: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground2 },
  row: {
    cursor: "pointer",
    ":focus-visible": {
      outline: `2px solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: "-2px",
    },
  },
  open: { backgroundColor: tokens.colorSubtleBackgroundSelected },
  chosen: { backgroundColor: tokens.colorBrandBackground2, ":hover": { backgroundColor: tokens.colorBrandBackground2Hover } },
  check: { width: "36px", paddingBlock: 0, paddingInline: 0 },
  cell: {
    paddingRight: tokens.spacingHorizontalXS,
    // Text that turns its direction around stays within its own cell.
    unicodeBidi: "isolate",
  },
  // Two lines at most: what has no room there is cut, and so is a word that is longer than a line.
  content: { display: "-webkit-box", WebkitBoxOrient: "vertical", WebkitLineClamp: "2", marginBlock: tokens.spacingVerticalXXS, overflow: "hidden", textOverflow: "ellipsis" },
  // An address or a host name is no text to be broken where it has a hyphen.
  word: { display: "block", whiteSpace: "nowrap" },
});

interface GridProps<T> {
  label: string;
  columns: readonly Column<T>[];
  items: readonly T[];
  id: (item: T) => string;
  /** What a screen reader hears for a row: its own name, before its cells. */
  name?: (item: T) => string;
  open?: string | null;
  onOpen?: (item: T) => void;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** The ids of the rows that are chosen, where several can be; Space chooses one. */
  selected?: ReadonlySet<string>;
  onSelect?: (selected: ReadonlySet<string>) => void;
  /** It stands beside something else, so its columns fit a smaller space before it scrolls. */
  narrow?: boolean;
}

/**
 * Grid is a list of things to open. For the keyboard its rows are one stop: arrows, Home and End move between them,
 * Enter opens, and Space does too unless rows can be chosen: then it chooses.
 */
export function Grid<T>({ label, columns, items, id, name, open, onOpen, sort, onSort, narrow, selected, onSelect }: GridProps<T>) {
  const styles = useStyles();
  const arrows = useArrowNavigationGroup({ axis: "vertical", memorizeCurrent: true });

  function keyed(event: KeyboardEvent, item: T) {
    if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (event.key === " " && onSelect) choose([id(item)], !selected?.has(id(item)));
    else onOpen?.(item);
  }
  /** choose adds rows to the chosen, or takes them away. */
  function choose(ids: readonly string[], on: boolean) {
    const next = new Set(selected);
    for (const one of ids) {
      if (on) next.add(one);
      else next.delete(one);
    }
    onSelect?.(next);
  }
  const here = items.map(id);
  const chosen = here.filter((one) => selected?.has(one)).length;
  function sortBy(column: Column<T>) {
    onSort?.({ by: column.id, descending: sort?.by === column.id ? !sort.descending : true });
  }

  return (
    <div className={styles.scroll}>
      <Table size="small" sortable role="grid" aria-label={label} aria-rowcount={items.length + 1} className={mergeClasses(styles.table, narrow && styles.narrow)}>
        <TableHeader className={styles.header}>
          <TableRow>
            {onSelect && (
              <TableHeaderCell className={styles.check} sortable={false}>
                <Checkbox
                  aria-label="Choose all on this page"
                  checked={chosen === 0 ? false : chosen === here.length ? true : "mixed"}
                  onChange={(_, data) => choose(here, data.checked === true)}
                />
              </TableHeaderCell>
            )}
            {columns.map((column) => {
              const direction = sort?.by === column.id ? (sort.descending ? "descending" : "ascending") : undefined;
              return (
                <TableHeaderCell
                  key={column.id}
                  style={{ width: column.width }}
                  sortable={Boolean(column.sortable && onSort)}
                  sortDirection={direction}
                  onClick={column.sortable && onSort ? () => sortBy(column) : undefined}
                >
                  <span className={styles.title}>{column.title}</span>
                </TableHeaderCell>
              );
            })}
          </TableRow>
        </TableHeader>
        <TableBody {...(onOpen ? arrows : {})}>
          {items.map((item) => (
            <TableRow
              key={id(item)}
              data-row={id(item)}
              tabIndex={onOpen ? 0 : undefined}
              aria-label={name?.(item)}
              aria-selected={onSelect ? selected?.has(id(item)) : onOpen ? open === id(item) : undefined}
              aria-current={onSelect && open === id(item) ? "true" : undefined}
              className={mergeClasses(onOpen && styles.row, selected?.has(id(item)) && styles.chosen, open === id(item) && styles.open)}
              onClick={onOpen ? () => onOpen(item) : undefined}
              onKeyDown={onOpen ? (event: KeyboardEvent) => keyed(event, item) : undefined}
            >
              {onSelect && (
                <TableCell role="gridcell" className={styles.check} onClick={(event) => event.stopPropagation()}>
                  <Checkbox
                    // The row is the keyboard's stop, and Space there chooses.
                    tabIndex={-1}
                    aria-label={`Choose ${name?.(item) ?? id(item)}`}
                    checked={selected?.has(id(item)) ?? false}
                    onChange={(_, data) => choose([id(item)], data.checked === true)}
                  />
                </TableCell>
              )}
              {columns.map((column) => {
                const content = column.cell(item);
                return (
                  // What is cut for want of space is whole in the tooltip.
                  <TableCell key={column.id} role="gridcell" className={styles.cell} style={{ width: column.width }} title={typeof content === "string" ? content : undefined}>
                    <div className={mergeClasses(styles.content, typeof content === "string" && !/\s/.test(content) && styles.word)}>{content}</div>
                  </TableCell>
                );
              })}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

/** focusRow puts the keyboard back on the row that a drawer was opened from. */
export function focusRow(id: string) {
  document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus();
}
