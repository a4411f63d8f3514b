import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, ifMatch, type Schema } from "./client";

export type Feed = Schema["HuntingFeed"];
export type FeedSetting = Schema["HuntingFeedSetting"];

const key = ["hunting-feeds"] as const;

// Feeds are fetched by themselves, so what is shown is asked for again.
export const huntingFeeds = queryOptions({
  queryKey: key,
  queryFn: ({ signal }) => answer(client.GET("/api/v1/hunting/feeds", { signal, params: { query: { limit: 1000 } } })),
  refetchInterval: 5_000,
});

function useChange<T, R>(change: (input: T) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: key }) });
}

export const useSaveFeed = () =>
  useChange(({ id, etag, setting }: { id?: string | undefined; etag?: string | undefined; setting: FeedSetting }) =>
    id === undefined
      ? answer(client.POST("/api/v1/hunting/feeds", { body: setting }))
      : answer(client.PUT("/api/v1/hunting/feeds/{id}", { params: { path: { id }, ...ifMatch(etag) }, body: setting })),
  );

export const useRemoveFeed = () => useChange(({ id, etag }: { id: string; etag: string }) => answer(client.DELETE("/api/v1/hunting/feeds/{id}", { params: { path: { id }, ...ifMatch(etag) } })));

export const useFetchFeed = () => useChange((id: string) => answer(client.POST("/api/v1/hunting/feeds/{id}/fetch", { params: { path: { id } } })));

export const useLoadFeed = () =>
  useChange(({ id, file }: { id: string; file: Blob }) =>
    answer(client.PUT("/api/v1/hunting/feeds/{id}/data", { params: { path: { id } }, body: file as unknown as string, bodySerializer: () => file, headers: { "Content-Type": "application/octet-stream" } })),
  );
