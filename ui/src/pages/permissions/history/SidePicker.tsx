import { Combobox, Field, Option, Select, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { groupList } from "../../../api/directory";
import { roleVersions, rolesNamed } from "../../../api/history";
import { roleById } from "../../../api/permissions";
import { PersonPicker } from "../../../components/PersonPicker";
import { parse, show } from "../../../lib/dates";
import { workloadLabel } from "../../../lib/words";

const useStyles = makeStyles({
  side: { display: "grid", gridTemplateColumns: "140px minmax(0, 1fr)", gap: tokens.spacingHorizontalM, minWidth: 0 },
  wide: { gridColumn: "1 / -1" },
});

type Kind = "role" | "user" | "group";

/** split takes a key apart: role:ID, role:ID@REVISION, user:NAME, group:NAME. */
function split(key: string): { kind: Kind; name: string; revision: string } {
  const colon = key.indexOf(":");
  const kind = key.slice(0, Math.max(colon, 0));
  const name = key.slice(colon + 1);
  if (kind === "user" || kind === "group") return { kind, name, revision: "" };
  const version = /^(.*)@(\d+)$/.exec(name);
  return version ? { kind: "role", name: version[1] ?? "", revision: version[2] ?? "" } : { kind: "role", name, revision: "" };
}

/** SidePicker picks one side of a comparison: a role, one of its versions, a person or a group. */
export function SidePicker({ label, value, onPick }: { label: string; value: string; onPick: (key: string) => void }) {
  const styles = useStyles();
  const picked = split(value);
  const [kind, setKind] = useState<Kind>(picked.kind);
  const name = kind === picked.kind ? picked.name : "";
  return (
    <div className={styles.side} role="group" aria-label={`${label} side`}>
      <Field label={`${label}: what`}>
        <Select value={kind} onChange={(_, data) => setKind(data.value as Kind)}>
          <option value="role">Role</option>
          <option value="user">Person</option>
          <option value="group">Group</option>
        </Select>
      </Field>
      {kind === "role" ? (
        <>
          <RolePicker label={`${label}: role`} id={name} onPick={(id) => onPick(`role:${id}`)} />
          {name && <VersionPicker label={`${label}: version`} id={name} revision={picked.revision} className={styles.wide} onPick={(revision) => onPick(`role:${name}${revision && `@${revision}`}`)} />}
        </>
      ) : kind === "user" ? (
        <PersonPicker label={`${label}: person`} value={name} onPick={(user) => onPick(`user:${user}`)} />
      ) : (
        <GroupPicker label={`${label}: group`} name={name} onPick={(group) => onPick(`group:${group}`)} />
      )}
    </div>
  );
}

function RolePicker({ label, id, onPick }: { label: string; id: string; onPick: (id: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const found = useQuery(rolesNamed(typed ?? ""));
  const current = useQuery({ ...roleById(id), enabled: id !== "", retry: false });
  const was = useQuery({ ...roleVersions(id), enabled: id !== "" && current.isError });
  const items = found.data?.items ?? [];
  return (
    <Field label={label}>
      <Combobox
        freeform
        value={typed ?? current.data?.name ?? was.data?.items[0]?.name ?? ""}
        selectedOptions={[id]}
        placeholder="Name"
        open={open}
        onOpenChange={(_, data) => setOpen(data.open)}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
        }}
        onOptionSelect={(_, data) => {
          if (!data.optionValue) return;
          setTyped(null);
          onPick(data.optionValue);
        }}
        onBlur={() => setTyped(null)}
      >
        {items.map((role) => (
          <Option key={role.id} value={role.id} text={role.name}>
            {`${role.name} (${role.workload === "unified" ? "Unified" : workloadLabel(role.workload)})`}
          </Option>
        ))}
        {items.length === 0 && (
          <Option disabled value="" text="">
            {found.isPending ? "Looking" : "No role of that name"}
          </Option>
        )}
      </Combobox>
    </Field>
  );
}

function VersionPicker({ label, id, revision, className, onPick }: { label: string; id: string; revision: string; className: string; onPick: (revision: string) => void }) {
  const { data } = useQuery(roleVersions(id));
  const when = (at: string | undefined) => {
    const moment = parse(at);
    return moment ? show(moment) : "when the history began";
  };
  return (
    <Field label={label} className={className}>
      <Select value={revision} onChange={(_, chosen) => onPick(chosen.value)}>
        {(data?.live ?? true) && <option value="">As it is now</option>}
        {data && !data.live && !revision && <option value="">Pick one: the role is deleted</option>}
        {(data?.items ?? []).map((version) => (
          <option key={version.revision} value={String(version.revision)}>
            {`Version ${version.number}, ${when(version.at)}${version.actor ? `, ${version.actor}` : ""}`}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function GroupPicker({ label, name, onPick }: { label: string; name: string; onPick: (name: string) => void }) {
  const { data } = useQuery(groupList);
  return (
    <Field label={label}>
      <Select value={name} onChange={(_, chosen) => chosen.value && onPick(chosen.value)}>
        <option value="">Pick a group</option>
        {(data?.items ?? []).map((group) => (
          <option key={group.name} value={group.name}>
            {group.name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
