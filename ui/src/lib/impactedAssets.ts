import type { Schema } from "../api/client";

export type AssetKind = Schema["DetectionAssetKind"];
export type ImpactedAsset = Schema["DetectionAsset"];

/** withAsset is the assets with the column that names one of a kind, or without it; in the order of the kinds. */
export function withAsset(assets: readonly ImpactedAsset[], kind: string, column: string, kinds: readonly AssetKind[]): ImpactedAsset[] {
  const place = (one: ImpactedAsset) => kinds.findIndex((other) => other.kind === one.kind);
  const rest = assets.filter((one) => one.kind !== kind);
  return column === "" ? rest : [...rest, { kind, column }].sort((a, b) => place(a) - place(b));
}

/** firstAssets are what an alert is about unless somebody says: of each kind the first column that the result has. */
export const firstAssets = (kinds: readonly AssetKind[], columns: readonly string[]): ImpactedAsset[] =>
  kinds.flatMap(({ kind, columns: names }) => {
    const column = names.find((name) => columns.includes(name));
    return column === undefined ? [] : [{ kind, column }];
  });
