import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, ifMatch, type Schema } from "./client";
import { useRemoval } from "./removal";
import { ApiError } from "./errors";

export type User = Schema["User"];
export type UserSetting = Schema["UserSetting"];
export type Group = Schema["Group"];
export type GroupSetting = Schema["GroupSetting"];

const page = 50;

/** users are those whose name or display name has the text, a page at a time. */
export const users = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["users", "pages", q],
    queryFn: ({ pageParam, signal }) =>
      answer(client.GET("/api/v1/users", { signal, params: { query: { limit: page, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
  });

export const groups = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["groups", "pages", q],
    queryFn: ({ pageParam, signal }) =>
      answer(client.GET("/api/v1/groups", { signal, params: { query: { limit: page, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
  });

export const userByName = (name: string) =>
  queryOptions({
    queryKey: ["users", "one", name],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/users/{name}", { signal, params: { path: { name } } })),
  });

export const groupByName = (name: string) =>
  queryOptions({
    queryKey: ["groups", "one", name],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/groups/{name}", { signal, params: { path: { name } } })),
  });

/** assignmentsOf are those of a group, or of a person with those of their groups. */
export const assignmentsOf = (principal: string) =>
  queryOptions({
    queryKey: ["assignments", principal],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/assignments", { signal, params: { query: { principal, limit: 100 } } })),
  });

/** A change of people may change anything that is shown: all of it is read again, after a refusal too. */
function useChange<T, R>(change: (input: T) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries() });
}

/** free refuses a name that somebody has: a new one must not be written over another. */
async function free(kind: string, name: string, read: Promise<unknown>) {
  try {
    await read;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return;
    throw error;
  }
  throw new Error(`There is a ${kind} ${name} already.`);
}

interface Named {
  name: string;
  /** Of what was read; undefined: it is new. */
  etag: string | undefined;
}

export const usePutUser = () =>
  useChange(async ({ name, user, etag }: { user: UserSetting } & Named) => {
    if (etag === undefined) await free("user", name, answer(client.GET("/api/v1/users/{name}", { params: { path: { name } } })));
    return answer(client.PUT("/api/v1/users/{name}", { params: { path: { name }, ...ifMatch(etag) }, body: user }));
  });

export const useRemoveUser = () => useRemoval(({ name, etag }: Named) => client.DELETE("/api/v1/users/{name}", { params: { path: { name }, ...ifMatch(etag) } }));

export const useResetPassword = () => useChange(({ name, password }: { name: string; password: string }) => client.PUT("/api/v1/users/{name}/password", { params: { path: { name } }, body: { password } }));

export const usePutGroup = () =>
  useChange(async ({ name, group, etag }: { group: GroupSetting } & Named) => {
    if (etag === undefined) await free("group", name, answer(client.GET("/api/v1/groups/{name}", { params: { path: { name } } })));
    return answer(client.PUT("/api/v1/groups/{name}", { params: { path: { name }, ...ifMatch(etag) }, body: group }));
  });

export const useRemoveGroup = () => useRemoval(({ name, etag }: Named) => client.DELETE("/api/v1/groups/{name}", { params: { path: { name }, ...ifMatch(etag) } }));
