import { keepPreviousData, infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, ifMatch, type Schema, type Workload } from "./client";

export type Activation = Schema["Activation"];
export type NewUnifiedAssignment = Schema["NewUnifiedAssignment"];
export type ShadowDifference = Schema["ShadowDifference"];
export type UnifiedAssignment = Schema["UnifiedAssignment"];

export const unifiedAssignment = (id: string) =>
  queryOptions({
    queryKey: ["roles", "set", id],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/unified/assignments/{id}", { signal, params: { path: { id } } })),
  });

/** differences is what the shadows have found; of one workload, or of all. */
export const differences = (workload: string) =>
  infiniteQueryOptions({
    queryKey: ["differences", workload],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET("/api/v1/unified/differences", {
          signal,
          params: { query: { ...(workload ? { workload: workload as Exclude<Workload, "unified"> } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** A change of who has what may change anything that is shown: all of it is read again. */
function useChange<T, R>(change: (input: T) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries() });
}

export const useCreateUnifiedAssignment = () =>
  useChange((body: NewUnifiedAssignment) => answer(client.POST("/api/v1/unified/assignments", { body })));

export const useUpdateUnifiedAssignment = () =>
  useChange(({ id, assignment, etag }: Schema["UnifiedAssignmentUpdate"] & { etag: string | undefined }) =>
    answer(client.PUT("/api/v1/unified/assignments/{id}", { params: { path: { id }, ...ifMatch(etag) }, body: assignment })),
  );

export const useDeleteUnifiedAssignment = () =>
  useChange((id: string) => client.DELETE("/api/v1/unified/assignments/{id}", { params: { path: { id } } }));

export const useSetActivation = () => 
  useChange(({ body, etag }: { body: Schema["WorkloadActivation"]; etag: string | undefined }) => answer(client.PUT("/api/v1/unified/activation", { params: ifMatch(etag), body })));
