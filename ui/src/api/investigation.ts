import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { anyOf } from "../lib/odata";
import { answer, client, ifMatch, type Schema } from "./client";
import type { AlertChange } from "./graph";

// With these, enums are told in full, and each object says what this reader may do with it.
const header = { Prefer: "include-unknown-enum-members", "Bailiwick-Actions": "include" } as const;

export interface ListQuery {
  filter: string;
  search: string;
  orderBy: string;
  top: number;
  skip: number;
}

// What lists show of an alert: what else there is may be large, and is asked for with the alert.
const shown =
  "id,title,severity,status,category,serviceSource,detectionSource,assignedTo,classification,determination,incidentId,mitreTechniques,systemTags,createdDateTime,lastUpdateDateTime";

const alertPage = (params: Place, signal: AbortSignal) =>
  answer(client.GET("/v1.0/security/alerts_v2", { signal, params: parameters(params, shown) }));

const incidentPage = (params: Place, signal: AbortSignal) =>
  answer(client.GET("/v1.0/security/incidents", { signal, params: parameters(params) }));

interface Place extends Omit<ListQuery, "skip"> {
  skip?: number;
  token?: string;
  /** Only what is needed to move on. */
  bare?: boolean;
}

function parameters({ filter, search, orderBy, top, skip = 0, token, bare }: Place, members = "") {
  return {
    header,
    query: {
      $orderby: orderBy,
      $top: top,
      ...(bare ? { $select: "id" } : { $count: true, ...(members ? { $select: members } : {}) }),
      ...(filter ? { $filter: filter } : {}),
      ...(search ? { $search: quoted(search) } : {}),
      ...(token ? { $skiptoken: token } : skip > 0 ? { $skip: skip } : {}),
    },
  };
}

// $search takes its text in double quotes; one inside would end it.
const quoted = (text: string) => `"${text.replaceAll('"', " ")}"`;

// As far as $skip goes; the rest of the way goes by the links from page to page, in steps as long as a page may be.
const skippable = 500;

type Reply = { value: unknown[]; "@odata.nextLink"?: string };

/** walk finds the page that begins at q.skip. The server gives fewer than were asked for where more would be too much at once: then it is asked for the rest. */
async function walk<T extends Reply>(get: (place: Place) => Promise<T>, q: ListQuery, step: number): Promise<T> {
  const { skip, ...rest } = q;
  let at = Math.min(skip, skippable);
  let place: Place = { ...rest, skip: at };
  while (at < skip) {
    const top = Math.min(step, skip - at);
    const reply = await get({ ...place, top, bare: true });
    const token = tokenOf(reply);
    if (!token) break; // The list ends before: what is left of it is shown instead.
    place = { ...rest, token };
    at += reply.value.length;
  }
  const page = await get(place);
  let token = tokenOf(page);
  while (token && page.value.length < q.top) {
    const more = await get({ ...rest, top: q.top - page.value.length, token });
    page.value.push(...more.value);
    token = tokenOf(more);
  }
  return page;
}

function tokenOf(reply: Reply): string {
  const link = reply["@odata.nextLink"];
  return link ? (new URL(link, location.href).searchParams.get("$skiptoken") ?? "") : "";
}

export const alertList = (q: ListQuery) =>
  queryOptions({
    queryKey: ["alerts", "list", q],
    queryFn: ({ signal }) => walk((place) => alertPage(place, signal), q, 1000),
    placeholderData: keepPreviousData,
  });

// So many fit into one filter.
const titlesAtOnce = 50;

/** alertTitles names alerts by their ids: of those that this reader may see. The others are not in it. */
export const alertTitles = (ids: readonly string[]) => {
  const asked = [...new Set(ids)].sort();
  return queryOptions({
    queryKey: ["alerts", "titles", asked],
    queryFn: async ({ signal }) => {
      const titles = new Map<string, string>();
      for (let at = 0; at < asked.length; at += titlesAtOnce) {
        const some = asked.slice(at, at + titlesAtOnce);
        const { value } = await answer(client.GET("/v1.0/security/alerts_v2", { signal, params: { header, query: { $filter: anyOf("id", some), $select: "id,title", $top: titlesAtOnce } } }));
        for (const { id, title } of value) if (title) titles.set(id, title);
      }
      return titles;
    },
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
  });
};

export const incidentList = (q: ListQuery) =>
  queryOptions({
    queryKey: ["incidents", "list", q],
    queryFn: ({ signal }) => walk((place) => incidentPage(place, signal), q, 50),
    placeholderData: keepPreviousData,
  });

export const alertById = (id: string) =>
  queryOptions({
    queryKey: ["alerts", "one", id],
    queryFn: ({ signal }) => answer(client.GET("/v1.0/security/alerts_v2/{id}", { signal, params: { header, path: { id } } })),
  });

export const incidentById = (id: string) =>
  queryOptions({
    queryKey: ["incidents", "one", id],
    queryFn: async ({ signal }) => {
      const incident = await answer(client.GET("/v1.0/security/incidents/{id}", { signal, params: { header, path: { id }, query: { $expand: "alerts" } } }));
      const alerts = incident.alerts ?? [];
      let link = incident["alerts@odata.nextLink"];
      while (link && alerts.length < mostAlertsShown) {
        const query = Object.fromEntries(new URL(link, location.href).searchParams);
        const more = await answer(client.GET("/v1.0/security/alerts_v2", { signal, params: { header, query } }));
        alerts.push(...more.value);
        link = more["@odata.nextLink"];
      }
      return { ...incident, alerts };
    },
  });

/** How many alerts of an incident its page shows; the alert queue has the others. */
export const mostAlertsShown = 1000;

export type Facets = Schema["AlertFacets"];
export type FacetCount = Schema["FacetValue"];

export const alertFacets = (filter: string, search: string) =>
  queryOptions({
    queryKey: ["alerts", "facets", filter, search],
    queryFn: ({ signal }) =>
      answer(client.GET("/api/v1/alerts/facets", { signal, params: { query: { ...(filter ? { filter } : {}), ...(search ? { search } : {}) } } })),
    placeholderData: keepPreviousData,
  });

/** What can be changed of an alert and of an incident alike. */
export type ManageChange = Pick<AlertChange, "status" | "assignedTo" | "classification" | "determination"> & { customTags?: string[]; resolvingComment?: string };

interface Managed {
  change: ManageChange;
  comment: string;
  etag: string | undefined;
}

/** useManage saves a change, then a comment, and reads again what either touches. The change is of what was read: etag names it. */
function useManage(save: (change: ManageChange, etag: string | undefined) => Promise<unknown>, say: (comment: string, etag: string | undefined) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ change, comment, etag }: Managed) => {
      const changes = Object.keys(change).length > 0;
      if (changes) await save(change, etag);
      if (comment !== "") await say(comment, changes ? undefined : etag); // after the change it is our own state
    },
    // A failed second half leaves the first done: what is shown is read again either way.
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["alerts"] }), queries.invalidateQueries({ queryKey: ["incidents"] })]),
  });
}

const said = (comment: string) => ({ "@odata.type": "microsoft.graph.security.alertComment", comment });

export function useManageAlert(id: string) {
  const params = { path: { id } };
  return useManage(
    (body, etag) => client.PATCH("/v1.0/security/alerts_v2/{id}", { params: { ...params, ...ifMatch(etag) }, body }),
    (comment, etag) => client.POST("/v1.0/security/alerts_v2/{id}/comments", { params: { ...params, ...ifMatch(etag) }, body: said(comment) }),
  );
}

export function useManageIncident(id: string) {
  const params = { path: { id } };
  return useManage(
    (body, etag) => client.PATCH("/v1.0/security/incidents/{id}", { params: { ...params, ...ifMatch(etag) }, body }),
    (comment, etag) => client.POST("/v1.0/security/incidents/{id}/comments", { params: { ...params, ...ifMatch(etag) }, body: said(comment) }),
  );
}

export type AlertsToManage = Schema["AlertsToManage"];

/** useManageAlerts makes the same change to several alerts, each on its own rights. */
export function useManageAlerts() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AlertsToManage) => answer(client.POST("/api/v1/alerts/manage", { body })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["alerts"] }), queries.invalidateQueries({ queryKey: ["incidents"] })]),
  });
}

/** useManageIncidents does the same for incidents (R17). */
export function useManageIncidents() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AlertsToManage) => answer(client.POST("/api/v1/incidents/manage", { body })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["alerts"] }), queries.invalidateQueries({ queryKey: ["incidents"] })]),
  });
}

export type IncidentFacets = Schema["IncidentFacets"];

export const incidentFacets = (filter: string, search: string) =>
  queryOptions({
    queryKey: ["incidents", "facets", filter, search],
    queryFn: ({ signal }) =>
      answer(client.GET("/api/v1/incidents/facets", { signal, params: { query: { ...(filter ? { filter } : {}), ...(search ? { search } : {}) } } })),
    placeholderData: keepPreviousData,
  });

/** incidentsPath answers the incidents that a filter finds as a file. */
export function incidentsPath(format: "csv" | "json", q: Pick<ListQuery, "filter" | "search" | "orderBy">): string {
  return alertsPath(format, q).replace("/api/v1/alerts/", "/api/v1/incidents/");
}

/** alertsPath answers the alerts that a filter finds as a file. */
export function alertsPath(format: "csv" | "json", { filter, search, orderBy }: Pick<ListQuery, "filter" | "search" | "orderBy">): string {
  const query = new URLSearchParams({ format, orderby: orderBy });
  if (filter) query.set("filter", filter);
  if (search) query.set("search", search);
  return `/api/v1/alerts/export?${query.toString()}`;
}

export type Activity = Schema["Activity"];

/** activityOf is what was done to an alert, or to an incident and its alerts. */
export const activityOf = (kind: "alerts" | "incidents", id: string) =>
  queryOptions({
    queryKey: [kind, "activity", id],
    queryFn: ({ signal }) =>
      answer(kind === "alerts" ? client.GET("/api/v1/alerts/{id}/activity", { signal, params: { path: { id } } }) : client.GET("/api/v1/incidents/{id}/activity", { signal, params: { path: { id } } })),
  });

export type IncidentMember = Schema["IncidentMember"];

/** membersOf tells how each alert in sight came into an incident. */
export const membersOf = (id: string) =>
  queryOptions({
    queryKey: ["incidents", "members", id],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/incidents/{id}/members", { signal, params: { path: { id } } })),
  });

/** useMergeIncidents merges others into an incident; all of them as they were seen. */
export function useMergeIncidents(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ from, etag }: { from: Schema["IncidentToMerge"][]; etag: string | undefined }) =>
      answer(client.POST("/api/v1/incidents/{id}/merge", { params: { path: { id }, ...ifMatch(etag) }, body: { from } })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["alerts"] }), queries.invalidateQueries({ queryKey: ["incidents"] })]),
  });
}

/** useSplitIncident takes alerts out of an incident into one of their own. */
export function useSplitIncident(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ alerts, etag }: { alerts: string[]; etag: string | undefined }) =>
      answer(client.POST("/api/v1/incidents/{id}/split", { params: { path: { id }, ...ifMatch(etag) }, body: { alerts } })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["alerts"] }), queries.invalidateQueries({ queryKey: ["incidents"] })]),
  });
}
