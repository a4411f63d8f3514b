import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, type Schema } from "./client";

export type ThreatReport = Schema["ThreatReport"];
export type Access = Schema["AnalyticsAccess"];
export type Mitigation = Schema["ReportMitigation"];
export type ReportIncident = Schema["ReportIncident"];
export type ReportAsset = Schema["ReportAsset"];
export type ExposedDevice = Schema["ExposedDevice"];
export type PreventedMail = Schema["PreventedMail"];
export type AssetKind = ReportAsset["kind"];

/** ReportFilter narrows and orders the list; what is left out does not. */
export interface ReportFilter {
  orderby?: "updated" | "published" | "title" | "severity" | "exposure" | "alerts" | "assets" | "mail";
  order?: "asc" | "desc";
  severity?: ("high" | "medium" | "low" | "informational" | "unknown")[];
  type?: string[];
  tag?: string[];
  search?: string;
}

// Several values of a parameter stand in one, with commas.
const querySerializer = { array: { style: "form", explode: false } } as const;

export const dashboard = queryOptions({
  queryKey: ["threat-analytics", "dashboard"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/threat-analytics", { signal })),
});

export const reportList = (filter: ReportFilter) =>
  infiniteQueryOptions({
    queryKey: ["threat-analytics", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      answer(client.GET("/api/v1/threat-analytics/reports", { signal, querySerializer, params: { query: { ...filter, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const reportById = (id: string) =>
  queryOptions({
    queryKey: ["threat-analytics", "one", id],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/threat-analytics/reports/{id}", { signal, params: { path: { id } } })),
  });

/** paged is a list of one part of a report, a page after the other. */
function paged<T extends { next?: string }>(key: readonly string[], ask: (cursor: { cursor?: string }, signal: AbortSignal) => Promise<T>) {
  return infiniteQueryOptions({
    queryKey: ["threat-analytics", ...key],
    queryFn: ({ pageParam, signal }: { pageParam: string; signal: AbortSignal }) => ask(pageParam ? { cursor: pageParam } : {}, signal),
    initialPageParam: "",
    getNextPageParam: (page: T) => page.next,
  });
}

export const reportIncidents = (id: string) =>
  paged(["incidents", id], (query, signal) => answer(client.GET("/api/v1/threat-analytics/reports/{id}/incidents", { signal, params: { path: { id }, query } })));

export const reportAssets = (id: string, kind: AssetKind) =>
  paged(["assets", id, kind], (query, signal) => answer(client.GET("/api/v1/threat-analytics/reports/{id}/assets", { signal, params: { path: { id }, query: { kind, ...query } } })));

export const exposedDevices = (id: string, mitigation: string) =>
  paged(["devices", id, mitigation], (query, signal) =>
    answer(client.GET("/api/v1/threat-analytics/reports/{id}/exposed-devices", { signal, params: { path: { id }, query: { ...(mitigation ? { mitigation } : {}), ...query } } })),
  );

export const preventedMail = (id: string) =>
  paged(["mail", id], (query, signal) => answer(client.GET("/api/v1/threat-analytics/reports/{id}/mail", { signal, params: { path: { id }, query } })));

export function useRemoveReport(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.DELETE("/api/v1/threat-analytics/reports/{id}", { params: { path: { id } } }),
    onSuccess: () => queries.removeQueries({ queryKey: ["threat-analytics"] }),
  });
}
