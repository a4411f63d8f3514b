import { Field, Select, makeStyles, tokens } from "@fluentui/react-components";
import { withAsset, type AssetKind, type ImpactedAsset } from "../lib/impactedAssets";

const useStyles = makeStyles({
  fields: { display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(160px, 1fr))", gap: tokens.spacingHorizontalM, alignItems: "start" },
});

const entities: Record<string, string> = { device: "Device", user: "User", mailbox: "Mailbox" };

interface Props {
  kinds: readonly AssetKind[];
  /** Those of the result. */
  columns: readonly string[];
  chosen: readonly ImpactedAsset[];
  onChoose: (assets: ImpactedAsset[]) => void;
}

/** ImpactedAssets chooses what an alert is about: a column for each kind, of those that the result has. */
export function ImpactedAssets({ kinds, columns, chosen, onChoose }: Props) {
  return (
    <div role="group" aria-label="Impacted entities" className={useStyles().fields}>
      {kinds.map(({ kind, columns: names }) => {
        const column = chosen.find((one) => one.kind === kind)?.column ?? "";
        const there = names.filter((name) => columns.includes(name) || name === column);
        return (
          <Field key={kind} label={entities[kind] ?? kind} hint={there.length === 0 ? "No column of the result names one." : undefined}>
            <Select value={column} onChange={(_, data) => onChoose(withAsset(chosen, kind, data.value, kinds))}>
              <option value="">None</option>
              {there.map((name) => <option key={name} value={name}>{name}</option>)}
            </Select>
          </Field>
        );
      })}
    </div>
  );
}
