import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { Story } from "../../lib/story";
import { count } from "../../lib/words";

const useStyles = makeStyles({
  frame: { overflowX: "auto", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground1 },
  label: { fill: tokens.colorNeutralForeground1, fontSize: "12px", fontFamily: tokens.fontFamilyBase },
  link: { stroke: tokens.colorNeutralStrokeAccessible, strokeWidth: "1px", fill: "none", opacity: 0.55 },
  lit: { stroke: tokens.colorBrandStroke1, strokeWidth: "2px", opacity: 1 },
  dim: { opacity: 0.15 },
  alert: { fill: tokens.colorPaletteRedBackground3 },
  thing: { fill: tokens.colorBrandBackground, cursor: "pointer" },
});

const row = 26;
const width = 760;
const left = 300;
const right = 470;
const top = 18;

interface StoryGraphProps {
  story: Story;
  /** The thing that is lit, with its alerts. */
  chosen: string | null;
  onChoose: (key: string) => void;
}

/** StoryGraph draws alerts, in time from above, and what they name, with a line for each naming. The list beside it says the same. */
export function StoryGraph({ story, chosen, onChoose }: StoryGraphProps) {
  const styles = useStyles();
  const height = top * 2 + row * Math.max(story.alerts.length, story.things.length, 1);
  const spread = (i: number, n: number) => (n <= 1 ? height / 2 : top + (i * (height - 2 * top)) / (n - 1));
  const alertAt = (i: number) => spread(i, story.alerts.length);
  const thingAt = (i: number) => spread(i, story.things.length);
  const lit = story.things.find(({ key }) => key === chosen);
  return (
    <div className={styles.frame} tabIndex={0} role="region" aria-label="Picture of the story">
      <svg width="100%" viewBox={`0 0 ${width} ${height}`} style={{ minWidth: "600px", maxWidth: "960px", display: "block" }} role="img" aria-label={`${count(story.alerts.length, "alert")} and ${count(story.things.length, "thing")} that they name. The list below says the same.`}>
        {story.things.map((thing, t) =>
          thing.alerts
            .filter((a) => a < story.alerts.length)
            .map((a) => (
              <path
                key={`${thing.key} ${a}`}
                className={mergeClasses(styles.link, lit && (lit === thing ? styles.lit : styles.dim))}
                d={`M${left + 8},${alertAt(a)} C${(left + right) / 2},${alertAt(a)} ${(left + right) / 2},${thingAt(t)} ${right - 8},${thingAt(t)}`}
              />
            )),
        )}
        {story.alerts.map((alert, i) => (
          <g key={alert.id} className={lit && !lit.alerts.includes(i) ? styles.dim : undefined}>
            <title>{alert.title ?? alert.id}</title>
            <circle className={styles.alert} cx={left} cy={alertAt(i)} r={6} />
            <text className={styles.label} x={left - 14} y={alertAt(i) + 4} textAnchor="end">{cut(alert.title ?? alert.id)}</text>
          </g>
        ))}
        {story.things.map((thing, i) => (
          <g key={thing.key} className={lit && lit !== thing ? styles.dim : undefined} onClick={() => onChoose(thing.key)}>
            <title>{`${thing.kind}: ${thing.name}`}</title>
            <rect className={styles.thing} x={right - 6} y={thingAt(i) - 6} width={12} height={12} rx={2} />
            <text className={styles.label} x={right + 14} y={thingAt(i) + 4}>{cut(thing.name)}</text>
          </g>
        ))}
      </svg>
    </div>
  );
}

function cut(text: string): string {
  const letters = Array.from(text);
  return letters.length > 42 ? `${letters.slice(0, 41).join("")}…` : text;
}
