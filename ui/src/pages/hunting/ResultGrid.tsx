import { Button, Checkbox, Menu, MenuDivider, MenuGroup, MenuGroupHeader, MenuItem, MenuList, MenuPopover, MenuTrigger, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ArrowSortDown16Regular, ArrowSortUp16Regular, MoreVertical16Regular } from "@fluentui/react-icons";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { HuntColumn } from "../../api/hunting";
import { moved, type Place } from "../../lib/gridKeys";
import { cellText, isNumber, text, type Filter, type Row, type Sorted } from "../../lib/huntRows";

const useStyles = makeStyles({
  scroll: { position: "relative", overflow: "auto", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, height: "100%", minHeight: "200px", outlineStyle: "none" },
  head: { position: "sticky", top: 0, zIndex: 2, display: "flex", width: "max-content", minWidth: "100%", backgroundColor: tokens.colorNeutralBackground3, borderBottom: `1px solid ${tokens.colorNeutralStroke1}` },
  title: { display: "flex", alignItems: "center", justifyContent: "space-between", boxSizing: "border-box", paddingInlineStart: "2px", fontWeight: tokens.fontWeightSemibold, flexShrink: 0 },
  sort: { minWidth: 0, flexGrow: 1, justifyContent: "flex-start", fontWeight: tokens.fontWeightSemibold, overflow: "hidden", whiteSpace: "nowrap", paddingInline: "6px" },
  more: { minWidth: "24px", width: "24px", flexShrink: 0 },
  body: { position: "relative", width: "max-content", minWidth: "100%" },
  row: { position: "absolute", left: 0, display: "flex", minWidth: "100%", cursor: "pointer", borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover } },
  open: { backgroundColor: tokens.colorNeutralBackground1Selected },
  cell: { boxSizing: "border-box", flexShrink: 0, padding: "5px 8px", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", unicodeBidi: "isolate", fontSize: tokens.fontSizeBase200, lineHeight: "18px", ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" } },
  box: { width: "32px", flexShrink: 0, display: "flex", alignItems: "center", justifyContent: "center", overflow: "hidden" },
  number: { textAlign: "end", fontVariantNumeric: "tabular-nums" },
});

const rowHeight = 29;

function toggled(chosen: ReadonlySet<number>, row: number): ReadonlySet<number> {
  const next = new Set(chosen);
  if (!next.delete(row)) next.add(row);
  return next;
}

interface Props {
  columns: readonly HuntColumn[];
  /** The places of the columns that are shown, in their order. */
  shown: readonly number[];
  rows: readonly Row[];
  /** The places of the rows that are shown, in their order. */
  places: readonly number[];
  sorted: Sorted | undefined;
  onSort: (sorted: Sorted | undefined) => void;
  onFilter: (filter: Filter) => void;
  onHide: (column: number) => void;
  open: number | null;
  onOpen: (row: number) => void;
  /** The places of the rows that are chosen. */
  chosen: ReadonlySet<number>;
  onChoose: (chosen: ReadonlySet<number>) => void;
}

/** widthOf gives a column the room that its first values need. */
function widthOf(column: HuntColumn, values: readonly string[]): number {
  const longest = Math.max(column.name.length + 5, ...values.map((value) => value.length));
  return Math.min(Math.max(longest * 7.2 + 20, 90), 380);
}

/** ResultGrid shows rows, and of many only those that are in sight. It is one stop of the keyboard: arrows move within, Enter opens a row. */
export function ResultGrid({ columns, shown, rows, places, sorted, onSort, onFilter, onHide, open, onOpen, chosen, onChoose }: Props) {
  const styles = useStyles();
  const scroll = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Place>({ row: 0, column: 0 });
  const [focused, setFocused] = useState(0); // counts up when the keyboard moves
  // eslint-disable-next-line react-hooks/incompatible-library -- it is used here alone, and handed to nothing that remembers it
  const virtual = useVirtualizer({ count: places.length, getScrollElement: () => scroll.current, estimateSize: () => rowHeight, overscan: 8 });
  const widths = useMemo(() => columns.map((column, i) => widthOf(column, rows.slice(0, 40).map((row) => cellText(row[i], column.type)))), [columns, rows]);

  useEffect(() => {
    if (focused > 0) scroll.current?.querySelector<HTMLElement>(`[data-cell="${at.row}-${at.column}"]`)?.focus();
  }, [at, focused]);

  function keyed(event: KeyboardEvent) {
    if (event.key === "Enter") {
      const row = places[at.row];
      if (row !== undefined) onOpen(row);
      event.preventDefault();
      return;
    }
    if (event.key === " ") {
      const row = places[at.row];
      if (row !== undefined) onChoose(toggled(chosen, row));
      event.preventDefault();
      return;
    }
    const next = moved(at, event.key, event.ctrlKey, places.length, shown.length);
    if (!next) return;
    event.preventDefault();
    virtual.scrollToIndex(next.row);
    setAt(next);
    setFocused((n) => n + 1);
  }
  const here = { row: Math.min(at.row, Math.max(places.length - 1, 0)), column: Math.min(at.column, Math.max(shown.length - 1, 0)) };
  const items = virtual.getVirtualItems();
  // Where the keyboard stands may have been scrolled out of sight: the first row in sight takes its stop then.
  const stop = items.some((item) => item.index === here.row) ? here.row : (items[0]?.index ?? 0);
  return (
    <div ref={scroll} className={styles.scroll} role="grid" aria-label="Results" aria-rowcount={places.length + 1} aria-colcount={shown.length + 1} aria-multiselectable data-results>
      <div role="row" aria-rowindex={1} className={styles.head}>
        <div role="columnheader" aria-colindex={1} className={styles.box}>
          <Checkbox aria-label="Choose all rows that are shown" checked={places.length > 0 && places.every((i) => chosen.has(i)) ? true : chosen.size > 0 ? "mixed" : false} onChange={(_, data) => onChoose(data.checked === true ? new Set(places) : new Set())} />
        </div>
        {shown.map((i) => {
          const column = columns[i];
          if (!column) return null;
          const direction = sorted?.column === i ? (sorted.descending ? "descending" : "ascending") : undefined;
          return (
            <div key={i} role="columnheader" aria-colindex={shown.indexOf(i) + 2} aria-sort={direction ?? "none"} className={styles.title} style={{ width: widths[i] }}>
              <Button
                size="small" appearance="transparent" className={styles.sort} title={`${column.name}: ${column.type}`}
                icon={direction === "ascending" ? <ArrowSortUp16Regular /> : direction ? <ArrowSortDown16Regular /> : undefined} iconPosition="after"
                onClick={() => onSort(direction === "descending" ? undefined : { column: i, descending: direction === "ascending" })}
              >
                {column.name}
              </Button>
              <ColumnMenu column={column} place={i} rows={rows} places={places} onSort={onSort} onFilter={onFilter} onHide={onHide} last={shown.length === 1} />
            </div>
          );
        })}
      </div>
      <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }} onKeyDown={keyed}>
        {items.map((item) => {
          const place = places[item.index];
          const row = place === undefined ? undefined : rows[place];
          if (!row || place === undefined) return null;
          return (
            <div key={item.key} role="row" aria-rowindex={item.index + 2} aria-selected={chosen.has(place)} className={mergeClasses(styles.row, (open === place || chosen.has(place)) && styles.open)} style={{ top: item.start, height: item.size }} onClick={() => onOpen(place)}>
              <div role="gridcell" aria-colindex={1} className={styles.box} onClick={(event) => event.stopPropagation()}>
                <Checkbox tabIndex={-1} aria-label={`Choose row ${item.index + 1}`} checked={chosen.has(place)} onChange={() => onChoose(toggled(chosen, place))} />
              </div>
              {shown.map((i, n) => {
                const type = columns[i]?.type ?? "string";
                const content = cellText(row[i], type);
                return (
                  <div
                    key={i} role="gridcell" aria-colindex={n + 2} data-cell={`${item.index}-${n}`} tabIndex={item.index === stop && n === here.column ? 0 : -1} title={content} className={mergeClasses(styles.cell, isNumber(type) && styles.number)} style={{ width: widths[i] }}
                    onFocus={() => setAt({ row: item.index, column: n })}
                  >
                    {content}
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface MenuProps extends Pick<Props, "rows" | "places" | "onSort" | "onFilter" | "onHide"> {
  column: HuntColumn;
  place: number;
  last: boolean;
}

/** ColumnMenu orders by a column, hides it, or narrows the rows by one of its values. */
function ColumnMenu({ column, place, rows, places, onSort, onFilter, onHide, last }: MenuProps) {
  const styles = useStyles();
  const [opened, setOpened] = useState(false);
  return (
    <Menu open={opened} onOpenChange={(_, data) => setOpened(data.open)}>
      <MenuTrigger disableButtonEnhancement>
        <Button size="small" appearance="transparent" className={styles.more} icon={<MoreVertical16Regular />} aria-label={`${column.name}: sort, filter, hide`} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => onSort({ column: place, descending: false })}>Sort upwards</MenuItem>
          <MenuItem onClick={() => onSort({ column: place, descending: true })}>Sort downwards</MenuItem>
          <MenuItem disabled={last} onClick={() => onHide(place)}>Hide this column</MenuItem>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>Only rows with</MenuGroupHeader>
            {opened && frequent(rows, places, place).map(([value, n]) => (
              <MenuItem key={value} secondaryContent={n.toLocaleString()} onClick={() => onFilter({ column: place, value })}>{value.slice(0, 60) || "(empty)"}</MenuItem>
            ))}
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** frequent are the values that most of the rows have. */
function frequent(rows: readonly Row[], places: readonly number[], column: number): [string, number][] {
  const counts = new Map<string, number>();
  for (const place of places) {
    const value = text(rows[place]?.[column]);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8);
}
