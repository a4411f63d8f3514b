import { Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Delete20Regular, Edit20Regular, Key20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { refusalOf } from "../../../api/errors";
import { useRemoveUser, userByName, type User } from "../../../api/people";
import { Details } from "../../../components/Details";
import { Nothing } from "../../../components/labels";
import { Facts, Section } from "../../../components/layout";
import { RefusableButton } from "../../../components/RefusableButton";
import { Failed, Loading } from "../../../components/states";
import { useToast } from "../../../components/toaster";
import { ViewAs } from "../../../components/viewing";
import { originWords } from "../../../lib/origin";
import { ConfirmChange } from "../ConfirmChange";
import { Given } from "./Given";
import { ResetPassword } from "./ResetPassword";
import { State } from "./State";
import { UserEditor } from "./UserEditor";

const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL, lineHeight: "26px" },
});

/** A person: their account, their groups, what they may do by them, and what this reader may change. */
export function UserDetails({ name, onClose }: { name: string; onClose: () => void }) {
  const styles = useStyles();
  const [editing, setEditing] = useState(false);
  const { data: user, error, isPending, refetch } = useQuery(userByName(name));
  if (editing && user) return <UserEditor user={user} onClose={() => setEditing(false)} onSaved={() => setEditing(false)} />;
  return (
    <Details title={user?.displayName || name} row={name} onClose={onClose} footer={user && <Commands user={user} onEdit={() => setEditing(true)} onRemoved={onClose} />}>
      {isPending ? (
        <Loading what="the user" />
      ) : error ? (
        <Failed error={error} what="user" retry={() => void refetch()} />
      ) : (
        <>
          <Facts items={[["Name", user.name], ["State", <State key="s" user={user} />], ["Global roles", user.globalRoles.length > 0 ? user.globalRoles.join(", ") : <Nothing key="n" />], ["Imported from", originWords(user.origin)]]} />
          <Section title="Groups">
            {user.groups.length === 0 ? (
              <Nothing>In no group</Nothing>
            ) : (
              <ul className={styles.list}>
                {user.groups.map((group) => (
                  <li key={group}>
                    <Link href={`/permissions/groups/${encodeURIComponent(group)}`}>{group}</Link>
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <Given principal={user.name} />
          <Text>
            <Link href={`/access?person=${encodeURIComponent(user.name)}`}>{`What ${user.displayName || user.name} may do, and why`}</Link>
          </Text>
        </>
      )}
    </Details>
  );
}

function Commands({ user, onEdit, onRemoved }: { user: User; onEdit: () => void; onRemoved: () => void }) {
  const actions = user["@bailiwick.actions"];
  const [asking, setAsking] = useState<User | null>(null);
  const [resetting, setResetting] = useState(false);
  const remove = useRemoveUser();
  const toast = useToast();
  return (
    <>
      <RefusableButton appearance="primary" icon={<Edit20Regular />} refusal={refusalOf(actions.edit)} onClick={onEdit}>
        Edit
      </RefusableButton>
      <RefusableButton icon={<Key20Regular />} refusal={refusalOf(actions.setPassword)} onClick={() => setResetting(true)}>
        Reset password
      </RefusableButton>
      <RefusableButton icon={<Delete20Regular />} refusal={refusalOf(actions.delete)} onClick={() => setAsking(user)}>
        Remove
      </RefusableButton>
      <ViewAs of={{ user: user.name }} />
      {resetting && <ResetPassword user={user} onClose={() => setResetting(false)} />}
      {asking && (
        <ConfirmChange
          title={`Remove ${asking.name}?`}
          changes={[{ removeUser: asking.name }]}
          typed={asking.name}
          confirm="Remove"
          keep="Keep them"
          pending={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate({ name: asking.name, etag: asking.etag }, {
              onSuccess: () => {
                toast("success", `${asking.name} is removed`);
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
