import { Badge, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  ArrowSync16Regular,
  CheckmarkCircle16Regular,
  Circle16Regular,
  ErrorCircle16Filled,
  Info16Regular,
  Question16Regular,
  Warning16Filled,
  Warning16Regular,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { sentence, workloadLabel } from "../lib/words";

const useStyles = makeStyles({
  line: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  icon: { display: "inline-flex", flexShrink: 0 },
  high: { color: tokens.colorPaletteRedForeground1 },
  medium: { color: tokens.colorPaletteDarkOrangeForeground1 },
  low: { color: tokens.colorPaletteMarigoldForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
  good: { color: tokens.colorPaletteGreenForeground1 },
  brand: { color: tokens.colorBrandForeground1 },
  name: { display: "-webkit-box", WebkitBoxOrient: "vertical", WebkitLineClamp: "2", overflow: "hidden", whiteSpace: "normal", overflowWrap: "anywhere" },
  word: { wordBreak: "break-all" },
  tags: { display: "inline-flex", flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
});

type Tone = "high" | "medium" | "low" | "quiet" | "good" | "brand";

function Labelled({ icon, tone, children }: { icon: ReactNode; tone: Tone; children: ReactNode }) {
  const styles = useStyles();
  return (
    <span className={styles.line}>
      <span className={mergeClasses(styles.icon, styles[tone])} aria-hidden>
        {icon}
      </span>
      {children}
    </span>
  );
}

const severities: Record<string, [ReactNode, Tone]> = {
  high: [<ErrorCircle16Filled key="i" />, "high"],
  medium: [<Warning16Filled key="i" />, "medium"],
  low: [<Warning16Regular key="i" />, "low"],
  informational: [<Info16Regular key="i" />, "brand"],
};

/** Severity has an icon and a word, since colour alone tells nothing to many. */
export function Severity({ value }: { value: string | null | undefined }) {
  const [icon, tone] = severities[value ?? ""] ?? [<Question16Regular key="i" />, "quiet" as const];
  return (
    <Labelled icon={icon} tone={tone}>
      {sentence(value) || "Unknown"}
    </Labelled>
  );
}

const statuses: Record<string, [ReactNode, Tone]> = {
  new: [<Circle16Regular key="i" />, "brand"],
  active: [<Circle16Regular key="i" />, "brand"],
  inProgress: [<ArrowSync16Regular key="i" />, "medium"],
  awaitingAction: [<ArrowSync16Regular key="i" />, "medium"],
  resolved: [<CheckmarkCircle16Regular key="i" />, "good"],
};

export function Status({ value }: { value: string | null | undefined }) {
  const [icon, tone] = statuses[value ?? ""] ?? [<Question16Regular key="i" />, "quiet" as const];
  return (
    <Labelled icon={icon} tone={tone}>
      {sentence(value) || "Unknown"}
    </Labelled>
  );
}

const verdicts: Record<string, "danger" | "warning" | "success"> = {
  malicious: "danger",
  suspicious: "warning",
  noThreatsFound: "success",
};

export function Verdict({ value }: { value: string | null | undefined }) {
  if (!value || value === "unknown") return null;
  return (
    <Badge appearance="tint" color={verdicts[value] ?? "informative"} shape="rounded">
      {sentence(value)}
    </Badge>
  );
}

/** Workloads names the products a thing belongs to. */
export function Workloads({ names }: { names: readonly string[] }) {
  const styles = useStyles();
  return (
    <span className={styles.tags}>
      {names.map((name) => (
        <Badge key={name} appearance="outline" color="informative" shape="rounded">
          {workloadLabel(name)}
        </Badge>
      ))}
    </span>
  );
}

/** Name is what a row is called: two lines at most, whole in the tooltip. A host name fills its lines, whatever hyphens it has. */
export function Name({ children }: { children: string }) {
  const styles = useStyles();
  return (
    <Text weight="semibold" className={mergeClasses(styles.name, !/\s/.test(children) && styles.word)} title={children}>
      {children}
    </Text>
  );
}

/** Nothing stands where a value could be and is none. */
export function Nothing({ children = "None" }: { children?: ReactNode }) {
  const styles = useStyles();
  return <Text className={styles.quiet}>{children}</Text>;
}
