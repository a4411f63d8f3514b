import { Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Delete20Regular, Edit20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ceilings } from "../../../api/ceilings";
import { refusalOf } from "../../../api/errors";
import { groupByName, useRemoveGroup, type Group } from "../../../api/people";
import { Details } from "../../../components/Details";
import { Nothing } from "../../../components/labels";
import { Facts, Section } from "../../../components/layout";
import { RefusableButton } from "../../../components/RefusableButton";
import { Failed, Loading } from "../../../components/states";
import { useToast } from "../../../components/toaster";
import { originWords } from "../../../lib/origin";
import { count } from "../../../lib/words";
import { ConfirmChange } from "../ConfirmChange";
import { Given } from "./Given";
import { GroupEditor } from "./GroupEditor";

const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL, lineHeight: "26px" },
});

/** How many members are listed: the rest is counted. */
const most = 200;

interface GroupDetailsProps {
  name: string;
  onClose: () => void;
  onRenamed: (name: string) => void;
}

/** A group of people: who is in it, what it is given, which device groups let it in, and which ceilings name it. */
export function GroupDetails({ name, onClose, onRenamed }: GroupDetailsProps) {
  const [editing, setEditing] = useState(false);
  const { data: group, error, isPending, refetch } = useQuery(groupByName(name));
  if (editing && group) {
    return (
      <GroupEditor
        group={group}
        onClose={() => setEditing(false)}
        onSaved={(saved) => {
          setEditing(false);
          if (saved !== name) onRenamed(saved);
        }}
      />
    );
  }
  return (
    <Details title={name} row={name} onClose={onClose} footer={group && <Commands group={group} onEdit={() => setEditing(true)} onRemoved={onClose} />}>
      {isPending ? (
        <Loading what="the group" />
      ) : error ? (
        <Failed error={error} what="group" retry={() => void refetch()} />
      ) : (
        <>
          {group.description && <Text>{group.description}</Text>}
          <Facts items={[["Let in by device groups", group.deviceGroups?.length ? group.deviceGroups.join(", ") : <Nothing key="n">None that you may see</Nothing>], ["Imported from", originWords(group.origin)]]} />
          <Members group={group} />
          <Given principal={group.name} />
          <NamedBy name={group.name} />
        </>
      )}
    </Details>
  );
}

function Members({ group }: { group: Group }) {
  const styles = useStyles();
  const rest = group.members.length - most;
  return (
    <Section title={group.memberCount === 0 ? "Members" : count(group.memberCount, "member")}>
      {group.members.length === 0 && <Nothing>Nobody</Nothing>}
      <ul className={styles.list}>
        {group.members.slice(0, most).map((member) => (
          <li key={member.name}>
            <Link href={`/permissions/users/${encodeURIComponent(member.name)}`}>{member.displayName || member.name}</Link>
          </li>
        ))}
        {rest > 0 && <li>{`and ${rest.toLocaleString()} more`}</li>}
      </ul>
    </Section>
  );
}

/** NamedBy is the ceilings that bind the group, or leave it among those that may be given roles. */
function NamedBy({ name }: { name: string }) {
  const styles = useStyles();
  const { data } = useQuery(ceilings);
  const naming = (data?.items ?? []).flatMap((ceiling) => [
    ...(ceiling.groups.includes(name) ? [`${ceiling.name} binds it`] : []),
    ...(ceiling.assignableGroups?.includes(name) ? [`${ceiling.name} lets it be given roles`] : []),
  ]);
  return (
    <Section title="Delegation ceilings">
      {naming.length === 0 ? (
        <Nothing>None names it</Nothing>
      ) : (
        <ul className={styles.list}>
          {naming.map((line) => (
            <li key={line}>
              <Link href="/permissions/delegation">{line}</Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Commands({ group, onEdit, onRemoved }: { group: Group; onEdit: () => void; onRemoved: () => void }) {
  const actions = group["@bailiwick.actions"];
  const [asking, setAsking] = useState<Group | null>(null);
  const remove = useRemoveGroup();
  const toast = useToast();
  return (
    <>
      <RefusableButton appearance="primary" icon={<Edit20Regular />} refusal={refusalOf(actions.edit)} onClick={onEdit}>
        Edit
      </RefusableButton>
      <RefusableButton icon={<Delete20Regular />} refusal={refusalOf(actions.delete)} onClick={() => setAsking(group)}>
        Remove
      </RefusableButton>
      {asking && (
        <ConfirmChange
          title={`Remove the group ${asking.name}?`}
          changes={[{ removeGroup: asking.name }]}
          typed={asking.name}
          confirm="Remove"
          keep="Keep it"
          pending={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate({ name: asking.name, etag: asking.etag }, {
              onSuccess: () => {
                toast("success", `The group ${asking.name} is removed`);
                onRemoved();
              },
            })
          }
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
