import { Badge, Button, Field, Link, Select, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { differences, type ShadowDifference } from "../../api/unified";
import { Moment } from "../../components/Moment";
import { Empty, Failed, Loading } from "../../components/states";
import { useTasks } from "../../components/useTasks";
import { count, workloadLabel, workloads } from "../../lib/words";

const useStyles = makeStyles({
  part: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, alignItems: "flex-start" },
  scroll: { overflowX: "auto", width: "100%" },
  table: { minWidth: "860px" },
  who: { display: "flex", flexDirection: "column", paddingBlock: tokens.spacingVerticalXS },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Differences lists by person and task where the unified roles would have answered otherwise. */
export function Differences() {
  const styles = useStyles();
  const [workload, setWorkload] = useState("");
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(differences(workload));
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const missed = data?.pages[0]?.missed ?? 0;
  return (
    <div className={styles.part}>
      <Field label="Product" orientation="horizontal">
        <Select value={workload} onChange={(_, chosen) => setWorkload(chosen.value)}>
          <option value="">All</option>
          {workloads.map((w) => (
            <option key={w.name} value={w.name}>
              {w.label}
            </option>
          ))}
        </Select>
      </Field>
      {isPending ? (
        <Loading what="the differences" />
      ) : error ? (
        <Failed error={error} what="Differences" retry={() => void refetch()} />
      ) : items.length === 0 ? (
        <Empty title="No difference" why={{ capability: "roles.view" }}>Of the requests that were made while a product was in shadow, the unified roles would have answered each alike. A request shows here ten seconds later at the latest.</Empty>
      ) : (
        <>
          <Text>{`${count(data.pages[0]?.total ?? items.length, "difference")}. Mend the roles until only those are left that you want.`}</Text>
          <div className={styles.scroll} tabIndex={0} role="region" aria-label="Differences">
            <Table className={styles.table} size="small" aria-label="Differences">
              <TableHeader>
                <TableRow>
                  {["Person", "Task", "Product", "Now", "With unified roles", "Requests", "Last"].map((title) => (
                    <TableHeaderCell key={title}>
                      <Text weight="semibold">{title}</Text>
                    </TableHeaderCell>
                  ))}
                </TableRow>
              </TableHeader>
              <TableBody>
                {items.map((d) => (
                  <Row key={`${d.user} ${d.workload} ${d.capability} ${d.deviceGroup ?? ""} ${d.allows}`} of={d} />
                ))}
              </TableBody>
            </Table>
          </div>
          {hasNextPage && (
            <Button disabledFocusable={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show more
            </Button>
          )}
        </>
      )}
      {missed > 0 && <Text size={200} className={styles.quiet}>{`${count(missed, "comparison was", "comparisons were")} left out, so that requests need not wait.`}</Text>}
    </div>
  );
}

function Row({ of }: { of: ShadowDifference }) {
  const styles = useStyles();
  const task = useTasks();
  const own = of.allows === "own";
  const proof = `/access?person=${encodeURIComponent(of.user)}&capability=${of.capability}&workload=${of.workload}`;
  return (
    <TableRow>
      <TableCell>
        <span className={styles.who}>
          <Link href={proof}>{of.displayName}</Link>
          {of.displayName !== of.user && <Text size={200} className={styles.quiet}>{of.user}</Text>}
        </span>
      </TableCell>
      <TableCell>{task(of.capability)}</TableCell>
      <TableCell>{`${workloadLabel(of.workload)}${of.deviceGroup ? `, on ${of.deviceGroup}` : ""}`}</TableCell>
      <TableCell>
        <Answer yes={own} />
      </TableCell>
      <TableCell>
        <Answer yes={!own} />
      </TableCell>
      <TableCell>{of.count.toLocaleString()}</TableCell>
      <TableCell>
        <Moment at={of.last} />
      </TableCell>
    </TableRow>
  );
}

function Answer({ yes }: { yes: boolean }) {
  return (
    <Badge appearance="tint" shape="rounded" color={yes ? "success" : "danger"}>
      {yes ? "Allowed" : "Refused"}
    </Badge>
  );
}
