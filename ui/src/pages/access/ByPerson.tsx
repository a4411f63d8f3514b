import { MessageBar, MessageBarBody, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { effective, explanation, type Effective } from "../../api/access";
import { requirements } from "../../api/permissions";
import { useMe } from "../../api/session";
import { Details } from "../../components/Details";
import { Facts, Section } from "../../components/layout";
import { Matrix } from "../../components/Matrix";
import { PersonPicker } from "../../components/PersonPicker";
import { Proof } from "../../components/Proof";
import { Failed, Loading } from "../../components/states";
import { useTasks } from "../../components/useTasks";
import { ViewAs } from "../../components/viewing";
import { cellState, reasonWords } from "../../lib/reasons";
import { period, workloadLabel, workloads } from "../../lib/words";
import { Holdings } from "./Holdings";
import { DeviceGroupPicker } from "./DeviceGroupPicker";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  ask: { display: "flex", alignItems: "flex-end", gap: tokens.spacingHorizontalM, flexWrap: "wrap" },
  pick: { width: "420px", maxWidth: "100%" },
});

interface ViewProps {
  search: URLSearchParams;
  setSearch: (next: Record<string, string>, options?: { replace?: boolean }) => void;
}

export function ByPerson({ search, setSearch }: ViewProps) {
  const styles = useStyles();
  const me = useMe();
  const person = (me.viewsOthers && search.get("person")) || me.user;
  const capability = search.get("capability") ?? "";
  const workload = search.get("workload") ?? "";
  const { data, error, isPending, refetch } = useQuery(effective(person));

  const table = useQuery(requirements);
  const task = useTasks();
  const rows = table.data?.items ?? [];
  const columns = data?.cells.some((cell) => cell.workload === "other" && cell.somewhere) ? [...workloads.map((w) => w.name), "other"] : workloads.map((w) => w.name);
  const find = (row: string, column: string) => data?.cells.find((cell) => cell.capability === row && cell.workload === column);
  const at = (next: Record<string, string>) => ({ ...(person === me.user ? {} : { person }), ...next });
  return (
    <div className={styles.page}>
      {me.viewsOthers && (
        <div className={styles.ask}>
          <div className={styles.pick}>
            <PersonPicker label="Person" value={person} onPick={(user) => setSearch(user === me.user ? {} : { person: user })} />
          </div>
          {person !== me.user && <ViewAs of={{ user: person }} />}
        </div>
      )}
      {isPending ? (
        <Loading what="the matrix" />
      ) : error ? (
        <Failed error={error} what="person" retry={() => void refetch()} />
      ) : (
        <>
          {data.reason !== "allowed" && data.reason !== "" && (
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>{reasonWords(data.reason)}</MessageBarBody>
            </MessageBar>
          )}
          <Who data={data} />
          <Matrix
            label={`What ${data.displayName || person} may do`}
            columns={columns.map((name) => ({ id: name, label: workloadLabel(name) }))}
            rows={rows.map((row) => ({ id: row.capability, label: row.part ? `${row.task}: ${row.part}` : row.task, note: row.id }))}
            cell={(row, column) => cellState(find(row, column))}
            open={capability && workload ? { row: capability, column: workload } : undefined}
            onOpen={(row, column) => setSearch(at({ capability: row, workload: column }))}
          />
          <Section title="By what" level="h2">
            <Holdings holdings={data.holdings} />
          </Section>
        </>
      )}
      {capability && workload && (
        <CellProof
          key={`${person}|${capability}|${workload}`}
          person={person}
          capability={capability}
          workload={workload}
          deviceGroup={search.get("deviceGroup") ?? ""}
          title={`${task(capability)}, ${workloadLabel(workload)}`}
          onDeviceGroup={(deviceGroup) => setSearch(at({ capability, workload, ...(deviceGroup ? { deviceGroup } : {}) }), { replace: true })}
          onClose={() => setSearch(at({}))}
        />
      )}
    </div>
  );
}

function Who({ data }: { data: Effective }) {
  return (
    <Facts
      items={[
        ["Person", data.displayName ? `${data.displayName} (${data.principal})` : data.principal],
        ["Global roles", data.globalRoles.join(", ")],
        ["Groups", data.groups.join(", ") || "None"],
        ["Left out", data.partial ? "Products whose roles you may not view" : ""],
      ]}
    />
  );
}

interface CellProofProps {
  person: string;
  capability: string;
  workload: string;
  deviceGroup: string;
  title: string;
  onDeviceGroup: (name: string) => void;
  onClose: () => void;
}

function CellProof({ person, capability, workload, deviceGroup, title, onDeviceGroup, onClose }: CellProofProps) {
  const { data, error, isPending, refetch } = useQuery(explanation({ principal: person, capability, workload, deviceGroup }));
  return (
    <Details title={title} row={`${capability}|${workload}`} onClose={onClose}>
      {workload === "endpoint" && <DeviceGroupPicker value={deviceGroup} onPick={onDeviceGroup} />}
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
        </>
      )}
    </Details>
  );
}
