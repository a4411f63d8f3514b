import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircle16Regular, Clock16Regular, ErrorCircle16Filled, PauseCircle16Filled, Prohibited16Regular, Warning16Filled } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { sentence } from "../../lib/words";

const useStyles = makeStyles({
  line: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  icon: { display: "inline-flex", flexShrink: 0 },
  good: { color: tokens.colorPaletteGreenForeground1 },
  bad: { color: tokens.colorPaletteRedForeground1 },
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const states: Record<string, [ReactNode, "good" | "bad" | "warn" | "quiet"]> = {
  on: [<CheckmarkCircle16Regular key="i" />, "good"],
  off: [<Prohibited16Regular key="i" />, "quiet"],
  paused: [<PauseCircle16Filled key="i" />, "warn"],
  completed: [<CheckmarkCircle16Regular key="i" />, "good"],
  partiallyFailed: [<Warning16Filled key="i" />, "warn"],
  failed: [<ErrorCircle16Filled key="i" />, "bad"],
  skipped: [<Warning16Filled key="i" />, "quiet"],
};

/** RunStatus is the state of a detection, or of a run of one: an icon and a word. */
export function RunStatus({ value }: { value: string }) {
  const styles = useStyles();
  const [icon, tone] = states[value] ?? [<Clock16Regular key="i" />, "quiet" as const];
  return (
    <span className={styles.line}>
      <span className={mergeClasses(styles.icon, styles[tone])} aria-hidden>{icon}</span>
      {sentence(value)}
    </span>
  );
}
