import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, ifMatch, type Schema } from "./client";

export type ResponseAction = Schema["ResponseAction"];
export type ActionType = Schema["ActionType"];
export type ActionTarget = Schema["ActionTarget"];
export type Decision = "approved" | "declined";

/** ActionFilter narrows the Action centre; what is left out does not. */
export interface ActionFilter {
  tab?: "pending" | "history";
  status?: string[];
  type?: string[];
  source?: string[];
  workload?: Schema["WorkloadName"];
  deviceGroup?: string;
  incident?: string;
  device?: string;
  since?: string;
  search?: string;
}

// Several values of a parameter stand in one, with commas.
const querySerializer = { array: { style: "form", explode: false } } as const;

// An executor answers by itself, so what is shown is asked for again.
const often = 3_000;

export const actionList = (filter: ActionFilter) =>
  infiniteQueryOptions({
    queryKey: ["actions", "list", filter],
    queryFn: ({ pageParam, signal }) => answer(client.GET("/api/v1/actions", { signal, querySerializer, params: { query: { ...filter, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    // What waits is never shown for what was done.
    placeholderData: (previous, query) => ((query?.queryKey[2] as ActionFilter | undefined)?.tab === filter.tab ? previous : undefined),
    refetchInterval: often,
  });

export const actionFacets = (filter: ActionFilter) =>
  queryOptions({
    queryKey: ["actions", "facets", filter],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/action-facets", { signal, querySerializer, params: { query: filter } })),
    placeholderData: keepPreviousData,
  });

export const actionById = (id: string) =>
  queryOptions({
    queryKey: ["actions", "one", id],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/actions/{id}", { signal, params: { path: { id } } })),
    refetchInterval: often,
  });

export const actionTypes = queryOptions({
  queryKey: ["action-types"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/action-types", { signal })),
  staleTime: 60_000,
});

export const actionRules = queryOptions({
  queryKey: ["action-rules"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/action-rules", { signal })),
});

function useChange<T, R>(change: (input: T) => Promise<R>) {
  const queries = useQueryClient();
  // Whatever comes of it: a refusal, too, says that something has changed meanwhile.
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: ["actions"] }) });
}

export const useDecideActions = () => useChange((body: Schema["ActionsToDecide"]) => answer(client.POST("/api/v1/action-decisions", { body })));

export type Verb = "approve" | "decline" | "cancel" | "undo";

/** useDecideAction decides an action as it was read: one that its source has made something else of meanwhile is not decided. */
export const useDecideAction = (id: string, etag?: string) =>
  useChange(({ verb, comment }: { verb: Verb; comment: string }) => {
    const asked = { params: { path: { id }, ...ifMatch(etag) }, body: comment ? { comment } : {} };
    switch (verb) {
      case "approve":
        return answer(client.POST("/api/v1/actions/{id}/approve", asked));
      case "decline":
        return answer(client.POST("/api/v1/actions/{id}/decline", asked));
      case "cancel":
        return answer(client.POST("/api/v1/actions/{id}/cancel", asked));
      case "undo": // of what was done: that is not made something else
        return answer(client.POST("/api/v1/actions/{id}/undo", { params: { path: { id } }, body: asked.body }));
    }
  });

export const useCompleteAction = (id: string) =>
  useChange((body: Schema["ActionCompletion"]) => answer(client.POST("/api/v1/actions/{id}/complete", { params: { path: { id } }, body })));

export const useRequestAction = () => useChange((body: Schema["ActionRequest"]) => answer(client.POST("/api/v1/actions", { body })));

export function useSetActionRules() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ othersApprove, etag }: { othersApprove: boolean; etag: string }) => answer(client.PUT("/api/v1/action-rules", { params: ifMatch(etag), body: { othersApprove } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["action-rules"] }),
  });
}

/** exportActions is where the file of a list is. */
export function exportActions(filter: ActionFilter): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    const text = Array.isArray(value) ? value.join(",") : String(value ?? "");
    if (text) search.set(name, text);
  }
  return `/api/v1/action-export${search.size > 0 ? `?${search}` : ""}`;
}
