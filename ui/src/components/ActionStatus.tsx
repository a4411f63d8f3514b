import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ArrowSync16Regular, ArrowUndo16Regular, CheckmarkCircle16Regular, Clock16Regular, DismissCircle16Regular, ErrorCircle16Filled, Prohibited16Regular, Warning16Filled } from "@fluentui/react-icons";
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

const states: Record<string, [ReactNode, "good" | "bad" | "warn" | "brand" | "quiet"]> = {
  pendingApproval: [<Clock16Regular key="i" />, "warn"],
  queued: [<Clock16Regular key="i" />, "brand"],
  inProgress: [<ArrowSync16Regular key="i" />, "brand"],
  succeeded: [<CheckmarkCircle16Regular key="i" />, "good"],
  partiallySucceeded: [<Warning16Filled key="i" />, "warn"],
  failed: [<ErrorCircle16Filled key="i" />, "bad"],
  timedOut: [<Warning16Filled key="i" />, "bad"],
  declined: [<Prohibited16Regular key="i" />, "quiet"],
  expired: [<Clock16Regular key="i" />, "quiet"],
  cancelled: [<DismissCircle16Regular key="i" />, "quiet"],
  undone: [<ArrowUndo16Regular key="i" />, "quiet"],
};

/** ActionStatus has an icon and a word, since colour alone tells nothing to many. */
export function ActionStatus({ value }: { value: string }) {
  const styles = useStyles();
  const [icon, tone] = states[value] ?? [<Clock16Regular key="i" />, "quiet" as const];
  return (
    <span className={styles.line}>
      <span className={mergeClasses(styles.icon, styles[tone])} aria-hidden>{icon}</span>
      {sentence(value)}
    </span>
  );
}
