import { Button, Checkbox, Field, Input, MessageBar, MessageBarBody, Radio, RadioGroup, Select, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { groupList } from "../../api/directory";
import type { DeviceGroupInput } from "../../api/permissions";
import { Details } from "../../components/Details";
import { Section } from "../../components/layout";
import { remediationChoices, remediationLabel } from "../../lib/remediation";
import { DeviceMoves } from "./DeviceMoves";
import { NotSaved } from "./NotSaved";
import { Preview } from "./Preview";
import { RefusableButton } from "../../components/RefusableButton";

const useStyles = makeStyles({
  groups: { display: "flex", flexDirection: "column", maxHeight: "240px", overflowY: "auto" },
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

const keys = [
  ["name", "Device name is"],
  ["domain", "Domain is"],
  ["tag", "Has the tag"],
  ["os", "System is"],
] as const;

interface DeviceGroupEditorProps {
  group: DeviceGroupInput | undefined;
  /** The group of devices that no rule matches: only who is let in can change. */
  fixed: boolean;
  saving: boolean;
  error: Error | null;
  onClose: () => void;
  /** The whole list with this group in it. */
  rest: (group: DeviceGroupInput) => DeviceGroupInput[];
  onSave: (items: DeviceGroupInput[], name: string) => void;
  onDelete: (() => void) | undefined;
}

export function DeviceGroupEditor({ group, fixed, saving, error, rest, onClose, onSave, onDelete }: DeviceGroupEditorProps) {
  const styles = useStyles();
  const [draft, setDraft] = useState<DeviceGroupInput>(group ?? { name: "", match: {}, open: false, access: [] });
  const groups = useQuery(groupList);
  const { access } = draft;
  const name = draft.name.trim();
  const renamed = group !== undefined && name !== group.name;
  const whole = { ...draft, name, ...(renamed ? { renamedFrom: group.name } : {}) };
  const closed = !draft.open && access.length === 0;
  const split = (text: string) => text.split(",").map((part) => part.trim()).filter(Boolean);
  return (
    <Details
      title={group ? `Edit ${group.name}` : "Add device group"}
      onClose={onClose}
      footer={
        <>
          <RefusableButton appearance="primary" disabledFocusable={saving || draft.name.trim() === ""} onClick={() => onSave(rest(whole), whole.name)}>
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
        <Field label="Name" required hint={renamed ? `Scopes and delegation ceilings that name ${group.name} follow.` : undefined}>
          <Input value={draft.name} disabled={fixed} onChange={(_, data) => setDraft({ ...draft, name: data.value })} />
        </Field>
        <Field label="Description">
          <Textarea value={draft.description ?? ""} onChange={(_, data) => setDraft({ ...draft, description: data.value })} />
        </Field>
        <Field label="Remediation level">
          <Select value={draft.remediation ?? ""} onChange={(_, data) => setDraft({ ...draft, remediation: data.value })}>
            {remediationChoices(group?.remediation).map((level) => (
              <option key={level} value={level}>
                {remediationLabel(level)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {!fixed && (
        <Section title="Rule">
          {keys.map(([key, label]) => (
            <Field key={key} label={label} hint={key === "name" ? "Alternatives separated by commas; * stands for any characters. All filled lines must hold." : undefined}>
              <Input defaultValue={(draft.match?.[key] ?? []).join(", ")} onChange={(_, data) => setDraft({ ...draft, match: { ...draft.match, [key]: split(data.value) } })} />
            </Field>
          ))}
        </Section>
      )}
      <Section title="Who is let in">
        <RadioGroup aria-label="Who is let in" value={draft.open ? "open" : "some"} onChange={(_, data) => setDraft({ ...draft, open: data.value === "open" })}>
          <Radio value="open" label="Everyone who holds an endpoint role" />
          <Radio value="some" label="Only these groups" />
        </RadioGroup>
        {draft.open ? (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>Open: every endpoint assignment reaches these devices.</MessageBarBody>
          </MessageBar>
        ) : (
          <div className={styles.groups} role="group" aria-label="Groups">
            {(groups.data?.items ?? []).map(({ name }) => (
              <Checkbox key={name} label={name} checked={access.includes(name)} onChange={(_, data) => setDraft({ ...draft, access: data.checked === true ? [...access, name] : access.filter((g) => g !== name) })} />
            ))}
          </div>
        )}
        {closed && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>Closed: nobody but the administrators reaches these devices, until a group is let in or it is opened to everyone.</MessageBarBody>
          </MessageBar>
        )}
      </Section>
      {draft.name.trim() !== "" && (
        <Section title="What this does">
          <DeviceMoves items={rest(whole)} />
          <Preview changes={[{ setDeviceGroups: { items: rest(whole) } }]} />
        </Section>
      )}
    </Details>
  );
}
