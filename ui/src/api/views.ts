import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, type Schema } from "./client";

export type SavedView = Schema["SavedView"];

/** savedViews are how this reader looks at the lists, as they keep it. */
export const savedViews = queryOptions({
  queryKey: ["savedViews"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/saved-views", { signal })),
});

function useChange<T>(change: (input: T) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: ["savedViews"] }) });
}

export const useSaveView = () => useChange((body: SavedView) => client.PUT("/api/v1/saved-views", { body }));

export const useRemoveView = () => useChange(({ area, name }: Pick<SavedView, "area" | "name">) => client.DELETE("/api/v1/saved-views", { params: { query: { area, name } } }));
