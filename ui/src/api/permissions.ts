import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, ifMatch, type Schema, type Workload } from "./client";
import { useRemoval } from "./removal";

export type Assignment = Schema["Assignment"];
export type DeviceGroup = Schema["DeviceGroup"];
export type DeviceGroupInput = Schema["DeviceGroupInput"];
export type GlobalRole = Schema["GlobalRole"];
export type Permission = Schema["Permission"];
export type Requirement = Schema["Requirement"];
export type Role = Schema["Role"];
export type RoleItem = Schema["RoleItem"];
export type WorkloadInfo = Schema["WorkloadInfo"];

const most = 1000;

export const workloadInfo = queryOptions({
  queryKey: ["workloads"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/workloads", { signal })),
});

export const roles = (workload: string) =>
  queryOptions({
    queryKey: ["roles", "list", workload],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/roles", { signal, params: { query: { workload: workload as Workload, limit: most } } })),
  });

export const allRoles = queryOptions({
  queryKey: ["roles", "list", ""],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/roles", { signal, params: { query: { limit: most } } })),
});

export const roleById = (id: string) =>
  queryOptions({
    queryKey: ["roles", "one", id],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/roles/{id}", { signal, params: { path: { id } } })),
  });

export const globalRoles = queryOptions({
  queryKey: ["globalRoles"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/global-roles", { signal })),
});

export const deviceGroups = queryOptions({
  queryKey: ["deviceGroups"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/device-groups", { signal, params: { query: { limit: most } } })),
});

/** deviceMoves is which devices other rules and ranks would move, of those that the reader sees. */
export const deviceMoves = (items: DeviceGroupInput[]) =>
  queryOptions({
    queryKey: ["deviceGroups", "moves", items],
    queryFn: ({ signal }) => answer(client.POST("/api/v1/device-groups/preview", { signal, body: { items } })),
    placeholderData: keepPreviousData,
  });

export const requirements = queryOptions({
  queryKey: ["requirements"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/requirements", { signal })),
  staleTime: 300_000,
});

export const permissions = (workload: string) =>
  queryOptions({
    queryKey: ["permissions", workload],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/permissions", { signal, params: { query: { workload: workload as Workload } } })),
  });

/** Tagged is a change of what was read in a certain state. */
interface Tagged {
  etag: string | undefined;
}

/** A change of who has what may change anything that is shown: all of it is read again. */
function useChange<T, R>(change: (input: T) => Promise<R>) {
  const queries = useQueryClient();
  // A refusal, too: somebody else may have changed what is shown.
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries() });
}

export const useCreateRole = () => useChange((body: Schema["NewRole"]) => answer(client.POST("/api/v1/roles", { body })));

export const useUpdateRole = () =>
  useChange(({ id, change, etag }: Schema["RoleUpdate"] & Tagged) => answer(client.PATCH("/api/v1/roles/{id}", { params: { path: { id }, ...ifMatch(etag) }, body: change })));

export const useDeleteRole = () => useRemoval(({ id, etag }: { id: string } & Tagged) => client.DELETE("/api/v1/roles/{id}", { params: { path: { id }, ...ifMatch(etag) } }));

export const useCreateAssignment = () => useChange((body: Schema["NewAssignment"]) => answer(client.POST("/api/v1/assignments", { body })));

export const useDeleteAssignment = () => useChange(({ id, etag }: { id: string } & Tagged) => client.DELETE("/api/v1/assignments/{id}", { params: { path: { id }, ...ifMatch(etag) } }));

export const useSetDeviceGroups = () => useChange(({ items, etag }: { items: DeviceGroupInput[] } & Tagged) => answer(client.PUT("/api/v1/device-groups", { params: ifMatch(etag), body: { items } })));

export const useSetEndpointRoles = () => useChange(({ on, etag }: { on: boolean } & Tagged) => answer(client.PUT("/api/v1/workloads/endpoint", { params: ifMatch(etag), body: { roles: on } })));
