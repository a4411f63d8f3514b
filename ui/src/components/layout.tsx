import { Subtitle2, Text, Title2, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useEffect, type ReactNode } from "react";
import { cut } from "./CutText";

const useStyles = makeStyles({
  header: {
    display: "flex",
    alignItems: "flex-start",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalL,
    flexWrap: "wrap",
    marginBottom: tokens.spacingVerticalM,
  },
  titles: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, minWidth: 0, maxWidth: "100%" },
  title: { overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
  commands: { display: "flex", gap: tokens.spacingHorizontalS, flexWrap: "wrap" },
  section: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minWidth: 0 },
  facts: {
    display: "grid",
    gridTemplateColumns: "minmax(96px, min(180px, 35%)) minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    margin: 0,
  },
  term: { color: tokens.colorNeutralForeground3 },
  value: { margin: 0, overflowWrap: "anywhere", whiteSpace: "pre-wrap" },
  card: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    padding: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground1,
  },
});

interface HeaderProps {
  title: string;
  /** What the browser's tab says, if it is not the title. */
  tab?: string;
  above?: ReactNode;
  below?: ReactNode;
  commands?: ReactNode;
}

/** PageHeader is the one h1 of a page, what stands around it, and the title of the browser's tab. */
export function PageHeader({ title, tab = title, above, below, commands }: HeaderProps) {
  const styles = useStyles();
  useEffect(() => {
    document.title = `${tab} - Bailiwick`;
  }, [tab]);
  return (
    <div className={styles.header}>
      <div className={styles.titles}>
        {above}
        <Title2 as="h1" className={styles.title}>
          {title}
        </Title2>
        {below && <Text className={styles.quiet}>{below}</Text>}
      </div>
      {commands && <div className={styles.commands}>{commands}</div>}
    </div>
  );
}

export function Section({ title, level = "h3", children }: { title: string; level?: "h2" | "h3"; children: ReactNode }) {
  const styles = useStyles();
  return (
    <section className={styles.section} aria-label={title}>
      <Subtitle2 as={level}>{title}</Subtitle2>
      {children}
    </section>
  );
}

/** Facts is a list of names and values; what has no value is left out. */
// As much of a value as is read: a command line may have a megabyte.
const longest = 4_000;

export function Facts({ items }: { items: readonly (readonly [string, ReactNode])[] }) {
  const styles = useStyles();
  const known = items.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <dl className={styles.facts}>
      {known.map(([term, value]) => (
        <div key={term} style={{ display: "contents" }}>
          <dt className={styles.term}>{term}</dt>
          <dd className={styles.value}>{typeof value === "string" ? cut(value, longest) : value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Card({ children, className }: { children: ReactNode; className?: string }) {
  const styles = useStyles();
  return <div className={mergeClasses(styles.card, className)}>{children}</div>;
}
