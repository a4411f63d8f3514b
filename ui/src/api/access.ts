import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, client, type Capability, type Schema, type Workload } from "./client";

export type Access = Schema["Access"];
export type Change = Schema["Change"];
export type Explanation = Schema["Explanation"];
export type Path = Schema["Path"];
export type Proof = Schema["Proof"];
export type Effective = Schema["Effective"];
export type CapabilityCell = Schema["CapabilityCell"];
export type CapabilityAt = Schema["CapabilityAt"];

export type Proposal = Schema["Proposal"];

export interface Question {
  /** Oneself, if empty. */
  principal: string;
  /** Id of a role, instead: what whoever has it and nothing else may do. */
  role?: string;
  capability: string;
  workload: string;
  /** The whole workload, if empty (S17). */
  deviceGroup: string;
}

// Addresses are typed by people: the server says what it thinks of a capability that does not exist.
const at = (q: Pick<Question, "capability" | "workload">) => ({ capability: q.capability as Capability, workload: q.workload as Exclude<Workload, "unified"> });

export const explanation = (q: Question) =>
  queryOptions({
    queryKey: ["access", "explain", q],
    queryFn: ({ signal }) =>
      answer(
        client.POST("/api/v1/access/explain", {
          signal,
          body: { ...at(q), ...(q.role ? { role: q.role } : q.principal ? { principal: q.principal } : {}), ...(q.deviceGroup ? { deviceGroup: q.deviceGroup } : {}) },
        }),
      ),
  });

export const effective = (principal: string) =>
  queryOptions({
    queryKey: ["access", "effective", principal],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/access/effective", { signal, params: { query: { principal } } })),
  });

/** anywhere asks for any device group at all, where a name asks for that one. */
export const anywhere = "*";

export const holders = (q: Omit<Question, "principal">) =>
  infiniteQueryOptions({
    queryKey: ["access", "holders", q],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET("/api/v1/access/who-can", {
          signal,
          params: {
            query: {
              ...at(q),
              ...(q.deviceGroup === anywhere ? { somewhere: true } : q.deviceGroup ? { deviceGroup: q.deviceGroup } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
  });

export const preview = (changes: Change[]) =>
  queryOptions({
    queryKey: ["access", "preview", changes],
    queryFn: ({ signal }) => answer(client.POST("/api/v1/access/preview", { signal, body: { changes } })),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const proposals = (outcome: CapabilityAt[]) =>
  queryOptions({
    queryKey: ["access", "proposals", outcome],
    queryFn: ({ signal }) => answer(client.POST("/api/v1/access/propose", { signal, body: { outcome } })),
    placeholderData: keepPreviousData,
  });

export type AccessRow = Schema["AccessRow"];

/** MatrixQuestion is what the matrix is narrowed to; empty texts narrow nothing. */
export interface MatrixQuestion {
  of: "people" | "roles";
  q: string;
  principal: string;
  group: string;
  role: string;
  capability: string;
  workload: string;
  deviceGroup: string;
  onlyHas: boolean;
}

export const matrixPage = 50;

export const matrix = (q: MatrixQuestion, cursor: string) =>
  queryOptions({
    queryKey: ["access", "matrix", q, cursor],
    queryFn: ({ signal }) => {
      const { capability, workload, onlyHas, ...texts } = q;
      const query = Object.fromEntries(Object.entries({ ...texts, cursor }).filter(([, value]) => value !== ""));
      return answer(
        client.GET("/api/v1/access/matrix", {
          signal,
          params: {
            query: {
              ...query,
              limit: matrixPage,
              ...(onlyHas ? { onlyHas } : {}),
              ...(capability ? { capability: capability as Capability } : {}),
              ...(workload ? { workload: workload as Exclude<Workload, "unified"> } : {}),
            },
          },
        }),
      );
    },
    placeholderData: keepPreviousData,
  });

export type Thing = "alert" | "incident" | "device" | "device-group";

export const whoMay = (thing: Thing, id: string, capability: string) =>
  infiniteQueryOptions({
    queryKey: ["access", "who-may", thing, id, capability],
    queryFn: ({ pageParam, signal }) =>
      answer(client.GET("/api/v1/access/who-may", { signal, params: { query: { thing, id, limit: 20, capability: capability as Capability, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
  });
