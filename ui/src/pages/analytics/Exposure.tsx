import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircle16Regular, ErrorCircle16Filled, Question16Regular, Warning16Filled, Warning16Regular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import type { ThreatReport } from "../../api/analytics";
import { levelMeans, levelWords } from "../../lib/analytics";

const useStyles = makeStyles({
  line: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  icon: { display: "inline-flex" },
  high: { color: tokens.colorPaletteRedForeground1 },
  medium: { color: tokens.colorPaletteDarkOrangeForeground1 },
  low: { color: tokens.colorPaletteMarigoldForeground1 },
  none: { color: tokens.colorPaletteGreenForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const icons: Record<string, ReactNode> = {
  high: <ErrorCircle16Filled />,
  medium: <Warning16Filled />,
  low: <Warning16Regular />,
  none: <CheckmarkCircle16Regular />,
};

/** Exposure is how exposed the organisation is to a threat, with an icon and a word. It stands only where the reader may know. */
export function Exposure({ report }: { report: ThreatReport }) {
  const styles = useStyles();
  const level = report.exposure.level ?? "";
  const numbers = report.exposure.numbers;
  const tone = level === "high" || level === "medium" || level === "low" || level === "none" ? styles[level] : styles.quiet;
  return (
    <span className={styles.line} title={numbers ? `${numbers.exposed.toLocaleString()} of ${numbers.checked.toLocaleString()} devices` : levelMeans(level)}>
      <span className={mergeClasses(styles.icon, tone)} aria-hidden>
        {icons[level] ?? <Question16Regular />}
      </span>
      <Text wrap={false}>{levelWords(level)}</Text>
    </span>
  );
}
