import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, type Schema } from "./client";

export type Token = Schema["Token"];
export type OpenSession = Schema["SessionItem"];

export const userSearch = (text: string) =>
  queryOptions({
    queryKey: ["users", text],
    queryFn: ({ signal }) => answer(client.GET("/api/v1/users", { signal, params: { query: { limit: 20, ...(text ? { q: text } : {}) } } })),
    placeholderData: keepPreviousData,
  });

export const groupList = queryOptions({
  queryKey: ["groups"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/groups", { signal, params: { query: { limit: 1000 } } })),
});

export const tokenList = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/tokens", { signal })),
});

export const sessionList = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/sessions", { signal })),
});

function useOwn<T, R>(key: string, change: (input: T) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: [key] }) });
}

export const useCreateToken = () => useOwn("tokens", (body: Schema["NewToken"]) => answer(client.POST("/api/v1/tokens", { body })));

export const useRevokeToken = () => useOwn("tokens", (id: string) => client.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } }));

export const useEndSession = () => useOwn("sessions", (id: string) => client.DELETE("/api/v1/sessions/{id}", { params: { path: { id } } }));

export const useChangePassword = () => useOwn("sessions", (body: Schema["PasswordChange"]) => client.PUT("/api/v1/me/password", { body }));
