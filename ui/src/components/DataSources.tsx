import { Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { Cloud16Regular, Desktop16Regular, Mail16Regular, PersonKey20Regular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { list, workloadLabel } from "../lib/words";
import { Nothing } from "./labels";

const useStyles = makeStyles({
  row: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, color: tokens.colorNeutralForeground2, verticalAlign: "middle" },
});

const icons: Record<string, ReactNode> = {
  endpoint: <Desktop16Regular aria-hidden />,
  office365: <Mail16Regular aria-hidden />,
  cloudapps: <Cloud16Regular aria-hidden />,
  identity: <PersonKey20Regular aria-hidden style={{ width: 16, height: 16 }} />,
};

/** DataSources shows products by their icons; their names are told to who points at them, or hears the page. */
export function DataSources({ of }: { of: readonly string[] }) {
  const styles = useStyles();
  if (of.length === 0) return <Nothing>None yet</Nothing>;
  const words = list(of.map(workloadLabel));
  return (
    <Tooltip content={words} relationship="label">
      <span className={styles.row} role="img">
        {of.map((name) => (
          <span key={name}>{icons[name] ?? name}</span>
        ))}
      </span>
    </Tooltip>
  );
}
