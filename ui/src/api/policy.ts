import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, type Schema } from "./client";

export type PolicyFile = Schema["PolicyFile"];
export type PolicyPlan = Schema["PolicyPlan"];

/** exportPath answers the policy in force as a file. */
export const exportPath = "/api/v1/policy";

export const usePlanPolicy = () => useMutation({ mutationFn: (body: PolicyFile) => answer(client.POST("/api/v1/policy/plan", { body })) });

/** useApplyPlan applies a file on the policy that its plan was made on, and on no other. Anything that is shown may change by it. */
export function useApplyPlan() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ file, plan }: { file: PolicyFile; plan: PolicyPlan }) =>
      answer(client.POST("/api/v1/policy/apply", { body: { ...file, plan: { revision: plan.revision, fingerprint: plan.fingerprint ?? "" } } })),
    onSettled: () => queries.invalidateQueries(),
  });
}

/** useAdoptPolicy gives the file with what it declares as it is in force. */
export const useAdoptPolicy = () => useMutation({ mutationFn: (body: PolicyFile) => answer(client.POST("/api/v1/policy/adopt", { body, parseAs: "text" })) });
