import { Badge, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Add20Regular, ArrowDown20Regular, ArrowUp20Regular, Edit20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { refusalOf } from "../../api/errors";
import { deviceGroups, useSetDeviceGroups, type DeviceGroup, type DeviceGroupInput } from "../../api/permissions";
import { Nothing } from "../../components/labels";
import { Card, Facts, PageHeader } from "../../components/layout";
import { originWords } from "../../lib/origin";
import { RefusableButton } from "../../components/RefusableButton";
import { Failed, Loading } from "../../components/states";
import { WhoMayButton } from "../../components/WhoMay";
import { useToast } from "../../components/toaster";
import { remediationLabel } from "../../lib/remediation";
import { count, list } from "../../lib/words";
import { ConfirmChange } from "./ConfirmChange";
import { DeviceMoves } from "./DeviceMoves";
import { DeviceGroupEditor } from "./DeviceGroupEditor";
import { PermissionsCrumbs } from "./PermissionsCrumbs";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  row: { display: "grid", gridTemplateColumns: "40px minmax(0, 1fr) auto", gap: tokens.spacingHorizontalM, alignItems: "start" },
  rank: { fontVariantNumeric: "tabular-nums", color: tokens.colorNeutralForeground3, paddingTop: "2px" },
  about: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  name: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "center", flexWrap: "wrap" },
  commands: { display: "flex" },
  movable: { cursor: "grab" },
  over: { outline: `2px dashed ${tokens.colorBrandStroke1}`, borderRadius: tokens.borderRadiusLarge },
  bar: { marginBottom: tokens.spacingVerticalM },
});

/** Device groups in rank order: a device is in the first whose rule it matches. */
export default function DeviceGroupsPage() {
  const styles = useStyles();
  const toast = useToast();
  const { data, error, isPending, refetch } = useQuery(deviceGroups);
  const save = useSetDeviceGroups();
  // The rank that is being dragged, and the one it is over; the arrows do the same by keyboard.
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [editing, setEditing] = useState<number | "new" | null>(null);
  const refusal = refusalOf(data?.["@bailiwick.actions"].edit);
  const groups = data?.items ?? [];

  const inputs = groups.map(inputOf);
  // The list as it was when somebody began to change it: what is read again meanwhile must not pass for it.
  const [base, setBase] = useState<{ items: DeviceGroupInput[]; etag: string | undefined }>({ items: [], etag: undefined });
  const [asking, setAsking] = useState<{ items: DeviceGroupInput[]; title: string; confirm: string; done: string } | null>(null);

  function begin() {
    save.reset();
    setBase({ items: inputs, etag: data?.etag });
  }
  function put(items: DeviceGroupInput[], done: string) {
    save.mutate({ items, etag: base.etag }, {
      onSuccess: () => {
        toast("success", done);
        setEditing(null);
        setAsking(null);
      },
    });
  }
  function move(from: number, by: number) {
    const next = [...inputs];
    const [group] = next.splice(from, 1);
    if (!group) return;
    next.splice(from + by, 0, group);
    begin();
    setAsking({ items: next, title: `Move ${group.name} to rank ${from + by + 1}?`, confirm: "Move", done: `${group.name} now has rank ${from + by + 1}` });
  }
  function edit(which: number | "new") {
    begin();
    setEditing(which);
  }
  const last = groups.length - 1; // The devices that no rule matches: always last.

  return (
    <>
      <PageHeader
        title="Device groups"
        above={<PermissionsCrumbs here="Device groups" />}
        below="A device is in the first group whose rule it matches. Who reaches it is decided by the groups of people let in."
        commands={
          <RefusableButton appearance="primary" icon={<Add20Regular />} refusal={refusal} onClick={() => edit("new")}>
            Add device group
          </RefusableButton>
        }
      />
      {isPending ? (
        <Loading what="the device groups" />
      ) : error ? (
        <Failed error={error} what="Device groups" retry={() => void refetch()} />
      ) : (
        <ol className={styles.list}>
          {groups.map((group, i) => (
            <li
              key={group.name}
              draggable={!refusal && i !== last}
              className={mergeClasses(dragged !== null && i === over && styles.over)}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                event.dataTransfer.setData("text/plain", group.name);
                setDragged(i);
              }}
              onDragOver={(event) => {
                if (dragged === null || i === last) return;
                event.preventDefault();
                setOver(i);
              }}
              onDragEnd={() => setDragged(null)}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged !== null && dragged !== i) move(dragged, i - dragged);
                setDragged(null);
              }}
            >
              <Card className={mergeClasses(styles.row, !refusal && i !== last && styles.movable)}>
                <Text className={styles.rank}>{`#${i + 1}`}</Text>
                <Group group={group} />
                <div className={styles.commands}>
                  <RefusableButton appearance="subtle" icon={<ArrowUp20Regular />} aria-label={`Move ${group.name} up`} refusal={refusal} disabledFocusable={i === 0 || i === last || save.isPending} onClick={() => move(i, -1)} />
                  <RefusableButton appearance="subtle" icon={<ArrowDown20Regular />} aria-label={`Move ${group.name} down`} refusal={refusal} disabledFocusable={i >= last - 1 || save.isPending} onClick={() => move(i, 1)} />
                  <RefusableButton appearance="subtle" icon={<Edit20Regular />} aria-label={`Edit ${group.name}`} refusal={refusal} onClick={() => edit(i)} />
                </div>
              </Card>
            </li>
          ))}
        </ol>
      )}
      {editing !== null && (
        <DeviceGroupEditor
          key={editing}
          group={editing === "new" ? undefined : base.items[editing]}
          fixed={editing !== "new" && groups[editing]?.fixed === true}
          saving={save.isPending}
          error={save.error}
          onClose={() => setEditing(null)}
          rest={(group) => (editing === "new" ? [group, ...base.items] : base.items.map((g, i) => (i === editing ? group : g)))}
          onSave={(items, name) => put(items, `Saved ${name}`)}
          onDelete={editing === "new" || editing === last ? undefined : () =>
            setAsking({ items: base.items.filter((_, i) => i !== editing), title: `Delete the device group ${base.items[editing]?.name ?? ""}?`, confirm: "Delete", done: "Deleted the device group" })}
        />
      )}
      {asking && (
        <ConfirmChange
          title={asking.title}
          changes={[{ setDeviceGroups: { items: asking.items } }]}
          children={<DeviceMoves items={asking.items} />}
          confirm={asking.confirm}
          keep="Keep it"
          pending={save.isPending}
          error={save.error}
          onConfirm={() => put(asking.items, asking.done)}
          onClose={() => {
            save.reset();
            setAsking(null);
          }}
        />
      )}
    </>
  );
}

/** inputOf is a device group as it is sent back. */
function inputOf({ name, description, match, remediation, open, access }: DeviceGroup): DeviceGroupInput {
  return { name, match, open, access, ...(description ? { description } : {}), ...(remediation ? { remediation } : {}) };
}

const keys = ["name", "domain", "tag", "os"] as const;

function Group({ group }: { group: DeviceGroup }) {
  const styles = useStyles();
  const rule = keys.filter((key) => (group.match[key] ?? []).length > 0).map((key) => `${key === "os" ? "system" : key} is ${(group.match[key] ?? []).join(" or ")}`);
  const { access } = group;
  return (
    <div className={styles.about}>
      <div className={styles.name}>
        <Text as="h2" size={400} weight="semibold" style={{ margin: 0 }}>{group.name}</Text>
        {group.open ? (
          <Badge appearance="tint" color="warning" shape="rounded">Open to everyone</Badge>
        ) : access.length === 0 ? (
          <Badge appearance="tint" color="danger" shape="rounded">Closed: nobody is let in</Badge>
        ) : null}
        {group.deviceCount !== undefined && <Text size={200}>{count(group.deviceCount, "device")}</Text>}
      </div>
      {group.description && <Text>{group.description}</Text>}
      <Facts
        items={[
          ["Rule", rule.length > 0 ? list(rule) : <Nothing key="r">{group.fixed ? "Every device that no other rule matches" : "Matches no device"}</Nothing>],
          ["Remediation level", group.remediation ? remediationLabel(group.remediation) : ""],
          ["Imported from", originWords(group.origin)],
          ["Let in", group.open ? "Everyone who holds an endpoint role" : access.length > 0 ? access.join(", ") : ""],
        ]}
      />
      <div>
        <WhoMayButton thing="device-group" id={group.name} title={group.name} acts={acts} />
      </div>
    </div>
  );
}

/** What can be done on the devices of a group, as who-may asks. */
const acts = [
  ["investigation.view", "See its alerts"],
  ["alerts.manage", "Change its alerts"],
  ["actions.remediate", "Remediate"],
] as const;
