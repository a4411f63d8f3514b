import { Text, makeStyles, mergeClasses, tokens, useArrowNavigationGroup } from "@fluentui/react-components";
import { CheckmarkCircle20Filled, CircleHalfFill20Filled, LineHorizontal120Regular, Prohibited20Regular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import type { CellState } from "../lib/reasons";

export interface MatrixCell {
  state: CellState;
  /** Says more than the state's word: where it holds, or why not. */
  note: string;
}

interface MatrixProps {
  label: string;
  columns: readonly { id: string; label: string }[];
  rows: readonly { id: string; label: string; note?: string | undefined }[];
  cell: (row: string, column: string) => MatrixCell | undefined;
  open?: { row: string; column: string } | undefined;
  onOpen: (row: string, column: string) => void;
}

const useStyles = makeStyles({
  scroll: { overflowX: "auto" },
  table: { borderCollapse: "separate", borderSpacing: "4px", minWidth: "820px", width: "100%", tableLayout: "fixed" },
  head: { textAlign: "left", padding: tokens.spacingHorizontalS, fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground2 },
  row: { textAlign: "left", padding: tokens.spacingHorizontalS, fontWeight: tokens.fontWeightRegular, width: "26%" },
  quiet: { color: tokens.colorNeutralForeground3, display: "block" },
  button: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    width: "100%",
    minHeight: "40px",
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
    border: "1px solid transparent",
    borderRadius: tokens.borderRadiusMedium,
    font: "inherit",
    textAlign: "left",
    cursor: "pointer",
    ":hover": { border: `1px solid ${tokens.colorNeutralStroke1Hover}` },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "1px" },
  },
  yes: { backgroundColor: tokens.colorPaletteGreenBackground1, color: tokens.colorPaletteGreenForeground1 },
  some: { backgroundColor: tokens.colorPaletteMarigoldBackground1, color: tokens.colorNeutralForeground1 },
  no: { backgroundColor: tokens.colorNeutralBackground3, color: tokens.colorNeutralForeground2 },
  inapplicable: { backgroundColor: "transparent", color: tokens.colorNeutralForeground3 },
  open: { border: `1px solid ${tokens.colorNeutralStrokeAccessible}` },
  glyph: { display: "inline-flex", flexShrink: 0 },
});

const looks: Record<CellState, [ReactNode, string]> = {
  yes: [<CheckmarkCircle20Filled key="g" />, "Yes"],
  some: [<CircleHalfFill20Filled key="g" />, "Some devices"],
  no: [<Prohibited20Regular key="g" />, "No"],
  inapplicable: [<LineHorizontal120Regular key="g" />, "Not applicable"],
};

/** Matrix is capabilities by products. Each cell has a glyph, a word and a colour, and opens its proof. */
export function Matrix({ label, columns, rows, cell, open, onOpen }: MatrixProps) {
  const styles = useStyles();
  const arrows = useArrowNavigationGroup({ axis: "grid", memorizeCurrent: true });
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col" className={mergeClasses(styles.head, styles.row)}>
              What can be done
            </th>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={styles.head}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...arrows}>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row" className={styles.row}>
                {row.label}
                {row.note && <Text size={200} className={styles.quiet}>{row.note}</Text>}
              </th>
              {columns.map((column) => {
                const found = cell(row.id, column.id);
                const state = found?.state ?? "inapplicable";
                const [glyph, word] = looks[state];
                const isOpen = open?.row === row.id && open.column === column.id;
                return (
                  <td key={column.id}>
                    <button
                      type="button"
                      className={mergeClasses(styles.button, styles[state], isOpen && styles.open)}
                      data-row={`${row.id}|${column.id}`}
                      aria-label={`${row.label}, ${column.label}: ${word}. ${found?.note ?? ""}`}
                      title={found?.note}
                      onClick={() => onOpen(row.id, column.id)}
                    >
                      <span className={styles.glyph} aria-hidden>
                        {glyph}
                      </span>
                      {word}
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
