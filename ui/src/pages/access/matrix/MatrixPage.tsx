import { Link, MessageBar, MessageBarBody, Tab, TabList, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { explanation, matrix, matrixPage, type AccessRow, type MatrixQuestion } from "../../../api/access";
import { useMe } from "../../../api/session";
import { Details } from "../../../components/Details";
import { ExportMenu } from "../../../components/ExportMenu";
import { PageHeader } from "../../../components/layout";
import { Pager } from "../../../components/Pager";
import { Proof } from "../../../components/Proof";
import { Empty, Failed, Loading } from "../../../components/states";
import { useTasks } from "../../../components/useTasks";
import { count, period, workloadLabel } from "../../../lib/words";
import { Filters } from "./Filters";
import { Legend, MatrixGrid, rowKey } from "./MatrixGrid";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  line: { display: "flex", justifyContent: "space-between", flexWrap: "wrap", gap: tokens.spacingHorizontalL },
});

const texts = ["q", "principal", "group", "role", "capability", "workload", "deviceGroup"] as const;

function read(search: URLSearchParams): MatrixQuestion {
  const [q, principal, group, role, capability, workload, deviceGroup] = texts.map((name) => search.get(name) ?? "") as [string, string, string, string, string, string, string];
  return { of: search.get("of") === "roles" ? "roles" : "people", q, principal, group, role, capability, workload, deviceGroup, onlyHas: search.get("onlyHas") === "true" };
}

/** filterOf is what a report takes: the same as the page. */
function filterOf(question: MatrixQuestion): Record<string, string> {
  const filter: Record<string, string> = Object.fromEntries(texts.map((name) => [name, question[name]]));
  if (question.onlyHas) filter.onlyHas = "true";
  return filter;
}

function write(question: MatrixQuestion, cell: string): URLSearchParams {
  const search = new URLSearchParams();
  if (question.of === "roles") search.set("of", "roles");
  for (const name of texts) if (question[name]) search.set(name, question[name]);
  if (question.onlyHas) search.set("onlyHas", "true");
  if (cell) search.set("cell", cell);
  return search;
}

/** Who may do what, all at a glance; each cell opens its proof. Whoever may view no roles sees their own row. */
export default function MatrixPage() {
  const styles = useStyles();
  const me = useMe();
  const [search, setSearch] = useSearchParams();
  const question = useMemo(() => read(search), [search]);
  const key = write(question, "").toString();
  // Pages are reached one after the other: each is named by the one before.
  const [pages, setPages] = useState<{ of: string; cursors: string[] }>({ of: key, cursors: [""] });
  const cursors = pages.of === key ? pages.cursors : [""];
  const { data, error, isPending, refetch } = useQuery(matrix(question, cursors[cursors.length - 1] ?? ""));
  const cell = search.get("cell") ?? "";
  const ask = useCallback((change: Partial<MatrixQuestion>) => setSearch(write({ ...question, ...change }, ""), { replace: true }), [question, setSearch]);
  const open = (next: string) => setSearch(write(question, next), { replace: true });
  const from = (cursors.length - 1) * matrixPage;
  function move(to: number) {
    if (to < from) setPages({ of: key, cursors: cursors.slice(0, -1) });
    else if (data?.next) setPages({ of: key, cursors: [...cursors, data.next] });
  }
  const people = question.of === "people";
  return (
    <div className={styles.page}>
      <PageHeader title="Access matrix" below={me.viewsOthers ? "People or roles, by what can be done, by product. Each cell opens its proof." : "What you may do, by product. Each cell opens its proof."} commands={<ExportMenu choices={[{ of: people ? "matrix" : "role-matrix", label: "These rows", filter: filterOf(question) }]} />} />
      {me.viewsOthers && (
        <>
          <TabList selectedValue={question.of} onTabSelect={(_, d) => ask({ of: d.value as "people" | "roles", q: "", principal: "", group: "", role: "" })} aria-label="Rows">
            <Tab value="people">People</Tab>
            <Tab value="roles">Roles</Tab>
          </TabList>
          <Filters question={question} onAsk={ask} />
        </>
      )}
      {data?.partial && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>Products whose roles you may not view are left out.</MessageBarBody>
        </MessageBar>
      )}
      {isPending ? (
        <Loading what="the matrix" />
      ) : error ? (
        <Failed error={error} what="matrix" retry={() => void refetch()} />
      ) : data.items.length === 0 ? (
        <Empty title={people ? "Nobody fits" : "No role fits"} why={{ capability: "roles.view" }}>{question.onlyHas ? "Nobody has this, as far as you may know. The requirements table says what would give it." : "Clear a filter to see more."}</Empty>
      ) : (
        <>
          <div className={styles.line}>
            <Text aria-live="polite">{count(data.total, people ? "person" : "role", people ? "people" : "roles")}</Text>
            <Legend />
          </div>
          <MatrixGrid label={people ? "People by what they may do" : "Roles by what they open"} rows={data.items} open={cell} onOpen={(row, capability, workload) => open(`${rowKey(row)}|${capability}|${workload}`)} />
          <Pager from={from} shown={data.items.length} total={data.total} size={matrixPage} onMove={move} />
          {cell && <CellProof key={cell} cell={cell} rows={data.items} deviceGroup={question.deviceGroup} onClose={() => open("")} />}
        </>
      )}
    </div>
  );
}

interface CellProofProps {
  cell: string;
  rows: readonly AccessRow[];
  deviceGroup: string;
  onClose: () => void;
}

/** CellProof is why a cell is what it is: the same answer that enforcement gives, with its reasons. */
function CellProof({ cell, rows, deviceGroup, onClose }: CellProofProps) {
  const task = useTasks();
  const [who = "", capability = "", workload = ""] = cell.split("|");
  const row = rows.find((r) => rowKey(r) === who);
  const role = who.startsWith("role:") ? who.slice("role:".length) : "";
  const { data, error, isPending, refetch } = useQuery(
    explanation({ principal: role ? "" : who, ...(role ? { role } : {}), capability, workload, deviceGroup: workload === "endpoint" ? deviceGroup : "" }),
  );
  const href = role ? `/permissions/roles/${row?.role?.workload ?? "endpoint"}/${encodeURIComponent(role)}` : `/access?person=${encodeURIComponent(who)}`;
  return (
    <Details title={`${row?.displayName ?? who}: ${task(capability)}, ${workloadLabel(workload)}`} row={cell} onClose={onClose}>
      {isPending ? (
        <Loading what="the proof" rows={4} />
      ) : error ? (
        <Failed error={error} what="proof" retry={() => void refetch()} />
      ) : (
        <>
          <Text weight="semibold">{period(data.sentence)}</Text>
          {data.proofs.map((proof) => (
            <Proof key={proof.workload} proof={proof} />
          ))}
          <Link href={href}>{role ? "The role" : "All that this person may do"}</Link>
        </>
      )}
    </Details>
  );
}
