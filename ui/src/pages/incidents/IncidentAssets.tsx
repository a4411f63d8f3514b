import { makeStyles, tokens } from "@fluentui/react-components";
import { useMemo } from "react";
import type { Alert } from "../../api/graph";
import { AssetLinks } from "../../components/AssetLinks";
import { Nothing } from "../../components/labels";
import { Section } from "../../components/layout";
import { assetsOf } from "../../lib/assets";

const useStyles = makeStyles({ grid: { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(320px, 1fr))", gap: tokens.spacingHorizontalXXL } });

/** IncidentAssets are the devices, users, mailboxes and apps that the visible alerts of an incident name, each with its page. */
export function IncidentAssets({ alerts }: { alerts: readonly Alert[] }) {
  const styles = useStyles();
  const found = useMemo(() => assetsOf(alerts), [alerts]);
  if (found.length === 0) return <Nothing>These alerts name nothing that has a page you may see</Nothing>;
  return (
    <div className={styles.grid}>
      {found.map(({ label, items }) => (
        <Section key={label} title={`${label} (${items.length})`} level="h2">
          <AssetLinks items={items} label={label} />
        </Section>
      ))}
    </div>
  );
}
