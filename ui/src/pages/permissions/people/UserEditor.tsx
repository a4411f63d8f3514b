import { Button, Checkbox, Field, Input, Switch, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { groupList } from "../../../api/directory";
import { userByName, usePutUser, type User, type UserSetting } from "../../../api/people";
import { globalRoles } from "../../../api/permissions";
import { Details } from "../../../components/Details";
import { Section } from "../../../components/layout";
import { NamesPicker } from "../../../components/NamesPicker";
import { RefusableButton } from "../../../components/RefusableButton";
import { useToast } from "../../../components/toaster";
import { clockTime } from "../../../lib/accounts";
import { zone } from "../../../lib/dates";
import { changedMeanwhile, NotSaved } from "../NotSaved";
import { Preview } from "../Preview";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  boxes: { display: "flex", flexDirection: "column" },
});

interface UserEditorProps {
  /** undefined: a new one. */
  user: User | undefined;
  onClose: () => void;
  onSaved: (name: string) => void;
}

export function UserEditor({ user, onClose, onSaved }: UserEditorProps) {
  const styles = useStyles();
  const [read] = useState(user);
  const [opened, setOpened] = useState(user);
  const [name, setName] = useState(user?.name ?? "");
  const [displayName, setDisplayName] = useState(user?.displayName ?? "");
  const [disabled, setDisabled] = useState(user?.disabled ?? false);
  const [end, setEnd] = useState(clockTime(user?.notAfter));
  const [held, setHeld] = useState<string[]>(user?.globalRoles ?? []);
  const [groups, setGroups] = useState<string[]>(user?.groups ?? []);
  const everyGroup = (useQuery(groupList).data?.items ?? []).map((group) => group.name);
  const everyRole = useQuery(globalRoles).data?.items ?? [];
  const now = useQuery({ ...userByName(opened?.name ?? ""), enabled: opened !== undefined });
  const put = usePutUser();
  const toast = useToast();

  const named = name.trim().toLowerCase();
  // What was not touched goes back as it came, with its seconds.
  const notAfter = opened && end === clockTime(opened.notAfter) ? opened.notAfter : end === "" ? undefined : new Date(end).toISOString();
  const setting: UserSetting = { displayName: displayName.trim(), globalRoles: held, disabled, groups, ...(notAfter ? { notAfter } : {}) };
  const ready = named !== "" && setting.displayName !== "";
  function save() {
    put.mutate({ name: named, user: setting, etag: opened ? opened.etag ?? "*" : undefined }, {
      onSuccess: () => {
        toast("success", `Saved ${named}`);
        onSaved(named);
      },
      onError: (error) => {
        if (opened && changedMeanwhile(error)) void now.refetch().then(({ data }) => data && setOpened(data));
      },
    });
  }
  return (
    <Details
      title={user ? `Edit ${user.displayName || user.name}` : "Add user"}
      onClose={onClose}
      footer={
        <>
          <RefusableButton appearance="primary" disabledFocusable={!ready || put.isPending} onClick={save}>
            Save
          </RefusableButton>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      {put.error && <NotSaved error={put.error} before={read} now={now.data} />}
      <div className={styles.form}>
        <Field label="Name" required hint="The name that they sign in with">
          <Input value={name} disabled={user !== undefined} autoComplete="off" onChange={(_, data) => setName(data.value)} />
        </Field>
        <Field label="Display name" required>
          <Input value={displayName} autoComplete="off" onChange={(_, data) => setDisplayName(data.value)} />
        </Field>
        <Switch label="Disabled: cannot sign in, and holds nothing" checked={disabled} onChange={(_, data) => setDisabled(data.checked)} />
        <Field label="The account ends" hint={`Your time (${zone()}). Empty: without end`}>
          <Input type="datetime-local" value={end} onChange={(_, data) => setEnd(data.value)} />
        </Field>
      </div>
      <Section title="Global roles">
        <div className={styles.boxes} role="group" aria-label="Global roles">
          {everyRole.map((role) => (
            <Checkbox key={role.name} label={role.name} checked={held.includes(role.name)} onChange={(_, data) => setHeld(data.checked === true ? [...held, role.name] : held.filter((r) => r !== role.name))} />
          ))}
        </div>
      </Section>
      <NamesPicker label="Groups" names={everyGroup} picked={groups} onPick={setGroups} />
      {ready && (
        <Section title="What this does">
          <Preview changes={[{ putUser: { name: named, user: setting } }]} />
        </Section>
      )}
    </Details>
  );
}
