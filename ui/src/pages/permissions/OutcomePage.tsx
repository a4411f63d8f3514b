import { Badge, Button, Card as FluentCard, Checkbox, Link, MessageBar, MessageBarBody, MessageBarTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import { proposals, type CapabilityAt, type Proposal } from "../../api/access";
import type { Capability, Workload } from "../../api/client";
import { requirements } from "../../api/permissions";
import { Nothing } from "../../components/labels";
import { PageHeader, Section } from "../../components/layout";
import { Failed, Loading } from "../../components/states";
import { workloadLabel, workloads } from "../../lib/words";
import { Opens } from "./Opens";
import { PermissionsCrumbs } from "./PermissionsCrumbs";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXL },
  scroll: { overflowX: "auto" },
  table: { borderCollapse: "collapse", minWidth: "720px", width: "100%" },
  head: { textAlign: "left", padding: tokens.spacingHorizontalS, borderBottom: `2px solid ${tokens.colorNeutralStroke1}` },
  cell: { textAlign: "left", padding: `0 ${tokens.spacingHorizontalS}`, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, fontWeight: tokens.fontWeightRegular },
  none: { color: tokens.colorNeutralForeground3, paddingLeft: tokens.spacingHorizontalS },
  cards: { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(340px, 1fr))", gap: tokens.spacingHorizontalL, alignItems: "start" },
  card: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  permissions: { listStyleType: "disc", margin: 0, paddingLeft: tokens.spacingHorizontalXL },
  line: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "center", flexWrap: "wrap" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const keyOf = ({ capability, workload }: CapabilityAt) => `${capability}:${workload}`;

/** Start from the outcome: tick what people must be able to do, and get the least permissions that do it. */
export default function OutcomePage() {
  const styles = useStyles();
  const [search, setSearch] = useSearchParams();
  const table = useQuery(requirements);
  // The address has what is ticked: it can be sent to somebody, and going back loses nothing.
  const ticked: CapabilityAt[] = search.getAll("do").flatMap((text) => {
    const [capability, workload] = text.split(":");
    return capability && workload ? [{ capability: capability as Capability, workload: workload as Workload }] : [];
  });
  const isTicked = (at: CapabilityAt) => ticked.some((one) => keyOf(one) === keyOf(at));
  function tick(at: CapabilityAt, on: boolean) {
    const next = new URLSearchParams(search);
    next.delete("do");
    for (const one of [...ticked.filter((other) => keyOf(other) !== keyOf(at)), ...(on ? [at] : [])]) next.append("do", keyOf(one));
    setSearch(next, { replace: true });
  }
  return (
    <>
      <PageHeader
        title="Start from the outcome"
        above={<PermissionsCrumbs here="Start from the outcome" />}
        below="Tick what people must be able to do, and where. Below stand the least permissions that do it, and all that comes along."
        commands={ticked.length > 0 && <Button onClick={() => setSearch({}, { replace: true })}>Clear</Button>}
      />
      {table.isPending ? (
        <Loading what="the tasks" />
      ) : table.error ? (
        <Failed error={table.error} what="Requirements" retry={() => void table.refetch()} />
      ) : (
        <div className={styles.page}>
          <div className={styles.scroll} tabIndex={0} role="region" aria-label="What people must be able to do">
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col" className={styles.head}>Task</th>
                  {workloads.map((w) => (
                    <th key={w.name} scope="col" className={styles.head}>{w.label}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {table.data.items.map((row) => {
                  const task = row.part ? `${row.task}: ${row.part}` : row.task;
                  return (
                    <tr key={row.capability}>
                      <th scope="row" className={styles.cell}>{task}</th>
                      {workloads.map((w) => {
                        const at = { capability: row.capability, workload: w.name as Workload };
                        const cell = row.cells.find((c) => c.workload === w.name);
                        const given = cell?.applies && (cell.state === "on" ? (cell.unified ?? []) : cell.anyOf).length > 0;
                        return (
                          <td key={w.name} className={styles.cell}>
                            {given || isTicked(at) ? (
                              <Checkbox aria-label={`${task}, ${w.label}`} checked={isTicked(at)} onChange={(_, data) => tick(at, data.checked === true)} />
                            ) : (
                              <Text size={200} className={styles.none}>{cell?.applies ? "No role grants this" : "Not applicable"}</Text>
                            )}
                          </td>
                        );
                      })}
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
          <div aria-live="polite">{ticked.length > 0 && <Proposals outcome={ticked} />}</div>
        </div>
      )}
    </>
  );
}

function Proposals({ outcome }: { outcome: CapabilityAt[] }) {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(proposals(outcome));
  if (isPending) return <Loading what="the proposals" rows={4} />;
  if (error) return <Failed error={error} what="The proposals" retry={() => void refetch()} />;
  return (
    <div className={styles.page}>
      {data.impossible.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>No role of a product gives all of it</MessageBarTitle>
            {data.impossible.map((part) => `${workloadLabel(part.workload)}: ${part.sentence}.`).join(" ")}
          </MessageBarBody>
        </MessageBar>
      )}
      {data.items.map((proposal) => (
        <ProposalSection key={proposal.workload} proposal={proposal} />
      ))}
    </div>
  );
}

function ProposalSection({ proposal }: { proposal: Proposal }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { workload, sets, closest, alsoOpens = [], dataSources = [] } = proposal;
  const title = workload === "unified" ? `One unified role for ${dataSources.map(workloadLabel).join(", ")}` : `A role of ${workloadLabel(workload)}`;
  function make(permissions: readonly string[]) {
    const query = new URLSearchParams({ workload });
    for (const name of permissions) query.append("permission", name);
    void navigate(`/permissions/roles/new?${query.toString()}`);
  }
  return (
    <Section title={title} level="h2">
      {closest && (
        <div className={styles.line}>
          <Text>
            {"The closest role there is: "}
            <Link href={`/permissions/roles/${closest.workload}/${encodeURIComponent(closest.id ?? "")}`}>{closest.name}</Link>
          </Text>
          {alsoOpens.length === 0 ? <Badge appearance="tint" color="success" shape="rounded">Exactly that</Badge> : <Text size={200} className={styles.quiet}>{`it opens ${alsoOpens.length} more`}</Text>}
        </div>
      )}
      <ul className={styles.cards} style={{ listStyleType: "none", margin: 0, padding: 0 }}>
        {sets.map((set, n) => (
          <li key={set.permissions.join()}>
            <FluentCard className={styles.card} role="group" aria-label={`${title}, set ${n + 1} of ${sets.length}`}>
              <div>
                <Text weight="semibold">Permissions</Text>
                <ul className={styles.permissions}>
                  {set.permissions.map((name, i) => (
                    <li key={name}>
                      {name}
                      {(set.insteadOf[i] ?? []).length > 0 && <Text block size={200} className={styles.quiet}>{`or ${(set.insteadOf[i] ?? []).join(", or ")}`}</Text>}
                    </li>
                  ))}
                </ul>
              </div>
              <div>
                <Text weight="semibold">What comes along</Text>
                {set.alsoOpens.length === 0 ? <Nothing>Nothing: exactly what was asked</Nothing> : <Opens opens={set.alsoOpens} />}
              </div>
              <Button appearance={n === 0 ? "primary" : "secondary"} onClick={() => make(set.permissions)}>Make this role</Button>
            </FluentCard>
          </li>
        ))}
      </ul>
    </Section>
  );
}
