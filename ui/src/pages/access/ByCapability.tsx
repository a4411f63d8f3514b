import { Button, Field, Link, Select, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { anywhere, holders } from "../../api/access";
import { requirements } from "../../api/permissions";
import { Card } from "../../components/layout";
import { PathLine } from "../../components/Proof";
import { Empty, Failed, Loading } from "../../components/states";
import { count, workloadLabel, workloads } from "../../lib/words";
import { DeviceGroupPicker } from "./DeviceGroupPicker";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  question: { display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(240px, 320px))", gap: tokens.spacingHorizontalL, "& select": { minWidth: 0 } },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  person: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
});

interface ViewProps {
  search: URLSearchParams;
  setSearch: (next: Record<string, string>, options?: { replace?: boolean }) => void;
}

/** Who has a capability, by every path, a page at a time. */
export function ByCapability({ search, setSearch }: ViewProps) {
  const styles = useStyles();
  const table = useQuery(requirements);
  const rows = table.data?.items ?? [];
  const capability = search.get("capability") ?? rows[0]?.capability ?? "";
  const workload = search.get("workload") ?? "endpoint";
  const deviceGroup = workload === "endpoint" ? (search.get("deviceGroup") ?? "") : "";
  const ask = (change: Record<string, string>) => setSearch({ view: "capability", capability, workload, ...(deviceGroup ? { deviceGroup } : {}), ...change }, { replace: true });
  const who = useInfiniteQuery({ ...holders({ capability, workload, deviceGroup }), enabled: capability !== "" });

  const people = who.data?.pages.flatMap((page) => page.items) ?? [];
  const total = who.data?.pages[0]?.total ?? 0;
  if (table.isPending) return <Loading what="the capabilities" />;
  if (table.error) return <Failed error={table.error} what="requirements" retry={() => void table.refetch()} />;
  return (
    <div className={styles.page}>
      <div className={styles.question} role="group" aria-label="The question">
        <Field label="What can be done">
          <Select value={capability} onChange={(_, data) => ask({ capability: data.value })}>
            {rows.map((row) => (
              <option key={row.capability} value={row.capability}>
                {row.part ? `${row.task}: ${row.part}` : row.task}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="In">
          <Select value={workload} onChange={(_, data) => ask({ workload: data.value, deviceGroup: "" })}>
            {workloads.map((w) => (
              <option key={w.name} value={w.name}>
                {w.label}
              </option>
            ))}
          </Select>
        </Field>
        {workload === "endpoint" && <DeviceGroupPicker value={deviceGroup} any onPick={(name) => ask({ deviceGroup: name })} />}
      </div>
      {who.isPending ? (
        <Loading what="who has it" />
      ) : who.error ? (
        <Failed error={who.error} what="answer" retry={() => void who.refetch()} />
      ) : people.length === 0 ? (
        <Empty title="Nobody has this" why={{ capability: "roles.view", workloads: [workload] }}>{`No role and no global role gives anybody this in ${workloadLabel(workload)}${deviceGroup ? ` on ${deviceGroup === anywhere ? "any device group" : deviceGroup}` : ""}. The requirements table says what would.`}</Empty>
      ) : (
        <>
          <Text aria-live="polite">{`${count(total, "person has", "people have")} this.`}</Text>
          <ul className={styles.list}>
            {people.map((person) => (
              <li key={person.user}>
                <Card className={styles.person}>
                  <Link href={`/access?person=${encodeURIComponent(person.user)}`}>{person.displayName ? `${person.displayName} (${person.user})` : person.user}</Link>
                  {person.paths.map((path, i) => (
                    <PathLine key={i} path={path} />
                  ))}
                </Card>
              </li>
            ))}
          </ul>
          {who.hasNextPage && (
            <div>
              <Button onClick={() => void who.fetchNextPage()} disabledFocusable={who.isFetchingNextPage}>
                {who.isFetchingNextPage ? "Loading" : `Show more of ${total.toLocaleString()}`}
              </Button>
            </div>
          )}
        </>
      )}
    </div>
  );
}
