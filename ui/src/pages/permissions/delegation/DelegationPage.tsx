import { MessageBar, MessageBarBody, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, Edit20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ceilings, usePutCeiling, useRemoveCeiling, type Ceiling } from "../../../api/ceilings";
import { refusalOf } from "../../../api/errors";
import { Nothing } from "../../../components/labels";
import { Card, Facts, PageHeader } from "../../../components/layout";
import { RefusableButton } from "../../../components/RefusableButton";
import { Empty, Failed, Loading } from "../../../components/states";
import { useToast } from "../../../components/toaster";
import { workloadLabel } from "../../../lib/words";
import { PermissionsCrumbs } from "../PermissionsCrumbs";
import { ConfirmChange } from "../ConfirmChange";
import { CeilingEditor } from "./CeilingEditor";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  row: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) auto", gap: tokens.spacingHorizontalM, alignItems: "start" },
  about: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
});

/** Delegation ceilings: what a role administrator may hand out and change at most, whatever they hold. */
export default function DelegationPage() {
  const styles = useStyles();
  const toast = useToast();
  const { data, error, isPending, refetch } = useQuery(ceilings);
  const put = usePutCeiling();
  const remove = useRemoveCeiling();
  const [editing, setEditing] = useState<Ceiling | "new" | null>(null);
  const [deleting, setDeleting] = useState(false);
  const close = () => {
    setDeleting(false);
    setEditing(null);
    put.reset();
    remove.reset();
  };
  return (
    <>
      <PageHeader
        title="Delegation"
        above={<PermissionsCrumbs here="Delegation" />}
        below="Nobody hands out what they do not hold. A ceiling leaves a role administrator a part of that: products, permissions, device groups, and the groups that may be given roles."
        commands={
          <RefusableButton appearance="primary" icon={<Add20Regular />} refusal={refusalOf(data?.["@bailiwick.actions"].create)} onClick={() => setEditing("new")}>
            Add ceiling
          </RefusableButton>
        }
      />
      {isPending ? (
        <Loading what="the ceilings" />
      ) : error ? (
        <Failed error={error} what="Delegation ceilings" retry={() => void refetch()} />
      ) : data.items.length === 0 ? (
        <Empty title="No ceilings" why={{ capability: "roles.view" }}>Role administrators are bound by what they hold themselves, and by nothing else.</Empty>
      ) : (
        <ul className={styles.list}>
          {data.items.map((ceiling) => (
            <li key={ceiling.name}>
              <Card className={styles.row}>
                <div className={styles.about}>
                  <Text as="h2" size={400} weight="semibold" style={{ margin: 0 }}>{ceiling.name}</Text>
                  {ceiling.description && <Text>{ceiling.description}</Text>}
                  {ceiling.users.length + ceiling.groups.length === 0 && (
                    <MessageBar intent="warning">
                      <MessageBarBody>It binds nobody any more: those whom it bound were removed.</MessageBarBody>
                    </MessageBar>
                  )}
                  <Facts
                    items={[
                      ["Binds", [...ceiling.groups.map((name) => `group ${name}`), ...ceiling.users].join(", ")],
                      ["Products", some(ceiling.workloads?.map(workloadLabel), "Any product")],
                      ["Permissions", some(ceiling.permissions, "Any that they hold")],
                      ["Device groups", some(ceiling.deviceGroups, "Any that they reach")],
                      ["May be given roles", some(ceiling.assignableGroups, "Anybody, single people too")],
                    ]}
                  />
                </div>
                <RefusableButton
                  appearance="subtle"
                  icon={<Edit20Regular />}
                  aria-label={`Edit ${ceiling.name}`}
                  refusal={refusalOf(ceiling["@bailiwick.actions"].edit)}
                  onClick={() => setEditing(ceiling)}
                />
              </Card>
            </li>
          ))}
        </ul>
      )}
      {editing !== null && (
        <CeilingEditor
          key={editing === "new" ? "" : editing.name}
          ceiling={editing === "new" ? undefined : editing}
          saving={put.isPending || remove.isPending}
          error={put.error ?? remove.error}
          onClose={close}
          onSave={(name, ceiling) =>
            put.mutate({ name, ceiling, etag: editing === "new" ? undefined : editing.etag }, {
              onSuccess: () => {
                toast("success", `Saved ${name}`);
                close();
              },
            })
          }
          onDelete={
            editing === "new"
              ? undefined
              : () => setDeleting(true)
          }
        />
      )}
      {editing !== null && editing !== "new" && deleting && (
        <ConfirmChange
          title={`Delete the ceiling ${editing.name}?`}
          changes={[{ removeCeiling: editing.name }]}
          confirm="Delete"
          keep="Keep it"
          pending={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate({ name: editing.name, etag: editing.etag }, {
              onSuccess: () => {
                toast("success", `Deleted ${editing.name}`);
                close();
              },
            })
          }
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}

function some(names: readonly string[] | undefined, all: string) {
  if (!names) return all;
  return names.length > 0 ? names.join(", ") : <Nothing key="none">None</Nothing>;
}
