import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, ifMatch, type Schema } from "./client";

export type NotificationRule = Schema["NotificationRule"];
export type NotificationRuleSetting = Schema["NotificationRuleSetting"];
export type Recipient = Schema["NotificationRecipient"];
export type Notification = Schema["Notification"];
export type NotificationStatus = Notification["status"];
export type Channels = Schema["NotificationChannels"];

const rulesKey = ["notification-rules"] as const;
const logKey = ["notifications"] as const;

export const notificationRules = queryOptions({
  queryKey: rulesKey,
  queryFn: ({ signal }) => answer(client.GET("/api/v1/notifications/rules", { signal, params: { query: { limit: 1000 } } })),
});

export const notificationChannels = queryOptions({
  queryKey: ["notification-channels"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/notifications/channels", { signal })),
});

export const actionExecutors = queryOptions({
  queryKey: ["action-executors"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/action-executors", { signal })),
});

export interface LogFilter {
  rule?: string;
  status?: NotificationStatus;
}

// What waits is tried again by itself, so what is shown is asked for again.
export const notificationLog = (filter: LogFilter) =>
  infiniteQueryOptions({
    queryKey: [...logKey, "list", filter],
    queryFn: ({ pageParam, signal }) => answer(client.GET("/api/v1/notifications/log", { signal, params: { query: { ...filter, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: 5_000,
  });

/** outcomeOf follows what becomes of the messages of a test, until none of them waits. */
export const outcomeOf = (rule: string, ids: readonly string[]) =>
  queryOptions({
    queryKey: [...logKey, "test", rule, ids],
    queryFn: async ({ signal }) => {
      const { items } = await answer(client.GET("/api/v1/notifications/log", { signal, params: { query: { rule, limit: 200 } } }));
      return items.filter((one) => ids.includes(one.id));
    },
    refetchInterval: (query) => (query.state.data?.every((one) => one.status !== "pending" || one.attempts > 0) ? false : 1_000),
    staleTime: 0,
  });

function useChange<T, R>(change: (input: T) => Promise<R>, ...keys: (readonly string[])[]) {
  const queries = useQueryClient();
  // Whatever comes of it: a refusal, too, says that something has changed meanwhile.
  return useMutation({ mutationFn: change, onSettled: () => Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey }))) });
}

export const useSaveRule = () =>
  useChange(({ id, etag, setting }: { id?: string | undefined; etag?: string | undefined; setting: NotificationRuleSetting }) =>
    id === undefined
      ? answer(client.POST("/api/v1/notifications/rules", { body: setting }))
      : answer(client.PUT("/api/v1/notifications/rules/{id}", { params: { path: { id }, ...ifMatch(etag) }, body: setting })),
    rulesKey,
  );

export const useRemoveRule = () =>
  useChange(({ id, etag }: { id: string; etag: string }) => answer(client.DELETE("/api/v1/notifications/rules/{id}", { params: { path: { id }, ...ifMatch(etag) } })), rulesKey, logKey);

export const useTestRule = () => useChange((id: string) => answer(client.POST("/api/v1/notifications/rules/{id}/test", { params: { path: { id } } })), logKey);

export const centreSettings = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/settings", { signal })),
});

export const useSetSettings = () =>
  useChange(({ tellHiddenAlerts, etag }: { tellHiddenAlerts: boolean; etag: string }) => answer(client.PUT("/api/v1/settings", { params: ifMatch(etag), body: { tellHiddenAlerts } })), ["settings"]);

const correlationKey = ["correlation"] as const;

export const correlation = queryOptions({
  queryKey: correlationKey,
  queryFn: ({ signal }) => answer(client.GET("/api/v1/correlation", { signal })),
});

export const useSetCorrelation = () =>
  useChange(({ windowMinutes, etag }: { windowMinutes: number; etag: string }) => answer(client.PUT("/api/v1/correlation", { params: ifMatch(etag), body: { windowMinutes } })), correlationKey);
