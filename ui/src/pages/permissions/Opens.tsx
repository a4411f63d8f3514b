import { makeStyles, tokens } from "@fluentui/react-components";
import { Checkmark16Regular } from "@fluentui/react-icons";
import type { CapabilityAt } from "../../api/access";
import { Nothing } from "../../components/labels";
import { useTasks } from "../../components/useTasks";
import { workloadLabel } from "../../lib/words";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  item: { display: "flex", alignItems: "flex-start", gap: tokens.spacingHorizontalS },
  icon: { color: tokens.colorPaletteGreenForeground1, display: "inline-flex", marginTop: "2px" },
});

/** Opens lists what a role opens, as the server says it. */
export function Opens({ opens }: { opens: readonly CapabilityAt[] }) {
  const styles = useStyles();
  const task = useTasks();
  if (opens.length === 0) return <Nothing>Nothing in this centre</Nothing>;
  // One line for each thing, with the products it is opened in.
  const byTask = new Map<string, string[]>();
  for (const { capability, workload } of opens) {
    byTask.set(capability, [...(byTask.get(capability) ?? []), workloadLabel(workload)]);
  }
  return (
    <ul className={styles.list}>
      {[...byTask].map(([capability, where]) => (
        <li key={capability} className={styles.item}>
          <span className={styles.icon} aria-hidden>
            <Checkmark16Regular />
          </span>
          <span>{`${task(capability)} (${[...new Set(where)].join(", ")})`}</span>
        </li>
      ))}
    </ul>
  );
}
