import type { Detection, DetectionAction, DetectionChoices, DetectionSetting } from "../api/detections";

/** The query that a new detection begins with, if none is brought along. */
const example = `DeviceProcessEvents
| where FileName =~ "certutil.exe" and ProcessCommandLine has "-urlcache"
| project Timestamp, DeviceId, ReportId, DeviceName, AccountUpn, FileName, ProcessCommandLine`;

export type Draft = Required<Omit<DetectionSetting, "alert">> & { alert: Required<DetectionSetting["alert"]> };

export function newDraft(query: string): Draft {
  return {
    name: "", on: true, query: query || example, period: "24H", allDevices: true, deviceGroups: [], actions: [],
    alert: { title: "", description: "", severity: "medium", category: "Execution", recommendedActions: "", mitreTechniques: [], impactedAssets: [] },
  };
}

export function draftOf(d: Detection): Draft {
  const { description = "", recommendedActions = "", mitreTechniques = [], ...alert } = d.alert;
  return { name: d.name, on: d.state !== "off", query: d.query, period: d.period, allDevices: d.allDevices, deviceGroups: d.deviceGroups, actions: d.actions, alert: { ...alert, description, recommendedActions, mitreTechniques } };
}

/** detectHref opens the wizard with a query: "Create detection" of a hunting page leads here. It stands behind the #, which no log of a server has. */
export const detectHref = (query: string) => `/detections/new#${new URLSearchParams({ q: query }).toString()}`;

/** actionOf is an action with the first columns of the result that name what it acts on; undefined: the result names none. */
export function actionOf(kind: DetectionChoices["actions"][number], columns: readonly string[]): DetectionAction | undefined {
  const named = kind.columns.map((choice) => choice.find((column) => columns.includes(column)));
  if (named.some((column) => column === undefined)) return undefined;
  return { name: kind.name, columns: named as string[], ...(kind.isolation ? { isolation: "full" } : {}) };
}

/** lacksOf says what a draft has not got yet, by step. What is wrong with the rest the server says. */
export function lacksOf(draft: Draft): Record<string, string> {
  const lacks: Record<string, string> = {};
  if (draft.query.trim() === "") lacks["query"] = "Write a query.";
  if (draft.name.trim() === "") lacks["details"] = "Give the detection a name.";
  else if (draft.alert.title.trim() === "") lacks["details"] = "Give its alerts a title.";
  if (draft.alert.impactedAssets.length === 0) lacks["entities"] = "Choose at least one impacted entity.";
  if (!draft.allDevices && draft.deviceGroups.length === 0) lacks["scope"] = "Choose a device group.";
  return lacks;
}

/** techniquesOf reads techniques as people write them. */
export const techniquesOf = (text: string) => text.split(/[\s,;]+/).filter(Boolean).map((one) => one.toUpperCase());

/** tookOf says how long something took. */
export const tookOf = (milliseconds: number) => (milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`);
