import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { answer, client, type Schema } from "./client";

export type AuditEntry = Schema["AuditEntry"];

/** AuditFilter narrows the log; what is left out does not. */
export interface AuditFilter {
  search?: string;
  actor?: string;
  object?: string;
  operation?: string;
  outcome?: AuditEntry["outcome"];
  workload?: Schema["Workload"];
  from?: string;
}

/** exportPath answers the whole log as a file that verifies by itself. */
export const exportPath = "/api/v1/audit/export";

/** auditLog is read a page at a time, newest first. */
export const auditLog = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      answer(client.GET("/api/v1/audit", { signal, params: { query: { ...filter, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const auditEntry = (seq: number) =>
  queryOptions({
    queryKey: ["audit", "entry", seq],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/audit/entries/{seq}", { signal, params: { path: { seq } } })),
  });

export const useProof = () => useMutation({ mutationFn: (seq: number) => answer(client.GET("/api/v1/audit/entries/{seq}/proof", { params: { path: { seq } } })) });
export const useCheckpoint = () => useMutation({ mutationFn: () => answer(client.GET("/api/v1/audit/checkpoint")) });
export const useVerifyAudit = () => useMutation({ mutationFn: () => answer(client.GET("/api/v1/audit/verify")) });
