import { Button, Field, Input, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { userSearch } from "../../../api/directory";
import { groupByName, usePutGroup, type Group, type GroupSetting } from "../../../api/people";
import { Details } from "../../../components/Details";
import { Section } from "../../../components/layout";
import { NamesPicker } from "../../../components/NamesPicker";
import { RefusableButton } from "../../../components/RefusableButton";
import { useToast } from "../../../components/toaster";
import { changedMeanwhile, NotSaved } from "../NotSaved";
import { Preview } from "../Preview";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

interface GroupEditorProps {
  /** undefined: a new one. */
  group: Group | undefined;
  onClose: () => void;
  onSaved: (name: string) => void;
}

export function GroupEditor({ group, onClose, onSaved }: GroupEditorProps) {
  const styles = useStyles();
  const [read] = useState(group);
  const [opened, setOpened] = useState(group);
  const [name, setName] = useState(group?.name ?? "");
  const [description, setDescription] = useState(group?.description ?? "");
  const [members, setMembers] = useState<string[]>(group?.members.map((member) => member.name) ?? []);
  const [person, setPerson] = useState("");
  const people = useQuery(userSearch(person));
  const now = useQuery({ ...groupByName(opened?.name ?? ""), enabled: opened !== undefined });
  const put = usePutGroup();
  const toast = useToast();

  const named = name.trim();
  const renamed = opened !== undefined && named !== opened.name;
  const setting: GroupSetting = { description, members, ...(renamed ? { renamedFrom: opened.name } : {}) };
  function save() {
    put.mutate({ name: named, group: setting, etag: opened ? opened.etag ?? "*" : undefined }, {
      onSuccess: () => {
        toast("success", renamed ? `${opened.name} is ${named} now` : `Saved ${named}`);
        onSaved(named);
      },
      onError: (error) => {
        if (opened && changedMeanwhile(error)) void now.refetch().then(({ data }) => data && setOpened(data));
      },
    });
  }
  return (
    <Details
      title={group ? `Edit ${group.name}` : "Add group"}
      onClose={onClose}
      footer={
        <>
          <RefusableButton appearance="primary" disabledFocusable={named === "" || put.isPending} onClick={save}>
            Save
          </RefusableButton>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      {put.error && <NotSaved error={put.error} before={read && told(read)} now={now.data && told(now.data)} />}
      <div className={styles.form}>
        <Field label="Name" required hint={renamed ? `Its roles, the device groups that let it in, and the ceilings that name ${opened.name} follow.` : undefined}>
          <Input value={name} autoComplete="off" onChange={(_, data) => setName(data.value)} />
        </Field>
        <Field label="Description">
          <Textarea value={description} onChange={(_, data) => setDescription(data.value)} />
        </Field>
      </div>
      <NamesPicker label="Members" names={(people.data?.items ?? []).map((user) => user.name)} picked={members} onPick={setMembers} onSearch={setPerson} />
      {named !== "" && (
        <Section title="What this does">
          <Preview changes={[{ putGroup: { name: named, group: setting } }]} />
        </Section>
      )}
    </Details>
  );
}

/** told is what of a group its editor changes, for the words on what somebody else has changed. */
const told = (group: Group) => ({ name: group.name, description: group.description ?? "", members: group.members.map((member) => member.name) });
