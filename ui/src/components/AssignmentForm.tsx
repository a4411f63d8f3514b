import { Checkbox, Combobox, Field, Input, Option, Radio, RadioGroup, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { groupList } from "../api/directory";
import { deviceGroups } from "../api/permissions";
import { zone } from "../lib/dates";
import type { AssignmentDraft } from "../lib/draft";
import { PersonPicker } from "./PersonPicker";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  two: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: tokens.spacingHorizontalM },
  groups: { display: "flex", flexDirection: "column" },
});

interface AssignmentFormProps {
  workload: string;
  value: AssignmentDraft;
  onChange: (value: AssignmentDraft) => void;
}

/** AssignmentForm asks who, where and when. Only endpoint has a where: device groups. */
export function AssignmentForm({ workload, value, onChange }: AssignmentFormProps) {
  const styles = useStyles();
  return (
    <div className={styles.form}>
      <Field label="To">
        <RadioGroup layout="horizontal" value={value.kind} onChange={(_, data) => onChange({ ...value, kind: data.value as AssignmentDraft["kind"], principal: "" })}>
          <Radio value="group" label="A group" />
          <Radio value="user" label="A person" />
        </RadioGroup>
      </Field>
      {value.kind === "group" ? (
        <GroupPicker value={value.principal} onPick={(principal) => onChange({ ...value, principal })} />
      ) : (
        <PersonPicker label="Person" value={value.principal} onPick={(principal) => onChange({ ...value, principal })} />
      )}
      {workload === "endpoint" && <Scope value={value} onChange={onChange} />}
      <div className={styles.two}>
        <Field label="From" hint={`Your time (${zone()}). Empty: at once`}>
          <Input type="datetime-local" value={value.notBefore} onChange={(_, data) => onChange({ ...value, notBefore: data.value })} />
        </Field>
        <Field label="Until" hint={`Your time (${zone()}). Empty: without end`}>
          <Input type="datetime-local" value={value.notAfter} onChange={(_, data) => onChange({ ...value, notAfter: data.value })} />
        </Field>
      </div>
    </div>
  );
}

function GroupPicker({ value, onPick }: { value: string; onPick: (group: string) => void }) {
  const { data, isPending } = useQuery(groupList);
  return (
    <Field label="Group">
      <Combobox selectedOptions={[value]} defaultValue={value} placeholder="Choose a group" onOptionSelect={(_, chosen) => onPick(chosen.optionValue ?? "")}>
        {(data?.items ?? []).map((group) => (
          <Option key={group.name} value={group.name} text={group.name}>
            {group.name}
          </Option>
        ))}
        {!data?.items.length && (
          <Option disabled value="" text="">
            {isPending ? "Looking" : "There is no group"}
          </Option>
        )}
      </Combobox>
    </Field>
  );
}

function Scope({ value, onChange }: Omit<AssignmentFormProps, "workload">) {
  const styles = useStyles();
  const { data } = useQuery(deviceGroups);
  const chosen = value.deviceGroups;
  function toggle(name: string, on: boolean) {
    const before = chosen ?? [];
    onChange({ ...value, deviceGroups: on ? [...before, name] : before.filter((other) => other !== name) });
  }
  return (
    <Field
      label="Where"
      hint="A scope only narrows: an assignment never reaches a device group that its group is not let into."
    >
      <RadioGroup value={chosen === null ? "all" : "some"} onChange={(_, data) => onChange({ ...value, deviceGroups: data.value === "all" ? null : [] })}>
        <Radio value="all" label={value.kind === "group" ? "Wherever the group is let in" : "The device groups that are open to everyone"} />
        <Radio value="some" label="Only these device groups" />
      </RadioGroup>
      {chosen !== null && (
        <div className={styles.groups} role="group" aria-label="Device groups">
          {(data?.items ?? []).map((group) => (
            <Checkbox key={group.name} label={group.name} checked={chosen.includes(group.name)} onChange={(_, d) => toggle(group.name, d.checked === true)} />
          ))}
        </div>
      )}
    </Field>
  );
}
