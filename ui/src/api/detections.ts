import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, ifMatch, type Schema } from "./client";
import { useRemoval } from "./removal";

export type Detection = Schema["Detection"];
export type DetectionSetting = Schema["DetectionSetting"];
export type DetectionAction = Schema["DetectionAction"];
export type DetectionChoices = Schema["DetectionChoices"];
export type DetectionRun = Schema["DetectionRun"];
export type DetectionTrial = Schema["DetectionTrial"];

const key = ["detections"] as const;

export const detections = queryOptions({
  queryKey: [...key, "list"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/detections", { signal, params: { query: { limit: 1000 } } })),
});

export const detection = (id: string) =>
  queryOptions({
    queryKey: [...key, "one", id],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/detections/{id}", { signal, params: { path: { id } } })),
  });

export const detectionRuns = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...key, "runs", id],
    queryFn: ({ pageParam, signal }) => answer(client.GET("/api/v1/detections/{id}/runs", { signal, params: { path: { id }, query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const detectionChoices = queryOptions({
  queryKey: [...key, "choices"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/detection-choices", { signal })),
});

/** detectionQuery is what a query brings for a detection, and what keeps it from being one. Nothing is run. */
export const detectionQuery = (query: string, period: string) =>
  queryOptions({
    queryKey: [...key, "query", query, period],
    queryFn: ({ signal }) => answer(client.POST("/api/v1/detection-query", { signal, body: { query, period } })),
    placeholderData: keepPreviousData,
  });

function useChange<T, R>(change: (input: T) => Promise<R>) {
  const queries = useQueryClient();
  // Whatever comes of it: a refusal, too, says that something has changed meanwhile.
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: key }) });
}

interface Tagged {
  id: string;
  etag: string;
}

export const useSaveDetection = () =>
  useChange(({ id, etag, setting }: { id?: string | undefined; etag?: string | undefined; setting: DetectionSetting }) =>
    id === undefined
      ? answer(client.POST("/api/v1/detections", { body: setting }))
      : answer(client.PUT("/api/v1/detections/{id}", { params: { path: { id }, ...ifMatch(etag) }, body: setting })),
  );

export const useRemoveDetection = () => useRemoval(({ id, etag }: Tagged) => answer(client.DELETE("/api/v1/detections/{id}", { params: { path: { id }, ...ifMatch(etag) } })), key);

export const useTurnDetection = () =>
  useChange(({ id, etag, on }: Tagged & { on: boolean }) => answer(client.PUT("/api/v1/detections/{id}/state", { params: { path: { id }, ...ifMatch(etag) }, body: { on } })));

export const useHandOver = () =>
  useChange(({ id, etag, owner }: Tagged & { owner: string }) => answer(client.PUT("/api/v1/detections/{id}/owner", { params: { path: { id }, ...ifMatch(etag) }, body: { owner } })));

export const useRunDetection = () => useChange((id: string) => answer(client.POST("/api/v1/detections/{id}/run", { params: { path: { id } } })));

export const useTryDetection = () =>
  useMutation({ mutationFn: ({ setting, days }: { setting: DetectionSetting; days: number }) => answer(client.POST("/api/v1/detection-preview", { body: { detection: setting, days } })) });
