import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useId } from "react";
import { day } from "../lib/dates";
import { chartSummary, ticks, type Series } from "../lib/chart";

const useStyles = makeStyles({
  figure: { margin: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minWidth: 0 },
  svg: { display: "block", width: "100%", maxWidth: "760px" },
  text: { fill: tokens.colorNeutralForeground2, fontSize: "11px", fontFamily: tokens.fontFamilyBase },
  line: { stroke: tokens.colorNeutralStroke2, strokeWidth: 1 },
  first: { fill: tokens.colorBrandForeground1 },
  second: { fill: tokens.colorPaletteMarigoldBackground3 },
  third: { fill: tokens.colorPaletteTealBorderActive },
  hatch: { stroke: tokens.colorNeutralBackground1, strokeWidth: 1.5 },
  legend: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalL, margin: 0, padding: 0, listStyleType: "none" },
  key: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  summary: { cursor: "pointer", minHeight: "24px", color: tokens.colorBrandForegroundLink },
  scroll: { maxHeight: "320px", overflowY: "auto" },
  table: { borderCollapse: "collapse", minWidth: "320px", fontVariantNumeric: "tabular-nums" },
  cell: { textAlign: "start", padding: `2px ${tokens.spacingHorizontalL} 2px 0`, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
});

const width = 640;
const height = 170;
const left = 34;
const bottom = 22;
const top = 8;

/** DayChart draws numbers by day, one upon the other, each kind with its colour and its pattern. The table below it says the same. */
export function DayChart({ title, days, series }: { title: string; days: readonly string[]; series: readonly Series[] }) {
  const styles = useStyles();
  const id = useId();
  const fills = [styles.first, styles.second, styles.third];
  const totals = days.map((_, i) => series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0));
  const marks = ticks(Math.max(0, ...totals));
  const most = marks[marks.length - 1] ?? 1;
  const step = (width - left) / Math.max(days.length, 1);
  const y = (value: number) => height - bottom - (value / most) * (height - bottom - top);
  const every = days.length > 10 ? 7 : 1;
  return (
    <figure className={styles.figure}>
      <svg className={styles.svg} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}. ${chartSummary(days, series)} The table below says the same.`}>
        <defs>
          {["0", "45", "90"].map((turn, n) => (
            <pattern key={turn} id={`${id}-${n}`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform={`rotate(${turn})`}>
              <rect width="6" height="6" className={fills[n]} />
              {n > 0 && <line x1="0" y1="0" x2="0" y2="6" className={styles.hatch} />}
            </pattern>
          ))}
        </defs>
        {marks.map((mark) => (
          <g key={mark}>
            <line className={styles.line} x1={left} x2={width} y1={y(mark)} y2={y(mark)} />
            <text className={styles.text} x={left - 6} y={y(mark) + 4} textAnchor="end">{mark.toLocaleString()}</text>
          </g>
        ))}
        {days.map((date, i) => {
          let below = 0;
          return (
            <g key={date}>
              {series.map((one, n) => {
                const value = one.values[i] ?? 0;
                const from = below;
                below += value;
                return value > 0 && <rect key={one.name} x={left + i * step + step * 0.15} width={step * 0.7} y={y(below)} height={y(from) - y(below)} fill={`url(#${id}-${n})`} />;
              })}
              {(days.length - 1 - i) % every === 0 && (
                <text className={styles.text} x={left + (i + 0.5) * step} y={height - 6} textAnchor={i === days.length - 1 && every > 1 ? "end" : "middle"}>{day(date)}</text>
              )}
            </g>
          );
        })}
      </svg>
      <ul className={styles.legend}>
        {series.map((one, n) => (
          <li key={one.name} className={styles.key}>
            <svg width="14" height="14" aria-hidden>
              <rect width="14" height="14" rx="2" fill={`url(#${id}-${n})`} />
            </svg>
            <Text size={200}>{one.name}</Text>
          </li>
        ))}
      </ul>
      <details>
        <summary className={styles.summary}>{`${title}, as a table`}</summary>
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={`${title}, the table`}>
          <table className={styles.table}>
            <thead>
              <tr>
                {["Day (UTC)", ...series.map((one) => one.name)].map((name) => (
                  <th key={name} scope="col" className={styles.cell}>{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((date, i) => (
                <tr key={date}>
                  <th scope="row" className={mergeClasses(styles.cell)}>{day(date)}</th>
                  {series.map((one) => (
                    <td key={one.name} className={styles.cell}>{(one.values[i] ?? 0).toLocaleString()}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
