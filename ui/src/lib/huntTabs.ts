/** HuntTab is a query that somebody works on. */
export interface HuntTab {
  id: string;
  title: string;
  query: string;
  timespan: string;
  /** The query that is kept under this name, and the state of it that was read. */
  kept?: { id: string; etag: string; query: string };
}

export const presets: readonly (readonly [value: string, label: string])[] = [
  ["PT1H", "Last hour"], ["PT12H", "Last 12 hours"], ["P1D", "Last 24 hours"], ["P3D", "Last 3 days"], ["P7D", "Last 7 days"], ["P30D", "Last 30 days"],
];

export const usual = "P7D";

/** isCustom tells an interval from a time back from now. */
export const isCustom = (timespan: string) => timespan.includes("/");

/** filtersTime tells whether a query says itself from when its rows are. */
export const filtersTime = (query: string) => /\b(Timestamp|TimeGenerated)\b\s*(>=?|<=?|==|between|!between)/.test(query);

/** span says how long something took. */
export function took(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toLocaleString(undefined, { maximumFractionDigits: 1 })} s`;
}

let last = 0;

/** newTab is a tab of its own name. */
export function newTab(tabs: readonly HuntTab[], from: Partial<HuntTab> = {}): HuntTab {
  const titles = new Set(tabs.map((tab) => tab.title));
  let n = 1;
  while (titles.has(`Query ${n}`)) n++;
  return { id: `t${Date.now()}-${++last}`, title: `Query ${n}`, query: "", timespan: usual, ...from };
}
