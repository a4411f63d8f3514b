import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, type Schema } from "./client";

export type Import = Schema["Import"];
export type ImportPlan = Schema["ImportPlan"];
export type ImportStep = Schema["ImportStep"];
export type ImportChoice = Schema["ImportChoice"];

export const usePlanImport = () => useMutation({ mutationFn: (body: Import) => answer(client.POST("/api/v1/imports/plan", { body })) });

/** useApplyImport imports what was previewed, on the policy that it was previewed on. Anything that is shown may change by it. */
export function useApplyImport() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: (body: Import) => answer(client.POST("/api/v1/imports/apply", { body })), onSettled: () => queries.invalidateQueries() });
}
