import { Checkbox, Field, Input, Radio, RadioGroup, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { groupList, userSearch } from "../api/directory";
import { deviceGroups } from "../api/permissions";
import { zone } from "../lib/dates";
import { reachesDevices, type UnifiedDraft } from "../lib/unified";
import { workloads } from "../lib/words";
import { NamesPicker } from "./NamesPicker";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  two: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: tokens.spacingHorizontalM },
  boxes: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM },
});

interface UnifiedAssignmentFormProps {
  value: UnifiedDraft;
  onChange: (value: UnifiedDraft) => void;
}

/** UnifiedAssignmentForm asks who has a unified role together, for which data sources, where among devices, and when. */
export function UnifiedAssignmentForm({ value, onChange }: UnifiedAssignmentFormProps) {
  const styles = useStyles();
  const set = (change: Partial<UnifiedDraft>) => onChange({ ...value, ...change });
  const [person, setPerson] = useState("");
  const people = (useQuery(userSearch(person)).data?.items ?? []).map((user) => user.name);
  const groups = (useQuery(groupList).data?.items ?? []).map((group) => group.name);
  return (
    <div className={styles.form}>
      <Field label="Name of the assignment">
        <Input value={value.name} onChange={(_, data) => set({ name: data.value })} />
      </Field>
      <Field label="What it is for">
        <Input value={value.description} onChange={(_, data) => set({ description: data.value })} />
      </Field>
      <NamesPicker label="Groups" names={groups} picked={value.groups} onPick={(picked) => set({ groups: picked })} />
      <NamesPicker label="People" names={people} picked={value.users} onPick={(picked) => set({ users: picked })} onSearch={setPerson} />
      <Field label="Data sources" hint="The role opens these products' data and no other. It acts where unified roles are on.">
        <RadioGroup value={value.sources === null ? "all" : "some"} onChange={(_, data) => set({ sources: data.value === "all" ? null : [] })}>
          <Radio value="all" label="All, future ones included" />
          <Radio value="some" label="Only these" />
        </RadioGroup>
      </Field>
      {value.sources !== null && (
        <div className={styles.boxes} role="group" aria-label="Data sources">
          {workloads.map(({ name, label }) => (
            <Checkbox
              key={name}
              label={label}
              checked={value.sources?.includes(name) ?? false}
              onChange={(_, data) => set({ sources: data.checked === true ? [...(value.sources ?? []), name] : (value.sources ?? []).filter((other) => other !== name) })}
            />
          ))}
        </div>
      )}
      {reachesDevices(value) && <Devices value={value} onChange={onChange} />}
      <div className={styles.two}>
        <Field label="From" hint={`Your time (${zone()}). Empty: at once`}>
          <Input type="datetime-local" value={value.notBefore} onChange={(_, data) => set({ notBefore: data.value })} />
        </Field>
        <Field label="Until" hint={`Your time (${zone()}). Empty: without end`}>
          <Input type="datetime-local" value={value.notAfter} onChange={(_, data) => set({ notAfter: data.value })} />
        </Field>
      </div>
    </div>
  );
}

function Devices({ value, onChange }: UnifiedAssignmentFormProps) {
  const names = (useQuery(deviceGroups).data?.items ?? []).map((group) => group.name);
  return (
    <>
      <Field label="Where in Endpoint" hint="The device groups' own access decides; a scope only narrows it. People by themselves reach what the scope names, or what is open to everyone.">
        <RadioGroup value={value.deviceGroups === null ? "all" : "some"} onChange={(_, data) => onChange({ ...value, deviceGroups: data.value === "all" ? null : [] })}>
          <Radio value="all" label="Wherever they are let in" />
          <Radio value="some" label="Only these device groups" />
        </RadioGroup>
      </Field>
      {value.deviceGroups !== null && (
        <NamesPicker label="Device groups" names={names} picked={value.deviceGroups} onPick={(picked) => onChange({ ...value, deviceGroups: picked })} />
      )}
    </>
  );
}
