import { useQuery } from "@tanstack/react-query";
import { requirements } from "../api/permissions";
import { sentence } from "../lib/words";

/** useTasks names capabilities as the requirements table does. */
export function useTasks(): (capability: string) => string {
  const { data } = useQuery(requirements);
  return (capability) => {
    const row = data?.items.find((item) => item.capability === capability);
    if (!row) return sentence(capability.replaceAll(".", " "));
    return row.part ? `${row.task}: ${row.part}` : row.task;
  };
}
