import { Button, Combobox, Field, Option, Select, Switch, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { MatrixQuestion } from "../../../api/access";
import { groupList } from "../../../api/directory";
import { allRoles, deviceGroups, requirements } from "../../../api/permissions";
import { SearchField } from "../../../components/SearchField";
import { workloadLabel, workloads } from "../../../lib/words";

const useStyles = makeStyles({
  filters: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "flex-end" },
  // A target of 24 px (WCAG 2.5.8): the arrow comes smaller.
  pick: { minWidth: 0, width: "100%", "& input": { width: "100%" }, "& .fui-Combobox__expandIcon": { minWidth: "24px", minHeight: "24px" } },
  field: { width: "220px", gridTemplateColumns: "minmax(0, 1fr)", "& select, & input": { minWidth: 0 } },
});

interface FiltersProps {
  question: MatrixQuestion;
  onAsk: (change: Partial<MatrixQuestion>) => void;
}

/** Filters narrow the matrix; each is part of the address. */
export function Filters({ question, onAsk }: FiltersProps) {
  const styles = useStyles();
  const people = question.of === "people";
  const table = useQuery(requirements);
  const groups = useQuery({ ...groupList, enabled: people });
  const devices = useQuery({ ...deviceGroups, retry: false });
  const roles = useQuery(allRoles);
  const narrowed = Object.entries(question).some(([key, value]) => key !== "of" && value !== "" && value !== false);
  return (
    <div className={styles.filters} role="group" aria-label="Filters">
      <SearchField label={people ? "Person" : "Role"} value={question.q} onSearch={(q) => onAsk({ q })} />
      {people && <OneOf label="Group" value={question.group} choices={(groups.data?.items ?? []).map((g) => [g.name, g.name])} onPick={(group) => onAsk({ group })} />}
      <OneOf label={people ? "Has the role" : "Only the role"} value={question.role} choices={(roles.data?.items ?? []).map((r) => [r.id, `${r.name} (${workloadLabel(r.workload)})`])} onPick={(role) => onAsk({ role })} />
      <Field label="What can be done" className={styles.field}>
        <Select value={question.capability} onChange={(_, data) => onAsk({ capability: data.value })}>
          <option value="">Everything</option>
          {(table.data?.items ?? []).map((row) => (
            <option key={row.capability} value={row.capability}>
              {row.part ? `${row.task}: ${row.part}` : row.task}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="In" className={styles.field}>
        <Select value={question.workload} onChange={(_, data) => onAsk({ workload: data.value })}>
          <option value="">Every product</option>
          {workloads.map((w) => (
            <option key={w.name} value={w.name}>
              {w.label}
            </option>
          ))}
        </Select>
      </Field>
      {devices.data && <OneOf label="On the device group" value={question.deviceGroup} choices={devices.data.items.map((g) => [g.name, g.name])} onPick={(deviceGroup) => onAsk({ deviceGroup })} />}
      <Switch label="Only who has something" checked={question.onlyHas} onChange={(_, data) => onAsk({ onlyHas: data.checked })} />
      {narrowed && (
        <Button appearance="subtle" onClick={() => onAsk({ q: "", principal: "", group: "", role: "", capability: "", workload: "", deviceGroup: "", onlyHas: false })}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

interface OneOfProps {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, label: string])[];
  onPick: (value: string) => void;
}

/** How many choices are offered at once: who looks for another types a part of it. */
const offered = 50;

/** OneOf picks one of many names, or none, as one types. */
function OneOf({ label, value, choices, onPick }: OneOfProps) {
  const styles = useStyles();
  const [typed, setTyped] = useState<string | null>(null);
  const picked = choices.find(([v]) => v === value)?.[1] ?? value;
  const found = choices.filter(([, name]) => name.toLowerCase().includes((typed ?? "").trim().toLowerCase())).slice(0, offered);
  return (
    <Field label={label} className={styles.field}>
      <Combobox
        clearable
        freeform
        className={styles.pick}
        placeholder="Any"
        value={typed ?? picked}
        selectedOptions={value ? [value] : []}
        onChange={(event) => {
          setTyped(event.target.value);
          if (event.target.value === "") onPick("");
        }}
        onOptionSelect={(_, data) => {
          setTyped(null);
          onPick(data.optionValue ?? "");
        }}
        onBlur={() => setTyped(null)}
      >
        {found.map(([v, name]) => (
          <Option key={v} value={v} text={name}>
            {name}
          </Option>
        ))}
        {found.length === 0 && (
          <Option disabled value="" text="">
            None by that name
          </Option>
        )}
      </Combobox>
    </Field>
  );
}
