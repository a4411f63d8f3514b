import { Button, Checkbox, Field, Input, Radio, RadioGroup, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Ceiling, CeilingSetting } from "../../../api/ceilings";
import { groupList, userSearch } from "../../../api/directory";
import { deviceGroups, permissions, workloadInfo } from "../../../api/permissions";
import { Details } from "../../../components/Details";
import { Section } from "../../../components/layout";
import { NamesPicker } from "../../../components/NamesPicker";
import { NotSaved } from "../NotSaved";
import { Preview } from "../Preview";
import { RefusableButton } from "../../../components/RefusableButton";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  boxes: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM },
});

interface CeilingEditorProps {
  ceiling: Ceiling | undefined;
  saving: boolean;
  error: Error | null;
  onClose: () => void;
  onSave: (name: string, ceiling: CeilingSetting) => void;
  onDelete: (() => void) | undefined;
}

/** A bound that is undefined leaves everything, an empty one nothing. */
type Bounds = Pick<CeilingSetting, "workloads" | "permissions" | "deviceGroups" | "assignableGroups">;

export function CeilingEditor({ ceiling, saving, error, onClose, onSave, onDelete }: CeilingEditorProps) {
  const styles = useStyles();
  const [name, setName] = useState(ceiling?.name ?? "");
  const [description, setDescription] = useState(ceiling?.description ?? "");
  const [users, setUsers] = useState<string[]>(ceiling?.users ?? []);
  const [groups, setGroups] = useState<string[]>(ceiling?.groups ?? []);
  const [bounds, setBounds] = useState<Bounds>(ceiling ? boundsOf(ceiling) : { workloads: [], permissions: [], deviceGroups: [], assignableGroups: [] });

  const [person, setPerson] = useState("");
  const people = useQuery(userSearch(person));
  const everyGroup = (useQuery(groupList).data?.items ?? []).map((group) => group.name);
  const everyDeviceGroup = (useQuery(deviceGroups).data?.items ?? []).map((group) => group.name);
  const products = useQuery(workloadInfo).data?.items ?? [];
  const catalogues = useQueries({ queries: products.map(({ workload }) => permissions(workload)) });
  const spanning = (useQuery(permissions("unified")).data?.items ?? []).map((permission) => `unified/${permission.name}`);
  const everyPermission = products.flatMap(({ workload }, i) =>
    bounds.workloads && !bounds.workloads.includes(workload) ? [] : (catalogues[i]?.data?.items ?? []).map((permission) => `${workload}/${permission.name}`),
  ).concat(spanning);

  const set = (change: Bounds) => setBounds((old) => whole({ ...old, ...change }));
  const setting: CeilingSetting = whole({ ...bounds, users, groups, ...(description ? { description } : {}) });
  const named = name.trim();
  const missing = named === "" ? "A ceiling has a name" : users.length + groups.length === 0 ? "Pick whom it binds: a group, or a person" : "";
  return (
    <Details
      title={ceiling ? `Edit ${ceiling.name}` : "Add delegation ceiling"}
      onClose={onClose}
      footer={
        <>
          <RefusableButton appearance="primary" disabledFocusable={saving || missing !== ""} onClick={() => onSave(named, setting)}>
            Save
          </RefusableButton>
          <Button onClick={onClose}>Cancel</Button>
          {onDelete && <Button onClick={onDelete}>Delete</Button>}
        </>
      }
    >
      {error && (
        <NotSaved error={error} />
      )}
      <div className={styles.form}>
        <Field label="Name" required>
          <Input value={name} disabled={ceiling !== undefined} onChange={(_, data) => setName(data.value)} />
        </Field>
        <Field label="Description">
          <Textarea value={description} onChange={(_, data) => setDescription(data.value)} />
        </Field>
      </div>
      <Section title="Whom it binds">
        <NamesPicker label="Groups" names={everyGroup} picked={groups} onPick={setGroups} />
        <NamesPicker label="People" names={(people.data?.items ?? []).map((user) => user.name)} picked={users} onPick={setUsers} onSearch={setPerson} />
      </Section>
      <Bound title="Products" all="Any product" some="Only these" value={bounds.workloads} onChange={(workloads) => set({ workloads } as Bounds)}>
        <div className={styles.boxes} role="group" aria-label="Products">
          {products.map(({ workload, title }) => (
            <Checkbox
              key={workload}
              label={title}
              checked={bounds.workloads?.includes(workload) ?? false}
              onChange={(_, data) => set({ workloads: data.checked === true ? [...(bounds.workloads ?? []), workload] : (bounds.workloads ?? []).filter((w) => w !== workload) })}
            />
          ))}
        </div>
      </Bound>
      <Bound title="Permissions" all="Any that they hold" some="Only these" value={bounds.permissions} onChange={(list) => set({ permissions: list } as Bounds)}>
        <NamesPicker label="Permissions left" names={everyPermission} picked={bounds.permissions ?? []} onPick={(list) => set({ permissions: list })} />
      </Bound>
      <Bound title="Device groups" all="Any that they reach" some="Only these" value={bounds.deviceGroups} onChange={(list) => set({ deviceGroups: list } as Bounds)}>
        <NamesPicker label="Device groups left" names={everyDeviceGroup} picked={bounds.deviceGroups ?? []} onPick={(list) => set({ deviceGroups: list })} />
      </Bound>
      <Bound title="Who may be given roles" all="Anybody, single people too" some="Only these groups" value={bounds.assignableGroups} onChange={(list) => set({ assignableGroups: list } as Bounds)}>
        <NamesPicker label="Groups that may be given roles" names={everyGroup} picked={bounds.assignableGroups ?? []} onPick={(list) => set({ assignableGroups: list })} />
      </Bound>
      {missing === "" && (
        <Section title="What this does">
          <Preview changes={[{ putCeiling: { name: named, ceiling: setting } }]} />
        </Section>
      )}
    </Details>
  );
}

function boundsOf({ workloads, permissions: names, deviceGroups: devices, assignableGroups }: Ceiling): Bounds {
  return whole({ workloads, permissions: names, deviceGroups: devices, assignableGroups });
}

/** whole leaves out what is undefined: a bound that is not sent leaves everything. */
function whole<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}

interface BoundProps<T> {
  title: string;
  all: string;
  some: string;
  value: T[] | undefined;
  onChange: (value: T[] | undefined) => void;
  children: ReactNode;
}

function Bound<T>({ title, all, some, value, onChange, children }: BoundProps<T>) {
  return (
    <Section title={title}>
      <RadioGroup aria-label={title} layout="horizontal" value={value === undefined ? "all" : "some"} onChange={(_, data) => onChange(data.value === "all" ? undefined : [])}>
        <Radio value="all" label={all} />
        <Radio value="some" label={some} />
      </RadioGroup>
      {value !== undefined && children}
    </Section>
  );
}
