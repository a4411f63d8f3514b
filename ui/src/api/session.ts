import { dropAll } from "../lib/autosave";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, use } from "react";
import { answer, client, type Schema } from "./client";

export type Persona = Schema["Persona"];
export type Session = Schema["Session"];
export type Area = Schema["Area"];

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/session", { signal })),
  staleTime: 60_000,
});

/** Whoever signs in starts from nothing: what the one before was shown is forgotten. */
function useEnter<T>(enter: (body: T) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: enter,
    onSuccess: async () => {
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
}

export const useSignIn = () => useEnter((body: Schema["SignIn"]) => client.POST("/api/v1/session", { body }));

/** useSetup makes the first administrator and signs in as them. */
export const useSetup = () =>
  useEnter(async (body: Schema["SetUp"]) => {
    await client.POST("/api/v1/setup", { body });
    await client.POST("/api/v1/session", { body: { user: body.user, password: body.password } });
  });

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (everywhere: boolean) => client.DELETE("/api/v1/session", { params: { query: everywhere ? { everywhere } : {} } }),
    onSettled: () => {
      queries.clear();
      dropAll();
      location.assign("/");
    },
  });
}

export interface Me extends Omit<Schema["Me"], "name"> {
  user: string;
  /** Whether one may ask about others' access anywhere (S16). */
  viewsOthers: boolean;
}

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Me> => {
    const { name, ...me } = await answer(client.GET("/api/v1/me", { signal }));
    return { ...me, user: name, viewsOthers: me.capabilities.some((cell) => cell.capability === "roles.view" && cell.somewhere) };
  },
});

/** MeContext holds who is signed in, for everything below the shell. */
export const MeContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = use(MeContext);
  if (!me) throw new Error("useMe stands outside the shell");
  return me;
}
