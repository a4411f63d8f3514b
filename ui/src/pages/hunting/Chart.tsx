import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { useId } from "react";
import { ticks } from "../../lib/chart";
import type { ChartKind, Drawing } from "../../lib/huntChart";
import { count } from "../../lib/words";

const useStyles = makeStyles({
  figure: { margin: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minWidth: 0 },
  svg: { display: "block", width: "100%", maxWidth: "1100px", maxHeight: "420px" },
  text: { fill: tokens.colorNeutralForeground2, fontSize: "11px", fontFamily: tokens.fontFamilyBase },
  axis: { stroke: tokens.colorNeutralStroke2, strokeWidth: 1 },
  legend: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalL, margin: 0, padding: 0, listStyleType: "none" },
  key: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, maxWidth: "320px", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  cards: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalL },
  card: { display: "flex", flexDirection: "column", padding: tokens.spacingHorizontalL, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusLarge, minWidth: "160px" },
  big: { fontSize: tokens.fontSizeHero800, lineHeight: tokens.lineHeightHero800, fontWeight: tokens.fontWeightSemibold },
});

const width = 960;
const height = 320;
const pad = { left: 64, right: 12, top: 12, bottom: 40 };

// Beside its colour each series has a dash or a hatch of its own.
const colours = [
  tokens.colorBrandForeground1, tokens.colorPaletteMarigoldBorderActive, tokens.colorPaletteBerryForeground2, tokens.colorPaletteBlueForeground2, tokens.colorPaletteForestForeground2,
  tokens.colorPalettePumpkinForeground2, tokens.colorPaletteGrapeForeground2, tokens.colorPaletteTealForeground2, tokens.colorPaletteBrownForeground2, tokens.colorPaletteSteelForeground2, tokens.colorPaletteCranberryForeground2, tokens.colorPalettePlumForeground2,
];
const dashes = ["", "8 3", "2 3", "10 3 2 3", "5 5", "1 4", "12 4", "6 2 2 2 2 2", "3 6", "14 3 3 3"];
const colour = (i: number) => colours[i % colours.length] ?? tokens.colorBrandForeground1;

const short = (label: string, most: number) => (label.length > most ? `${label.slice(0, most - 1)}…` : label);
const moment = (label: string, whole: boolean) => (whole ? label.slice(5, 16).replace("T", " ") : label.slice(0, 10));
const figure = (value: number) => value.toLocaleString(undefined, { maximumFractionDigits: 2 });

/** summary says in words what a chart draws. */
function summary(kind: string, drawn: Drawing): string {
  const all = drawn.series.flatMap((one) => one.values.flatMap((value, i) => (value === null ? [] : [{ name: one.name, label: drawn.labels[i] ?? "", value }])));
  const top = all.reduce<(typeof all)[number] | undefined>((most, one) => (!most || one.value > most.value ? one : most), undefined);
  return `${kind}. ${count(drawn.series.length, "series", "series")}, ${count(drawn.labels.length, "point")}.${top ? ` Most: ${figure(top.value)} at ${[top.label, top.name].filter(Boolean).join(", ")}.` : ""} The table tells the same.`;
}

interface Props {
  kind: ChartKind;
  name: string;
  drawn: Drawing;
}

/** Chart draws what a query found. The table beside it is its twin, and says the same. */
export function Chart({ kind, name, drawn }: Props) {
  const styles = useStyles();
  const left = [drawn.left.series > 0 && count(drawn.left.series, "more series", "more series"), drawn.left.points > 0 && count(drawn.left.points, "more point")].filter(Boolean).join(" and ");
  if (kind === "card") return <Cards drawn={drawn} />;
  const body = kind === "pie" ? <Pie drawn={drawn} /> : kind === "bar" ? <Bars drawn={drawn} /> : <Plot kind={kind} drawn={drawn} />;
  const keys = kind === "pie" ? drawn.labels : drawn.series.map((one) => one.name);
  return (
    <figure className={styles.figure}>
      {drawn.title && <Text as="h3" weight="semibold">{drawn.title}</Text>}
      <svg className={styles.svg} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${drawn.title ? `${drawn.title}. ` : ""}${summary(name, drawn)}`}>{body}</svg>
      {(keys.length > 1 || kind === "pie") && (
        <ul className={styles.legend}>
          {keys.map((key, i) => (
            <li key={key} className={styles.key} title={key}>
              <svg width="22" height="12" aria-hidden>
                {kind === "pie" ? <rect width="12" height="12" rx="2" fill={colour(i)} /> : <line x1="0" y1="6" x2="22" y2="6" stroke={colour(i)} strokeWidth="4" strokeDasharray={dashes[i % dashes.length]} />}
              </svg>
              <Text size={200}>{kind === "pie" ? `${key || "(empty)"}: ${figure(drawn.series[0]?.values[i] ?? 0)}` : key || drawn.yTitle}</Text>
            </li>
          ))}
        </ul>
      )}
      {left && <Text size={200}>{`Not drawn: ${left}. The table has all.`}</Text>}
    </figure>
  );
}

function Cards({ drawn }: { drawn: Drawing }) {
  const styles = useStyles();
  return (
    <div className={styles.cards}>
      {drawn.series.map((one) => (
        <div key={one.name} className={styles.card}>
          <span className={styles.big}>{figure(one.values[0] ?? 0)}</span>
          <Text>{one.name}</Text>
        </div>
      ))}
    </div>
  );
}

/** scale is the marks of the axis of values, from the least to the most that there is. */
function scale(least: number, most: number): number[] {
  if (least >= 0) return ticks(most);
  return [...ticks(-least).slice(1).map((mark) => -mark).reverse(), ...ticks(Math.max(most, 0))];
}

function Plot({ kind, drawn }: { kind: ChartKind; drawn: Drawing }) {
  const styles = useStyles();
  const id = useId();
  const stacked = kind === "stackedarea" || kind === "column";
  const sums = drawn.labels.map((_, i) => drawn.series.reduce((sum, one) => sum + Math.max(0, one.values[i] ?? 0), 0));
  const values = drawn.series.flatMap((one) => one.values.map((value) => value ?? 0));
  const marks = scale(Math.min(0, ...values), Math.max(0, ...(stacked ? sums : values)));
  const low = marks[0] ?? 0;
  const high = marks[marks.length - 1] ?? 1;
  const y = (value: number) => height - pad.bottom - ((value - low) / (high - low || 1)) * (height - pad.bottom - pad.top);
  const first = drawn.at?.[0] ?? 0;
  const span = (drawn.at?.[drawn.at.length - 1] ?? 1) - first || 1;
  const room = width - pad.left - pad.right;
  const step = room / Math.max(drawn.labels.length, 1);
  const x = (i: number) => (drawn.at && kind !== "column" ? pad.left + (((drawn.at[i] ?? 0) - first) / span) * room : pad.left + (i + 0.5) * step);
  const every = Math.max(1, Math.ceil(drawn.labels.length / 8));
  const below = drawn.labels.map(() => 0);
  return (
    <>
      {marks.map((mark) => (
        <g key={mark}>
          <line className={styles.axis} x1={pad.left} x2={width - pad.right} y1={y(mark)} y2={y(mark)} />
          <text className={styles.text} x={pad.left - 6} y={y(mark) + 4} textAnchor="end">{figure(mark)}</text>
        </g>
      ))}
      {drawn.labels.map((label, i) => i % every === 0 && (
        <text key={label} className={styles.text} x={x(i)} y={height - pad.bottom + 16} textAnchor={i === 0 && drawn.at ? "start" : "middle"}>
          {drawn.time ? moment(label, span < 4 * 86_400_000) : short(label || "(empty)", 14)}
        </text>
      ))}
      {drawn.xTitle && <text className={styles.text} x={pad.left + room / 2} y={height - 6} textAnchor="middle">{drawn.xTitle}</text>}
      {drawn.series.map((one, n) => {
        const points = one.values.flatMap((value, i) => {
          if (value === null) return [];
          const from = stacked ? (below[i] ?? 0) : 0;
          if (stacked) below[i] = from + value;
          return [{ i, from, to: from + value, value }];
        });
        const tip = (i: number, value: number) => <title>{[drawn.labels[i], one.name, figure(value)].filter(Boolean).join(", ")}</title>;
        if (kind === "column") {
          return (
            <g key={one.name}>
              <pattern id={`${id}-${n}`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform={`rotate(${n * 45})`}>
                <rect width="6" height="6" fill={colour(n)} />
                {n > 0 && <line x1="0" y1="0" x2="0" y2="6" stroke={tokens.colorNeutralBackground1} strokeWidth="1.5" />}
              </pattern>
              {points.map(({ i, from, to, value }) => (
                <rect key={i} x={x(i) - step * 0.35} width={Math.max(1, step * 0.7)} y={Math.min(y(from), y(to))} height={Math.abs(y(from) - y(to))} fill={`url(#${id}-${n})`}>{tip(i, value)}</rect>
              ))}
            </g>
          );
        }
        if (kind === "scatter") return <g key={one.name}>{points.map(({ i, value }) => <circle key={i} cx={x(i)} cy={y(value)} r="4" fill={colour(n)} stroke={tokens.colorNeutralBackground1}>{tip(i, value)}</circle>)}</g>;
        const path = points.map(({ i, to }, k) => `${k ? "L" : "M"}${x(i).toFixed(1)} ${y(to).toFixed(1)}`).join("");
        const back = points.toReversed().map(({ i, from }) => `L${x(i).toFixed(1)} ${y(from).toFixed(1)}`).join("");
        return (
          <g key={one.name}>
            {kind !== "line" && <path d={`${path}${back}Z`} fill={colour(n)} fillOpacity={stacked ? 0.7 : 0.25} />}
            <path d={path} fill="none" stroke={colour(n)} strokeWidth="2" strokeDasharray={dashes[n % dashes.length]} />
            {points.length <= 60 && points.map(({ i, to, value }) => <circle key={i} cx={x(i)} cy={y(to)} r="3" fill={colour(n)}>{tip(i, value)}</circle>)}
          </g>
        );
      })}
    </>
  );
}

/** Bars lie, so that long names have room. */
function Bars({ drawn }: { drawn: Drawing }) {
  const styles = useStyles();
  const most = Math.max(1e-9, ...drawn.labels.map((_, i) => drawn.series.reduce((sum, one) => sum + Math.abs(one.values[i] ?? 0), 0)));
  const step = (height - 12) / Math.max(drawn.labels.length, 1);
  const from = 260;
  return (
    <>
      {drawn.labels.map((label, i) => {
        let x = from;
        return (
          <g key={label}>
            <text className={styles.text} x={from - 8} y={6 + (i + 0.5) * step + 4} textAnchor="end">
              {short(label || "(empty)", 40)}
              <title>{label}</title>
            </text>
            {drawn.series.map((one, n) => {
              const long = (Math.abs(one.values[i] ?? 0) / most) * (width - from - 90);
              const at = x;
              x += long;
              return <rect key={one.name} x={at} y={6 + i * step + step * 0.15} width={long} height={step * 0.7} fill={colour(n)} stroke={tokens.colorNeutralBackground1}><title>{[label, one.name, figure(one.values[i] ?? 0)].filter(Boolean).join(", ")}</title></rect>;
            })}
            <text className={styles.text} x={x + 6} y={6 + (i + 0.5) * step + 4}>{figure(drawn.series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0))}</text>
          </g>
        );
      })}
    </>
  );
}

function Pie({ drawn }: { drawn: Drawing }) {
  const values = (drawn.series[0]?.values ?? []).map((value) => Math.max(0, value ?? 0));
  const total = values.reduce((sum, value) => sum + value, 0) || 1;
  const [cx, cy, r] = [width / 2, height / 2, height / 2 - 10];
  const upTo = values.map((_, i) => values.slice(0, i).reduce((sum, value) => sum + value, 0) / total);
  return (
    <>
      {values.map((value, i) => {
        const share = value / total;
        const turned = upTo[i] ?? 0;
        const [a, b] = [turned * 2 * Math.PI, (turned + share) * 2 * Math.PI];
        if (share === 0) return null;
        const at = (angle: number) => `${(cx + r * Math.sin(angle)).toFixed(1)} ${(cy - r * Math.cos(angle)).toFixed(1)}`;
        const shape = share > 0.9999 ? `M${cx} ${cy - r}A${r} ${r} 0 1 1 ${cx} ${cy + r}A${r} ${r} 0 1 1 ${cx} ${cy - r}Z` : `M${cx} ${cy}L${at(a)}A${r} ${r} 0 ${share > 0.5 ? 1 : 0} 1 ${at(b)}Z`;
        return <path key={drawn.labels[i]} d={shape} fill={colour(i)} stroke={tokens.colorNeutralBackground1} strokeWidth="2"><title>{`${drawn.labels[i] ?? ""}: ${figure(value)} (${Math.round(share * 100)} %)`}</title></path>;
      })}
    </>
  );
}
