import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { useEffect, useId, useRef, useState, type RefObject } from "react";
import { ticks } from "../../lib/chart";
import { marksOf, type ChartKind, type Drawing } from "../../lib/huntChart";
import { count } from "../../lib/words";

const useStyles = makeStyles({
  figure: { margin: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minWidth: 0 },
  svg: { display: "block" },
  text: { fill: tokens.colorNeutralForeground2, fontSize: "11px", fontFamily: tokens.fontFamilyBase },
  axis: { stroke: tokens.colorNeutralStroke2, strokeWidth: 1 },
  legend: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalL, margin: 0, padding: 0, listStyleType: "none" },
  key: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, maxWidth: "320px", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  cards: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalL },
  card: { display: "flex", flexDirection: "column", padding: tokens.spacingHorizontalL, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusLarge, minWidth: "160px" },
  big: { fontSize: tokens.fontSizeHero800, lineHeight: tokens.lineHeightHero800, fontWeight: tokens.fontWeightSemibold },
});

const tall = 280;
const bar = 22; // what one bar takes, so that its name can be read
const pad = { left: 64, right: 12, top: 24, bottom: 40 };

// Beside its colour each series has a dash or a hatch of its own.
const colours = [
  tokens.colorBrandForeground1, tokens.colorPaletteMarigoldBorderActive, tokens.colorPaletteBerryBorderActive, tokens.colorPaletteBlueBorderActive, tokens.colorPaletteForestBorderActive,
  tokens.colorPalettePumpkinBorderActive, tokens.colorPaletteGrapeBorderActive, tokens.colorPaletteTealBorderActive, tokens.colorPaletteBrownBorderActive, tokens.colorPaletteSteelBorderActive, tokens.colorPaletteCranberryBorderActive, tokens.colorPalettePlumBorderActive,
];
const dashes = ["", "8 3", "2 3", "10 3 2 3", "5 5", "1 4", "12 4", "6 2 2 2 2 2", "3 6", "14 3 3 3"];
const colour = (i: number) => colours[i % colours.length] ?? tokens.colorBrandForeground1;

/** useWidth is the room that a chart has, so that its words keep their size whatever it is. */
function useWidth(): [RefObject<HTMLElement | null>, number] {
  const frame = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!frame.current) return undefined;
    const watch = new ResizeObserver(([entry]) => entry && setWidth(Math.min(Math.max(Math.floor(entry.contentRect.width), 320), 1400)));
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  return [frame, width];
}

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
export function Chart(props: Props) {
  return props.kind === "card" ? <Cards drawn={props.drawn} /> : <Figure {...props} />;
}

function Figure({ kind, name, drawn }: Props) {
  const styles = useStyles();
  const id = useId();
  const [frame, width] = useWidth();
  const left = [drawn.left.series > 0 && count(drawn.left.series, "more series", "more series"), drawn.left.points > 0 && count(drawn.left.points, "more point")].filter(Boolean).join(" and ");
  const height = kind === "bar" ? drawn.labels.length * bar + 12 : tall;
  const size = { width, height, id };
  const body = kind === "pie" ? <Pie drawn={drawn} {...size} /> : kind === "bar" ? <Bars drawn={drawn} {...size} /> : <Plot kind={kind} drawn={drawn} {...size} />;
  const keys = kind === "pie" ? drawn.labels : drawn.series.map((one) => one.name);
  const filled = kind !== "line" && kind !== "area" && kind !== "scatter";
  return (
    <figure className={styles.figure} ref={frame}>
      {drawn.title && <Text as="h3" weight="semibold">{drawn.title}</Text>}
      {width > 0 && (
        <svg className={styles.svg} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${drawn.title ? `${drawn.title}. ` : ""}${summary(name, drawn)}`}>
          <defs>{keys.map((_, n) => <Hatch key={n} id={`${id}-${n}`} n={n} />)}</defs>
          {body}
        </svg>
      )}
      {(keys.length > 1 || kind === "pie") && (
        <ul className={styles.legend}>
          {keys.map((key, i) => (
            <li key={key} className={styles.key} title={key}>
              <svg width={filled ? 14 : 22} height="14" aria-hidden>
                {filled ? <rect width="14" height="14" rx="2" fill={`url(#${id}-${i})`} /> : kind === "scatter" ? <circle cx="11" cy="7" r="5" fill={colour(i)} /> : <line x1="0" y1="7" x2="22" y2="7" stroke={colour(i)} strokeWidth="4" strokeDasharray={dashes[i % dashes.length]} />}
              </svg>
              <Text size={200}>{kind === "pie" ? slice(drawn, i) : key || drawn.yTitle}</Text>
            </li>
          ))}
        </ul>
      )}
      {left && <Text size={200}>{`Not drawn: ${left}. The table has all.`}</Text>}
    </figure>
  );
}

/** Hatch fills a surface in the colour of a series, the first plainly and the others each with lines. */
function Hatch({ id, n }: { id: string; n: number }) {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform={`rotate(${n * 45})`}>
      <rect width="6" height="6" fill={colour(n)} />
      {n > 0 && <line x1="0" y1="0" x2="0" y2="6" stroke={tokens.colorNeutralBackground1} strokeWidth="1.5" />}
    </pattern>
  );
}

const sliceValue = (drawn: Drawing, i: number) => Math.max(0, drawn.series[0]?.values[i] ?? 0);
const slice = (drawn: Drawing, i: number) => {
  const total = drawn.labels.reduce((sum, _, n) => sum + sliceValue(drawn, n), 0) || 1;
  return `${drawn.labels[i] || "(empty)"}: ${figure(sliceValue(drawn, i))} (${figure(Math.round((sliceValue(drawn, i) / total) * 1000) / 10)} %)`;
};

interface Size {
  width: number;
  height: number;
  /** What the fills of the series begin with. */
  id: string;
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

function Plot({ kind, drawn, width, height, id }: Size & { kind: ChartKind; drawn: Drawing }) {
  const styles = useStyles();
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
  const onLine = drawn.at && kind !== "column" && drawn.labels.length > 1 ? drawn.at : undefined;
  const place = (at: number) => pad.left + ((at - first) / span) * room;
  const x = (i: number) => (onLine ? place(onLine[i] ?? 0) : pad.left + (i + 0.5) * step);
  const most = Math.max(2, Math.floor(room / 110));
  const every = Math.max(1, Math.ceil(drawn.labels.length / most));
  const days = span >= 4 * 86_400_000;
  const bottom = onLine ? marksOf(first, first + span, drawn.time, most).map((at) => ({ at: place(at), label: drawn.time ? moment(new Date(at).toISOString(), !days) : figure(at) }))
    : drawn.labels.flatMap((label, i) => (i % every === 0 ? [{ at: x(i), label: drawn.time ? moment(label, !days) : short(label || "(empty)", 15) }] : []));
  const below = drawn.labels.map(() => 0);
  return (
    <>
      {marks.map((mark) => (
        <g key={mark}>
          <line className={styles.axis} x1={pad.left} x2={width - pad.right} y1={y(mark)} y2={y(mark)} />
          <text className={styles.text} x={pad.left - 6} y={y(mark) + 4} textAnchor="end">{figure(mark)}</text>
        </g>
      ))}
      {bottom.map(({ at, label }) => (
        <g key={at}>
          {onLine && <line className={styles.axis} x1={at} x2={at} y1={height - pad.bottom} y2={height - pad.bottom + 4} />}
          <text className={styles.text} x={at} y={height - pad.bottom + 16} textAnchor="middle">{label}</text>
        </g>
      ))}
      {drawn.yTitle && <text className={styles.text} x={0} y={12}>{short(drawn.yTitle, 80)}</text>}
      {drawn.xTitle && <text className={styles.text} x={pad.left + room / 2} y={height - 6} textAnchor="middle">{drawn.xTitle}</text>}
      {drawn.series.map((one, n) => {
        const points = one.values.flatMap((value, i) => {
          if (value === null && kind !== "stackedarea") return [];
          const from = stacked ? (below[i] ?? 0) : 0;
          const to = from + (value ?? 0); // where a stack has nothing of a series, it is as high as it was
          if (stacked) below[i] = to;
          return [{ i, from, to, value }];
        });
        const tip = (i: number, value: number | null) => <title>{[drawn.labels[i], one.name, figure(value ?? 0)].filter(Boolean).join(", ")}</title>;
        if (kind === "column") {
          return (
            <g key={one.name}>
              {points.map(({ i, from, to, value }) => (
                <rect key={i} x={x(i) - step * 0.35} width={Math.max(1, step * 0.7)} y={Math.min(y(from), y(to))} height={Math.abs(y(from) - y(to))} fill={`url(#${id}-${n})`}>{tip(i, value)}</rect>
              ))}
            </g>
          );
        }
        if (kind === "scatter") return <g key={one.name}>{points.map(({ i, value }) => <circle key={i} cx={x(i)} cy={y(value ?? 0)} r="4" fill={colour(n)} stroke={tokens.colorNeutralBackground1}>{tip(i, value)}</circle>)}</g>;
        const path = points.map(({ i, to }, k) => `${k ? "L" : "M"}${x(i).toFixed(1)} ${y(to).toFixed(1)}`).join("");
        const back = points.toReversed().map(({ i, from }) => `L${x(i).toFixed(1)} ${y(from).toFixed(1)}`).join("");
        return (
          <g key={one.name}>
            {kind !== "line" && <path d={`${path}${back}Z`} fill={stacked ? `url(#${id}-${n})` : colour(n)} fillOpacity={stacked ? 0.8 : 0.25} />}
            <path d={path} fill="none" stroke={colour(n)} strokeWidth="2" strokeDasharray={stacked ? undefined : dashes[n % dashes.length]} />
            {points.length <= 60 && points.map(({ i, to, value }) => value !== null && <circle key={i} cx={x(i)} cy={y(to)} r="3" fill={colour(n)}>{tip(i, value)}</circle>)}
          </g>
        );
      })}
    </>
  );
}

/** Bars lie, so that long names have room. */
function Bars({ drawn, width, id }: Size & { drawn: Drawing }) {
  const styles = useStyles();
  const most = Math.max(1e-9, ...drawn.labels.map((_, i) => drawn.series.reduce((sum, one) => sum + Math.abs(one.values[i] ?? 0), 0)));
  const step = bar;
  const from = Math.min(260, width * 0.4);
  return (
    <>
      {drawn.labels.map((label, i) => {
        let x = from;
        return (
          <g key={label}>
            <text className={styles.text} x={from - 8} y={6 + (i + 0.5) * step + 4} textAnchor="end">
              {short(label || "(empty)", Math.floor(from / 6.5))}
              <title>{label}</title>
            </text>
            {drawn.series.map((one, n) => {
              const long = (Math.abs(one.values[i] ?? 0) / most) * (width - from - 90);
              const at = x;
              x += long;
              return <rect key={one.name} x={at} y={6 + i * step + step * 0.15} width={long} height={step * 0.7} fill={`url(#${id}-${n})`} stroke={tokens.colorNeutralBackground1}><title>{[label, one.name, figure(one.values[i] ?? 0)].filter(Boolean).join(", ")}</title></rect>;
            })}
            <text className={styles.text} x={x + 6} y={6 + (i + 0.5) * step + 4}>{figure(drawn.series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0))}</text>
          </g>
        );
      })}
    </>
  );
}

function Pie({ drawn, width, height, id }: Size & { drawn: Drawing }) {
  const values = drawn.labels.map((_, i) => sliceValue(drawn, i));
  const total = values.reduce((sum, value) => sum + value, 0) || 1;
  const [cx, cy, r] = [Math.min(width / 2, height / 2), height / 2, Math.min(width, height) / 2 - 10];
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
        return <path key={drawn.labels[i]} d={shape} fill={`url(#${id}-${i})`} stroke={tokens.colorNeutralBackground1} strokeWidth="2"><title>{slice(drawn, i)}</title></path>;
      })}
    </>
  );
}
