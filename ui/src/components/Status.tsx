import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Clock16Regular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { sentence } from "../lib/words";

const useStyles = makeStyles({
  line: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  icon: { display: "inline-flex", flexShrink: 0 },
  good: { color: tokens.colorPaletteGreenForeground1 },
  bad: { color: tokens.colorPaletteRedForeground1 },
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  brand: { color: tokens.colorBrandForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** States are what something can be, each with its icon and how good that is. */
export type States = Record<string, [ReactNode, "good" | "bad" | "warn" | "brand" | "quiet"]>;

/** Status is what something is, as an icon and a word: colour alone tells nothing to many. */
export function Status({ value, states }: { value: string; states: States }) {
  const styles = useStyles();
  const [icon, tone] = states[value] ?? [<Clock16Regular key="i" />, "quiet" as const];
  return (
    <span className={styles.line}>
      <span className={mergeClasses(styles.icon, styles[tone])} aria-hidden>{icon}</span>
      {sentence(value)}
    </span>
  );
}
