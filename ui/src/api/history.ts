import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, ifMatch, type Schema } from "./client";

export type RoleVersion = Schema["RoleVersion"];
export type DeletedRole = Schema["DeletedRole"];
export type Comparison = Schema["Comparison"];

const most = 1000;

export const roleVersions = (id: string) =>
  queryOptions({
    queryKey: ["roles", "versions", id],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/roles/{id}/versions", { signal, params: { path: { id }, query: { limit: most } } })),
  });

export const deletedRoles = queryOptions({
  queryKey: ["roles", "deleted"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/deleted-roles", { signal, params: { query: { limit: most } } })),
});

/** rolesNamed are the roles of every product that have a text in their name or description. */
export const rolesNamed = (text: string) =>
  queryOptions({
    queryKey: ["roles", "named", text],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/roles", { signal, params: { query: { limit: 50, ...(text ? { q: text } : {}) } } })),
    placeholderData: keepPreviousData,
  });

export const comparison = (left: string, right: string) =>
  queryOptions({
    queryKey: ["access", "compare", left, right],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/access/compare", { signal, params: { query: { left, right } } })),
    enabled: left !== "" && right !== "",
  });

function useChange<T, R>(change: (input: T) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries() });
}

export const useCopyRole = () => useChange(({ id, ...body }: Schema["RoleCopyOf"]) => answer(client.POST("/api/v1/roles/{id}/copy", { params: { path: { id } }, body })));

export const useRestoreRole = () =>
  useChange(({ id, etag, ...body }: Schema["RoleRestorationOf"] & { etag?: string | undefined }) => answer(client.POST("/api/v1/roles/{id}/restore", { params: { path: { id }, ...ifMatch(etag) }, body })));
