import { Button, Checkbox, makeStyles, mergeClasses, tokens, useArrowNavigationGroup } from "@fluentui/react-components";
import { ArrowSortDown16Regular, ArrowSortUp16Regular } from "@fluentui/react-icons";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from "react";
import type { HuntColumn } from "../../api/hunting";
import { useToast } from "../../components/toaster";
import { moved, type Place } from "../../lib/gridKeys";
import { cellText, isNumber, text, type Filter, type Row, type Sorted } from "../../lib/huntRows";
import { CellMenu, ColumnMenu } from "./ResultMenus";

const useStyles = makeStyles({
  scroll: { position: "relative", overflow: "auto", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, height: "100%", minHeight: "200px", outlineStyle: "none" },
  head: { position: "sticky", top: 0, zIndex: 3, display: "flex", minWidth: "100%", backgroundColor: tokens.colorNeutralBackground3, borderBottom: `1px solid ${tokens.colorNeutralStroke1}` },
  title: { position: "relative", display: "flex", alignItems: "center", justifyContent: "space-between", boxSizing: "border-box", paddingInlineStart: "2px", fontWeight: tokens.fontWeightSemibold, flexShrink: 0 },
  titleOfNumbers: { flexDirection: "row-reverse" },
  sort: { minWidth: 0, flexGrow: 1, justifyContent: "flex-start", fontWeight: tokens.fontWeightSemibold, overflow: "hidden", whiteSpace: "nowrap", paddingInline: "6px" },
  sortOfNumbers: { justifyContent: "flex-end" },
  edge: { position: "absolute", insetBlock: 0, insetInlineEnd: "-4px", width: "8px", cursor: "col-resize", zIndex: 1, touchAction: "none", ":hover": { backgroundColor: tokens.colorNeutralStroke1 } },
  body: { position: "relative", minWidth: "100%" },
  row: { position: "absolute", left: 0, display: "flex", boxSizing: "border-box", width: "100%", cursor: "pointer", backgroundColor: tokens.colorNeutralBackground1, borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover } },
  open: { backgroundColor: tokens.colorNeutralBackground1Selected },
  cell: { boxSizing: "border-box", flexShrink: 0, padding: "5px 8px", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", unicodeBidi: "isolate", fontSize: tokens.fontSizeBase200, lineHeight: "18px", ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" } },
  // The boxes stay in sight, however far to the right somebody reads.
  box: { position: "sticky", left: 0, zIndex: 1, width: "32px", flexShrink: 0, display: "flex", alignItems: "center", justifyContent: "center", overflow: "hidden", backgroundColor: "inherit" },
  number: { textAlign: "end", fontVariantNumeric: "tabular-nums" },
});

const rowHeight = 29;
const boxWidth = 32;
const least = 60;

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
function widthOf(column: HuntColumn, values: readonly string[], most = 380): number {
  const longest = values.reduce((sum, value) => Math.max(sum, value.length), column.name.length + 5);
  return Math.min(Math.max(longest * 7.2 + 20, 90), most);
}

/** ResultGrid shows rows, and of many rows and columns only those that are in sight. Titles and rows are one stop of the keyboard each: arrows move within, Enter opens a row, Ctrl+C copies a value. */
export function ResultGrid({ columns, shown, rows, places, sorted, onSort, onFilter, onHide, open, onOpen, chosen, onChoose }: Props) {
  const styles = useStyles();
  const toast = useToast();
  const titles = useArrowNavigationGroup({ axis: "horizontal", memorizeCurrent: true });
  const scroll = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Place>({ row: 0, column: 0 });
  const [pointed, setPointed] = useState<{ row: number; column: number; x: number; y: number }>();
  const [own, setOwn] = useState<Readonly<Record<number, number>>>({}); // widths that the reader chose
  const goal = useRef<Place>(undefined); // where the keyboard goes, as soon as that cell is drawn
  const opened = useRef(open);
  const widths = useMemo(() => columns.map((column, i) => own[i] ?? widthOf(column, rows.slice(0, 40).map((row) => cellText(row[i], column.type)))), [columns, rows, own]);
  // eslint-disable-next-line react-hooks/incompatible-library -- it is used here alone, and handed to nothing that remembers it
  const virtual = useVirtualizer({ count: places.length, getScrollElement: () => scroll.current, estimateSize: () => rowHeight, overscan: 8 });
  const across = useVirtualizer({ horizontal: true, count: shown.length, getScrollElement: () => scroll.current, estimateSize: (n) => widths[shown[n] ?? 0] ?? 90, overscan: 4 });
  useEffect(() => across.measure(), [across, widths, shown]);

  // The row that is open is in sight; when it is closed, the keyboard is where it stands.
  useEffect(() => {
    const row = places.indexOf(open ?? opened.current ?? -1);
    if (row >= 0 && open !== opened.current) {
      virtual.scrollToIndex(row);
      if (open === null) goal.current = { row, column: at.column };
    }
    opened.current = open;
  }, [open, places, virtual, at.column]);
  useEffect(() => {
    const cell = goal.current && scroll.current?.querySelector<HTMLElement>(`[data-cell="${goal.current.row}-${goal.current.column}"]`);
    if (!cell) return;
    goal.current = undefined;
    cell.focus({ preventScroll: true });
    // What stands above and to the left of it, in the way of a cell that is only just in sight.
    const [all, one] = [scroll.current?.getBoundingClientRect(), cell.getBoundingClientRect()];
    if (all && (one.top < all.top + rowHeight + 6 || one.bottom > all.bottom || one.left < all.left + boxWidth || one.right > all.right)) cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  function copy(row: number, column: number) {
    const place = places[row];
    const i = shown[column];
    if (place === undefined || i === undefined) return;
    navigator.clipboard.writeText(text(rows[place]?.[i])).then(() => toast("success", `Copied ${columns[i]?.name ?? "the value"}`), () => toast("error", "The browser did not let it be copied."));
  }
  function keyed(event: KeyboardEvent) {
    const row = places[at.row];
    if (event.key === "Enter") {
      if (row !== undefined) onOpen(row);
      event.preventDefault();
      return;
    }
    if (event.key === " ") {
      if (row !== undefined) onChoose(toggled(chosen, row));
      event.preventDefault();
      return;
    }
    if (event.key === "c" && (event.ctrlKey || event.metaKey) && getSelection()?.isCollapsed !== false) {
      copy(at.row, at.column);
      event.preventDefault();
      return;
    }
    const next = moved(at, event.key, event.ctrlKey, places.length, shown.length);
    if (!next) return;
    event.preventDefault();
    virtual.scrollToIndex(next.row);
    across.scrollToIndex(next.column);
    goal.current = next;
    setAt(next);
  }
  /** point opens the menu of a cell: by the other mouse button, or by the key for that. */
  function point(event: MouseEvent) {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-cell]") : null;
    const [row, column] = (cell?.dataset.cell ?? "").split("-").map(Number);
    if (!cell || row === undefined || column === undefined || getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    const box = cell.getBoundingClientRect();
    const byKey = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
    setPointed({ row, column, x: byKey ? box.left + 8 : event.clientX, y: byKey ? box.bottom : event.clientY });
  }
  function unpoint() {
    goal.current = pointed;
    setPointed(undefined);
  }
  const setWidth = (i: number, width: number) => setOwn((all) => ({ ...all, [i]: Math.min(Math.max(width, least), 2000) }));
  function drag(event: PointerEvent<HTMLElement>, i: number) {
    event.preventDefault();
    const edge = event.currentTarget;
    const from = event.clientX - (widths[i] ?? 90);
    edge.setPointerCapture(event.pointerId);
    edge.onpointermove = (move) => setWidth(i, move.clientX - from);
    edge.onpointerup = () => (edge.onpointermove = null);
  }
  const here = { row: Math.min(at.row, Math.max(places.length - 1, 0)), column: Math.min(at.column, Math.max(shown.length - 1, 0)) };
  const items = virtual.getVirtualItems();
  const visible = across.getVirtualItems();
  const before = visible[0]?.start ?? 0;
  const width = boxWidth + across.getTotalSize();
  // Where the keyboard stands may have been scrolled out of sight: the first row and column in sight take its stop then.
  const stop = items.some((item) => item.index === here.row) ? here.row : (items[0]?.index ?? 0);
  const stopColumn = visible.some((item) => item.index === here.column) ? here.column : (visible[0]?.index ?? 0);
  return (
    <div ref={scroll} className={styles.scroll} role="grid" aria-label="Results" aria-rowcount={places.length + 1} aria-colcount={shown.length + 1} aria-multiselectable data-results>
      <div role="row" aria-rowindex={1} className={styles.head} style={{ width }} {...titles}>
        <div role="columnheader" aria-colindex={1} className={styles.box}>
          <Checkbox aria-label="Choose all rows that are shown" checked={places.length > 0 && places.every((i) => chosen.has(i)) ? true : chosen.size > 0 ? "mixed" : false} onChange={(_, data) => onChoose(data.checked === true ? new Set(places) : new Set())} />
        </div>
        {visible.map(({ index: n, start }) => {
          const i = shown[n] ?? 0;
          const column = columns[i];
          if (!column) return null;
          const direction = sorted?.column === i ? (sorted.descending ? "descending" : "ascending") : undefined;
          const number = isNumber(column.type);
          return (
            <div key={i} role="columnheader" aria-colindex={n + 2} aria-sort={direction ?? "none"} className={mergeClasses(styles.title, number && styles.titleOfNumbers)} style={{ width: widths[i], marginInlineStart: start === before ? before : 0 }}>
              <Button
                size="small" appearance="transparent" className={mergeClasses(styles.sort, number && styles.sortOfNumbers)} title={`${column.name}: ${column.type}`}
                icon={direction === "ascending" ? <ArrowSortUp16Regular /> : direction ? <ArrowSortDown16Regular /> : undefined} iconPosition="after"
                onClick={() => onSort(direction === "descending" ? undefined : { column: i, descending: direction === "ascending" })}
              >
                {column.name}
              </Button>
              <ColumnMenu
                column={column} place={i} rows={rows} places={places} onSort={onSort} onFilter={onFilter} onHide={onHide} last={shown.length === 1}
                onFit={() => setWidth(i, widthOf(column, places.map((place) => cellText(rows[place]?.[i], column.type)), 2000))} onNarrow={() => setWidth(i, (widths[i] ?? 90) / 2)}
              />
              <span className={styles.edge} aria-hidden onPointerDown={(event) => drag(event, i)} />
            </div>
          );
        })}
      </div>
      <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize(), width }} onKeyDown={keyed} onContextMenu={point}>
        {items.map((item) => {
          const place = places[item.index];
          const row = place === undefined ? undefined : rows[place];
          if (!row || place === undefined) return null;
          return (
            <div key={item.key} role="row" aria-rowindex={item.index + 2} aria-selected={chosen.has(place)} className={mergeClasses(styles.row, (open === place || chosen.has(place)) && styles.open)} style={{ top: item.start, height: item.size }} onClick={() => getSelection()?.isCollapsed !== false && onOpen(place)}>
              <div role="gridcell" aria-colindex={1} className={styles.box} onClick={(event) => event.stopPropagation()}>
                <Checkbox tabIndex={-1} aria-label={`Choose row ${item.index + 1}`} checked={chosen.has(place)} onChange={() => onChoose(toggled(chosen, place))} />
              </div>
              {visible.map(({ index: n, start }) => {
                const i = shown[n] ?? 0;
                const type = columns[i]?.type ?? "string";
                const content = cellText(row[i], type);
                return (
                  <div
                    key={i} role="gridcell" aria-colindex={n + 2} data-cell={`${item.index}-${n}`} tabIndex={item.index === stop && n === stopColumn ? 0 : -1} title={content} className={mergeClasses(styles.cell, isNumber(type) && styles.number)} style={{ width: widths[i], marginInlineStart: start === before ? before : 0 }}
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
      {pointed && <CellMenu at={pointed} column={columns[shown[pointed.column] ?? 0]} value={text(rows[places[pointed.row] ?? 0]?.[shown[pointed.column] ?? 0])} onFilter={(value, not) => onFilter({ column: shown[pointed.column] ?? 0, value, ...(not ? { not } : {}) })} onCopy={() => copy(pointed.row, pointed.column)} onOpen={() => onOpen(places[pointed.row] ?? 0)} onClose={unpoint} />}
    </div>
  );
}
