import { queryOptions, useMutation } from "@tanstack/react-query";
import { answer, client, type Schema } from "./client";

export type PortalView = Schema["PortalView"];
export type NewView = Schema["NewView"];

export const viewQuery = queryOptions({
  queryKey: ["view"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/view", { signal })),
  staleTime: 60_000,
  // It ends by the server's clock.
  refetchInterval: (query) => (query.state.data?.viewing ? 30_000 : false),
});

// Whoever begins or ends a view loads the portal anew: nothing that was seen with other eyes is drawn.
export const useBeginView = () => useMutation({ mutationFn: (body: NewView) => client.POST("/api/v1/view", { body }) });
export const useEndView = () => useMutation({ mutationFn: () => client.DELETE("/api/v1/view") });
