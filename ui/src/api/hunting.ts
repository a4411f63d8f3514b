import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { answer, client, ifMatch, type Schema } from "./client";
import { ApiError, fromResponse, onTheWay } from "./errors";

export type HuntingTable = Schema["HuntingTable"];
export type HuntingSchema = Schema["HuntingSchema"];
export type HuntColumn = Schema["HuntColumn"];
export type HuntProblem = Schema["HuntProblem"];
export type HuntRender = Schema["HuntRender"];
export type HuntStats = Schema["HuntStats"];
export type Checked = Schema["CheckedHunt"];
export type Hunt = Schema["Hunt"];
export type KeptQuery = Schema["HuntingQuery"];
export type QuerySetting = Schema["HuntingQuerySetting"];
export type HuntLinkAlert = Schema["HuntLinkAlert"];
type HuntEvent = Schema["HuntEvent"];

export const huntingSchema = queryOptions({
  queryKey: ["hunting", "schema"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/hunting/schema", { signal })),
  staleTime: 60_000,
});

export type Sample = Schema["HuntingSample"];

export const samples = queryOptions({
  queryKey: ["hunting", "samples"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/hunting/samples", { signal })),
  staleTime: Infinity,
});

export const keptQueries = queryOptions({
  queryKey: ["hunting", "queries"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/hunting/queries", { signal, params: { query: { limit: 1000 } } })),
});

export const keptQuery = (id: string) =>
  queryOptions({
    queryKey: ["hunting", "queries", id],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/hunting/queries/{id}", { signal, params: { path: { id } } })),
  });

export const hunts = queryOptions({
  queryKey: ["hunting", "history"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/hunting/history", { signal, params: { query: { limit: 100 } } })),
});

/** checkHunt asks what a query means, or what is wrong with it. */
export const checkHunt = (query: string, signal?: AbortSignal) => answer(client.POST("/api/v1/hunting/check", { body: { query }, ...(signal ? { signal } : {}) }));

function useKept<T>(change: (body: T) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: keptQueries.queryKey }) });
}

export const useSaveQuery = () =>
  useKept(({ id, etag, body }: { id?: string; etag?: string; body: QuerySetting }) =>
    id ? answer(client.PUT("/api/v1/hunting/queries/{id}", { params: { path: { id }, ...ifMatch(etag) }, body })) : answer(client.POST("/api/v1/hunting/queries", { body })),
  );

export const useRemoveQuery = () => useKept(({ id, etag }: KeptQuery) => client.DELETE("/api/v1/hunting/queries/{id}", { params: { path: { id }, ...ifMatch(etag) } }));

export function useForgetHunts() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: () => client.DELETE("/api/v1/hunting/history"), onSettled: () => queries.invalidateQueries({ queryKey: hunts.queryKey }) });
}

/** useLinkRows makes an alert of rows. It takes as long as the query, and can be cancelled. The same request with the same key makes no second alert. */
export function useLinkRows() {
  const queries = useQueryClient();
  const stop = useRef<AbortController | null>(null);
  const link = useMutation({
    mutationFn: ({ key, ...body }: Schema["HuntLink"] & { key: string }) => {
      stop.current = new AbortController();
      return answer(client.POST("/api/v1/hunting/link", { body, signal: stop.current.signal, params: { header: { "Idempotency-Key": key } } }));
    },
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ["alerts"] }), queries.invalidateQueries({ queryKey: ["incidents"] }), queries.invalidateQueries({ queryKey: hunts.queryKey })]),
  });
  return {
    link,
    cancel: () => {
      stop.current?.abort();
      link.reset();
    },
  };
}

/** Watcher is told of a run as it goes on. */
export interface Watcher {
  columns: (columns: HuntColumn[], render?: HuntRender, at?: string) => void;
  rows: (rows: unknown[][]) => void;
  progress: (found: number) => void;
}

/** runHunt runs a query and gives what it took. To abort is to cancel: the server ends the query when nobody listens. */
export async function runHunt(query: string, timespan: string, watcher: Watcher, signal: AbortSignal): Promise<HuntStats> {
  const response = await fetch("/api/v1/hunting/run", {
    method: "POST", credentials: "same-origin", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ query, ...(timespan ? { timespan } : {}) }),
  }).catch((error: unknown) => {
    throw onTheWay(error);
  });
  if (!response.ok || !response.body) throw await fromResponse(response);
  let ended: HuntStats | undefined;
  for await (const line of lines(response.body)) {
    const event = JSON.parse(line) as HuntEvent;
    if (event.kind === "columns") watcher.columns(event.columns ?? [], event.render, event.at);
    else if (event.kind === "rows") watcher.rows((event.rows ?? []) as unknown[][]);
    else if (event.kind === "progress") watcher.progress(event.found ?? 0);
    else if (event.kind === "error") throw new ApiError(event.code === "denied" ? 403 : 400, event.message ?? "The query failed.", response.headers.get("request-id") ?? undefined);
    else if (event.kind === "done") ended = event.stats;
  }
  if (!ended) throw new ApiError(503, "The answer ended before it was complete: the connection was lost. Run the query again.");
  return ended;
}

/** lines cuts a stream at its line breaks. */
export async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const parts = (rest + value).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part) yield part;
  }
  if (rest) yield rest;
}
