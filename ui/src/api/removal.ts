import { useMutation, useQueryClient } from "@tanstack/react-query";

/**
 * useRemoval takes away what a page shows. Unlike other changes it does not wait for what is read anew after it: by then the page says that
 * there is no such thing, and whoever was to be told that it is done, and led on, is gone with it.
 */
export function useRemoval<T, R>(remove: (input: T) => Promise<R>, queryKey: readonly string[] = []) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: remove, onSettled: () => void queries.invalidateQueries({ queryKey }) });
}
