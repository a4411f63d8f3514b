/** remediationLevels are how far the product goes by itself on the devices of a group. */
const remediationLevels: Record<string, string> = {
  "": "None set",
  none: "No automated response",
  "semi-all": "Semi - approval for all folders",
  "semi-non-temp": "Semi - approval for non-temporary folders",
  "semi-core": "Semi - approval for core folders",
  full: "Full - remediates by itself",
};

/** remediationLabel is a level in words; one that is not known, as it stands. */
export function remediationLabel(level: string | undefined): string {
  return remediationLevels[level ?? ""] ?? level ?? "";
}

/** remediationChoices are all levels, and the one that is set if it is none of them. */
export function remediationChoices(set: string | undefined): string[] {
  const known = Object.keys(remediationLevels);
  return set && !known.includes(set) ? [...known, set] : known;
}
