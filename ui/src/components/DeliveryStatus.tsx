import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircle16Regular, Clock16Regular, ErrorCircle16Filled, Prohibited16Regular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { sentence } from "../lib/words";

const useStyles = makeStyles({
  line: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  icon: { display: "inline-flex", flexShrink: 0 },
  good: { color: tokens.colorPaletteGreenForeground1 },
  bad: { color: tokens.colorPaletteRedForeground1 },
  brand: { color: tokens.colorBrandForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const states: Record<string, [ReactNode, "good" | "bad" | "brand" | "quiet"]> = {
  pending: [<Clock16Regular key="i" />, "brand"],
  sent: [<CheckmarkCircle16Regular key="i" />, "good"],
  withheld: [<Prohibited16Regular key="i" />, "quiet"],
  failed: [<ErrorCircle16Filled key="i" />, "bad"],
};

/** DeliveryStatus is what became of a notification, as an icon and a word. */
export function DeliveryStatus({ value }: { value: string }) {
  const styles = useStyles();
  const [icon, tone] = states[value] ?? [<Clock16Regular key="i" />, "quiet" as const];
  return (
    <span className={styles.line}>
      <span className={mergeClasses(styles.icon, styles[tone])} aria-hidden>{icon}</span>
      {sentence(value)}
    </span>
  );
}
