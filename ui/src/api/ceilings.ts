import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, ifMatch, type Schema } from "./client";
import { useRemoval } from "./removal";

export type Ceiling = Schema["Ceiling"];
export type CeilingSetting = Schema["CeilingSetting"];
export type NamedCeiling = Schema["NamedCeiling"];

export const ceilings = queryOptions({
  queryKey: ["ceilings"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/ceilings", { signal, params: { query: { limit: 1000 } } })),
});

/** A ceiling may refuse anything that is shown with its commands: all of it is read again. */
function useChange<T, R>(change: (input: T) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries() });
}

export const usePutCeiling = () =>
  useChange(({ name, ceiling, etag }: NamedCeiling & { etag: string | undefined }) => answer(client.PUT("/api/v1/ceilings/{name}", { params: { path: { name }, ...ifMatch(etag) }, body: ceiling })));

export const useRemoveCeiling = () => useRemoval(({ name, etag }: { name: string; etag: string | undefined }) => answer(client.DELETE("/api/v1/ceilings/{name}", { params: { path: { name }, ...ifMatch(etag) } })));
