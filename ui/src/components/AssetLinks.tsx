import { Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { AppGeneric20Regular, Desktop20Regular, MailInbox20Regular, Person20Regular } from "@fluentui/react-icons";
import type { ReactElement } from "react";
import { assetPath, kindLabel, type AssetKind } from "../lib/assets";
import { count } from "../lib/words";
import { Nothing } from "./labels";

const icons: Record<AssetKind, ReactElement> = {
  device: <Desktop20Regular />,
  user: <Person20Regular />,
  mailbox: <MailInbox20Regular />,
  app: <AppGeneric20Regular />,
};

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  line: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, flexWrap: "wrap", minHeight: "24px" },
  icon: { display: "inline-flex", color: tokens.colorNeutralForeground3 },
  name: { overflowWrap: "anywhere", minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground3, overflowWrap: "anywhere", minWidth: 0 },
});

interface Linked {
  kind: AssetKind;
  key: string;
  name?: string;
  alerts?: number;
}

/** AssetLinks leads to the pages of things. */
export function AssetLinks({ items, label }: { items: readonly Linked[]; label: string }) {
  const styles = useStyles();
  if (items.length === 0) return <Nothing>None that you may see</Nothing>;
  return (
    <ul className={styles.list} aria-label={label}>
      {items.map(({ kind, key, name, alerts }) => (
        <li key={`${kind} ${key}`} className={styles.line}>
          <span className={styles.icon} aria-hidden>{icons[kind]}</span>
          <Link href={assetPath(kind, key)} className={styles.name}>{name || key}</Link>
          <Text size={200} className={styles.quiet}>{[kindLabel(kind), name && kind !== "device" ? key : "", alerts ? `in ${count(alerts, "alert")}` : ""].filter(Boolean).join(" · ")}</Text>
        </li>
      ))}
    </ul>
  );
}

export function KindIcon({ kind }: { kind: AssetKind }) {
  const styles = useStyles();
  return <span className={styles.icon} aria-hidden>{icons[kind]}</span>;
}
