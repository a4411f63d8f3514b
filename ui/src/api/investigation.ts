import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, type Schema } from "./client";
import type { AlertChange } from "./graph";

// With these, enums are told in full, and each object says what this reader may do with it.
const header = { Prefer: "include-unknown-enum-members", "Bailiwick-Actions": "include" } as const;

export interface ListQuery {
  filter: string;
  orderBy: string;
  top: number;
  skip: number;
}

function parameters(q: ListQuery) {
  return {
    header,
    query: {
      $orderby: q.orderBy,
      $top: q.top,
      $count: true,
      ...(q.filter ? { $filter: q.filter } : {}),
      ...(q.skip > 0 ? { $skip: q.skip } : {}),
    },
  };
}

export const alertList = (q: ListQuery) =>
  queryOptions({
    queryKey: ["alerts", "list", q],
    queryFn: ({ signal }) => answer(client.GET("/v1.0/security/alerts_v2", { signal, params: parameters(q) })),
    placeholderData: keepPreviousData,
  });

export const incidentList = (q: ListQuery) =>
  queryOptions({
    queryKey: ["incidents", "list", q],
    queryFn: ({ signal }) => answer(client.GET("/v1.0/security/incidents", { signal, params: parameters(q) })),
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
    queryFn: ({ signal }) =>
      answer(client.GET("/v1.0/security/incidents/{id}", { signal, params: { header, path: { id }, query: { $expand: "alerts" } } })),
  });

export type Facets = Schema["AlertFacets"];
export type FacetCount = Schema["FacetValue"];

export const alertFacets = (filter: string) =>
  queryOptions({
    queryKey: ["alerts", "facets", filter],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/alerts/facets", { signal, params: { query: filter ? { filter } : {} } })),
    placeholderData: keepPreviousData,
  });

/** What can be changed of an alert and of an incident alike. */
export type ManageChange = Pick<AlertChange, "status" | "assignedTo" | "classification" | "determination">;

interface Managed {
  change: ManageChange;
  comment: string;
}

/** useManage saves a change, then a comment, and reads again what either touches. */
function useManage(save: (change: ManageChange) => Promise<unknown>, say: (comment: string) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ change, comment }: Managed) => {
      if (Object.keys(change).length > 0) await save(change);
      if (comment !== "") await say(comment);
    },
    // A failed second half leaves the first done: what is shown is read again either way.
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["alerts"] }), queries.invalidateQueries({ queryKey: ["incidents"] })]),
  });
}

const said = (comment: string) => ({ "@odata.type": "microsoft.graph.security.alertComment", comment });

export function useManageAlert(id: string) {
  const params = { path: { id } };
  return useManage(
    (body) => client.PATCH("/v1.0/security/alerts_v2/{id}", { params, body }),
    (comment) => client.POST("/v1.0/security/alerts_v2/{id}/comments", { params, body: said(comment) }),
  );
}

export function useManageIncident(id: string) {
  const params = { path: { id } };
  return useManage(
    (body) => client.PATCH("/v1.0/security/incidents/{id}", { params, body }),
    (comment) => client.POST("/v1.0/security/incidents/{id}/comments", { params, body: said(comment) }),
  );
}
