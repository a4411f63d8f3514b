import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, type Schema } from "./client";

export type Device = Schema["DeviceItem"];
export type DevicePage = Schema["DevicePage"];
export type Entity = Schema["EntityItem"];
export type EntityPage = Schema["EntityPage"];
export type AssetTold = Schema["AssetTold"];
export type AssetLink = Schema["AssetLink"];
export type EntityKind = Entity["kind"];
export type AssetOrder = "risk" | "lastSeen" | "name";
export type TagChange = Schema["TagChange"];

interface AssetFilter {
  q: string;
  order: AssetOrder;
  deviceGroup?: string[];
}

const query = ({ q, order, deviceGroup }: AssetFilter, cursor: string) => ({
  order,
  ...(q ? { q } : {}),
  ...(deviceGroup && deviceGroup.length > 0 ? { deviceGroup } : {}),
  ...(cursor ? { cursor } : {}),
});

export const deviceList = (filter: AssetFilter) =>
  infiniteQueryOptions({
    queryKey: ["devices", "list", filter],
    queryFn: ({ pageParam, signal }) => answer(client.GET("/api/v1/devices", { signal, params: { query: query(filter, pageParam) } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const entityList = (kind: EntityKind, filter: AssetFilter) =>
  infiniteQueryOptions({
    queryKey: ["entities", kind, "list", filter],
    queryFn: ({ pageParam, signal }) => answer(client.GET("/api/v1/entities/{kind}", { signal, params: { path: { kind }, query: query(filter, pageParam) } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    // One kind is never shown for another.
    placeholderData: (previous, before) => (before?.queryKey[1] === kind ? previous : undefined),
  });

export const deviceById = (id: string) =>
  queryOptions({ queryKey: ["devices", "one", id], queryFn: ({ signal }) => answer(client.GET("/api/v1/devices/{id}", { signal, params: { path: { id } } })) });

export const entityByKey = (kind: EntityKind, key: string) =>
  queryOptions({ queryKey: ["entities", kind, "one", key], queryFn: ({ signal }) => answer(client.GET("/api/v1/entities/{kind}/{key}", { signal, params: { path: { kind, key } } })) });

/** What one may ask for on a device. */
export const deviceActions = (device: string) =>
  queryOptions({ queryKey: ["actions", "types", device], queryFn: ({ signal }) => answer(client.GET("/api/v1/action-types", { signal, params: { query: { device } } })) });

export const tagPreview = (id: string, body: TagChange) =>
  queryOptions({
    queryKey: ["devices", "tags", id, body],
    queryFn: ({ signal }) => answer(client.POST("/api/v1/devices/{id}/tags/preview", { signal, params: { path: { id } }, body })),
    enabled: (body.add?.length ?? 0) + (body.remove?.length ?? 0) > 0,
    retry: false,
  });

/** useTagDevice changes tags. The device may move by it, and alerts with it. */
export function useTagDevice(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: TagChange) => answer(client.POST("/api/v1/devices/{id}/tags", { params: { path: { id } }, body })),
    onSuccess: async ({ device }) => {
      if (device) queries.setQueryData(deviceById(id).queryKey, device);
      await Promise.all([["devices", "list"], ["alerts"], ["incidents"]].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
}
