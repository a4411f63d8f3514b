import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, type Schema } from "./client";

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
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries() });
}

export const usePutCeiling = () =>
  useChange(({ name, ceiling }: NamedCeiling) => answer(client.PUT("/api/v1/ceilings/{name}", { params: { path: { name } }, body: ceiling })));

export const useRemoveCeiling = () => useChange((name: string) => answer(client.DELETE("/api/v1/ceilings/{name}", { params: { path: { name } } })));
