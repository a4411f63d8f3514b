import { Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { assignmentsOf } from "../../../api/people";
import { Nothing } from "../../../components/labels";
import { Section } from "../../../components/layout";
import { Failed, Loading } from "../../../components/states";
import { extentOf } from "../../../lib/extent";
import { workloadLabel } from "../../../lib/words";

const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL, lineHeight: "26px" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Given is which roles somebody has by assignments, of those that this reader may see. */
export function Given({ principal }: { principal: string }) {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(assignmentsOf(principal));
  return (
    <Section title="Roles given">
      {isPending ? (
        <Loading what="the assignments" rows={2} />
      ) : error ? (
        <Failed error={error} what="Assignments" retry={() => void refetch()} />
      ) : data.items.length === 0 ? (
        <Nothing>None that you may see</Nothing>
      ) : (
        <ul className={styles.list}>
          {data.items.map((a) => (
            <li key={a.id}>
              {a.role.id ? <Link href={`/permissions/roles/${a.role.workload}/${encodeURIComponent(a.role.id)}`}>{a.role.name}</Link> : a.role.name}
              <Text size={200} className={styles.quiet}>{` ${[workloadLabel(a.role.workload), a.group && a.group !== principal ? `by ${a.group}` : "", extentOf(a)].filter(Boolean).join(", ")}`}</Text>
            </li>
          ))}
          {data.total > data.items.length && <li>{`and ${(data.total - data.items.length).toLocaleString()} more`}</li>}
        </ul>
      )}
    </Section>
  );
}
