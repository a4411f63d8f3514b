import { Subtitle2, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  cards: { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(280px, 1fr))", gap: tokens.spacingHorizontalL },
  card: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalL,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    boxShadow: tokens.shadow2,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: "none",
    ":hover": { boxShadow: tokens.shadow8, backgroundColor: tokens.colorNeutralBackground1Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "2px" },
  },
  title: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  icon: { color: tokens.colorBrandForeground1, display: "inline-flex" },
});

interface Door {
  href: string;
  title: string;
  text: string;
  icon: ReactNode;
}

/** Doors are the pages of an area, each with what it is for. */
export function Doors({ doors }: { doors: readonly Door[] }) {
  const styles = useStyles();
  return (
    <div className={styles.cards}>
      {doors.map(({ href, title, text, icon }) => (
        <a key={href} href={href} className={styles.card}>
          <span className={styles.title}>
            <span className={styles.icon}>{icon}</span>
            <Subtitle2 as="h2">{title}</Subtitle2>
          </span>
          <Text>{text}</Text>
        </a>
      ))}
    </div>
  );
}
