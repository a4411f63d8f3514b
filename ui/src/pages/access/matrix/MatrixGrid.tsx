import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircle16Filled, CircleHalfFill16Filled, LineHorizontal116Regular, Prohibited16Regular } from "@fluentui/react-icons";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { AccessRow } from "../../../api/access";
import { useTasks } from "../../../components/useTasks";
import { moved, type Place } from "../../../lib/gridKeys";
import { cellState, reasonWords, type CellState } from "../../../lib/reasons";
import { shortTask, workloadLabel } from "../../../lib/words";

const useStyles = makeStyles({
  scroll: { overflow: "auto", maxHeight: "70vh", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium },
  table: { borderCollapse: "separate", borderSpacing: 0 },
  top: { position: "sticky", top: 0, zIndex: 2, backgroundColor: tokens.colorNeutralBackground1 },
  corner: { position: "sticky", left: 0, zIndex: 3, backgroundColor: tokens.colorNeutralBackground1 },
  group: { textAlign: "left", padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`, fontWeight: tokens.fontWeightSemibold, borderLeft: `1px solid ${tokens.colorNeutralStroke2}`, whiteSpace: "nowrap" },
  task: { verticalAlign: "bottom", fontWeight: tokens.fontWeightRegular, padding: `${tokens.spacingVerticalXS} 0`, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  upright: { writingMode: "vertical-rl", transform: "rotate(180deg)", fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, whiteSpace: "nowrap", margin: "0 auto" },
  name: {
    position: "sticky",
    left: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    textAlign: "left",
    fontWeight: tokens.fontWeightRegular,
    padding: `2px ${tokens.spacingHorizontalM}`,
    minWidth: "200px",
    maxWidth: "260px",
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  first: { borderLeft: `1px solid ${tokens.colorNeutralStroke2}` },
  cell: { padding: "2px", textAlign: "center" },
  mark: {
    display: "inline-flex",
    alignItems: "center",
    justifyContent: "center",
    width: "28px",
    height: "28px",
    borderRadius: tokens.borderRadiusSmall,
    border: "1px solid transparent",
    cursor: "pointer",
    ":hover": { border: `1px solid ${tokens.colorNeutralStroke1Hover}` },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "1px" },
  },
  open: { border: `1px solid ${tokens.colorNeutralStrokeAccessible}` },
  yes: { backgroundColor: tokens.colorPaletteGreenBackground1, color: tokens.colorPaletteGreenForeground1 },
  some: { backgroundColor: tokens.colorPaletteMarigoldBackground1, color: tokens.colorNeutralForeground1 },
  no: { backgroundColor: tokens.colorNeutralBackground3, color: tokens.colorNeutralForeground2 },
  inapplicable: { backgroundColor: "transparent", color: tokens.colorNeutralForeground3 },
  legend: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalL, listStyleType: "none", margin: 0, padding: 0 },
  entry: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  swatch: { cursor: "default", width: "20px", height: "20px" },
});

const looks: Record<CellState, [ReactNode, string]> = {
  yes: [<CheckmarkCircle16Filled key="g" />, "Yes"],
  some: [<CircleHalfFill16Filled key="g" />, "Some devices"],
  no: [<Prohibited16Regular key="g" />, "No"],
  inapplicable: [<LineHorizontal116Regular key="g" />, "Not applicable"],
};

/** cellKey names a cell in the address, and for the focus that returns to it. */
export const rowKey = (row: AccessRow) => row.principal ?? `role:${row.role?.id ?? ""}`;

interface MatrixGridProps {
  label: string;
  rows: readonly AccessRow[];
  /** The row and the column whose proof is open. */
  open: string;
  onOpen: (row: AccessRow, capability: string, workload: string) => void;
}

/**
 * MatrixGrid is who by what by where. For the keyboard it is one stop: arrows move by a cell, Home and End within the
 * row, with Ctrl to the corners, PgUp and PgDn by ten rows; Enter or Space opens the proof.
 */
export function MatrixGrid({ label, rows, open, onOpen }: MatrixGridProps) {
  const styles = useStyles();
  const task = useTasks();
  const table = useRef<HTMLTableElement>(null);
  const [wanted, setAt] = useState<Place>({ row: 0, column: 0 });
  const columns = (rows[0]?.cells ?? []).map(({ workload, capability }) => ({ workload, capability }));
  const at = { row: Math.min(wanted.row, rows.length - 1), column: Math.min(wanted.column, columns.length - 1) };
  const workloads = [...new Set(columns.map((c) => c.workload))];

  function key(event: KeyboardEvent) {
    const next = moved(at, event.key, event.ctrlKey || event.metaKey, rows.length, columns.length);
    if (!next) return;
    event.preventDefault();
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next.row},${next.column}"]`)?.focus();
  }
  return (
    <div className={styles.scroll}>
      <table ref={table} role="grid" aria-label={label} aria-rowcount={rows.length + 2} aria-colcount={columns.length + 1} className={styles.table} onKeyDown={key}>
        <thead className={styles.top}>
          <tr>
            <th scope="col" rowSpan={2} className={mergeClasses(styles.group, styles.corner)}>
              Who
            </th>
            {workloads.map((workload) => (
              <th key={workload} scope="colgroup" colSpan={columns.filter((c) => c.workload === workload).length} className={styles.group}>
                {workloadLabel(workload)}
              </th>
            ))}
          </tr>
          <tr>
            {columns.map((column, i) => (
              <th key={i} scope="col" title={task(column.capability)} className={mergeClasses(styles.task, starts(columns, i) && styles.first)}>
                <div className={styles.upright}>{shortTask(column.capability)}</div>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={rowKey(row)}>
              <th scope="row" className={styles.name} title={row.principal}>
                <Text block truncate wrap={false}>{row.displayName}</Text>
                {(row.role || (row.reason && row.reason !== "allowed")) && (
                  <Text size={100} block className={styles.quiet}>{row.role ? workloadLabel(row.role.workload) : reasonWords(row.reason ?? "")}</Text>
                )}
              </th>
              {row.cells.map((cell, c) => {
                const { state, note } = cellState(cell);
                const [glyph, word] = looks[state];
                const id = `${rowKey(row)}|${cell.capability}|${cell.workload}`;
                const name = `${row.displayName}, ${task(cell.capability)}, ${workloadLabel(cell.workload)}: ${word}. ${note}`;
                return (
                  <td key={c} role="gridcell" className={mergeClasses(styles.cell, starts(columns, c) && styles.first)}>
                    <button
                      type="button"
                      className={mergeClasses(styles.mark, styles[state], open === id && styles.open)}
                      data-row={id}
                      data-at={`${r},${c}`}
                      data-state={state}
                      tabIndex={at.row === r && at.column === c ? 0 : -1}
                      aria-label={name.trim()}
                      title={`${word}. ${note}`.trim()}
                      onFocus={() => setAt({ row: r, column: c })}
                      onClick={() => onOpen(row, cell.capability, cell.workload)}
                    >
                      <span aria-hidden>{glyph}</span>
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function starts(columns: readonly { workload: string }[], i: number): boolean {
  return i === 0 || columns[i]?.workload !== columns[i - 1]?.workload;
}

/** Legend says what the glyphs mean. */
export function Legend() {
  const styles = useStyles();
  return (
    <ul className={styles.legend} aria-label="What the marks mean">
      {(Object.keys(looks) as CellState[]).map((state) => (
        <li key={state} className={styles.entry}>
          <span className={mergeClasses(styles.mark, styles[state], styles.swatch)} aria-hidden>
            {looks[state][0]}
          </span>
          <Text size={200}>{looks[state][1]}</Text>
        </li>
      ))}
    </ul>
  );
}
