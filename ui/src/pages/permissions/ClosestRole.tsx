import { Link, Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { allRoles } from "../../api/permissions";
import { closest } from "../../lib/closest";
import { list } from "../../lib/words";

/** ClosestRole names the existing role that is nearest to a draft: perhaps it will do. */
export function ClosestRole({ workload, permissions, own }: { workload: string; permissions: readonly string[]; own: string | undefined }) {
  const { data } = useQuery(allRoles);
  const found = closest(permissions, (data?.items ?? []).filter((role) => role.workload === workload), own);
  if (!found) return null;
  const { more, less } = found;
  return (
    <section aria-label="Closest existing role">
      <Text weight="semibold" block>Closest existing role</Text>
      <Link href={`/permissions/roles/${workload}/${encodeURIComponent(found.id)}`}>{found.name}</Link>
      <Text block size={200}>
        {more.length + less.length === 0 ? "It has just these permissions." : [more.length > 0 && `It lacks ${list(more)}.`, less.length > 0 && `It has ${list(less)} besides.`].filter(Boolean).join(" ")}
      </Text>
    </section>
  );
}
