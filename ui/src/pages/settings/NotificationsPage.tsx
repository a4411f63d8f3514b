import { Badge, Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, MessageBar, MessageBarBody, Switch, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, Delete20Regular, Edit20Regular, Send20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { refusalOf, said } from "../../api/errors";
import { notificationRules, useRemoveRule, useSaveRule, useTestRule, type Notification, type NotificationRule } from "../../api/settings";
import { Nothing, Severity } from "../../components/labels";
import { Card, Facts, PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { useReadOnly } from "../../components/readOnly";
import { RefusableButton } from "../../components/RefusableButton";
import { Empty, Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { settingOf, way, where } from "../../lib/notifications";
import { RuleEditor } from "./RuleEditor";
import { SettingsCrumbs } from "./SettingsCrumbs";
import { TestResult } from "./TestResult";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  row: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) auto", gap: tokens.spacingHorizontalM, alignItems: "start" },
  about: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  name: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "center", flexWrap: "wrap", overflowWrap: "anywhere" },
  commands: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "flex-end" },
  severities: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM },
});

/** Notification rules: who is told of which alerts. Whether they may see one, and what of it, is asked when it is sent. */
export default function NotificationsPage() {
  const styles = useStyles();
  const toast = useToast();
  const { data, error, isPending, refetch } = useQuery(notificationRules);
  const save = useSaveRule();
  const remove = useRemoveRule();
  const test = useTestRule();
  const [editing, setEditing] = useState<NotificationRule | "new" | null>(null);
  const [deleting, setDeleting] = useState<NotificationRule | null>(null);
  const [tested, setTested] = useState<{ rule: NotificationRule; sent: Notification[] } | null>(null);
  const failed = (what: string) => (problem: Error) => toast("error", what, said(problem));
  function edit(which: NotificationRule | "new" | null) {
    save.reset();
    setEditing(which);
  }
  return (
    <>
      <PageHeader
        title="Notification rules"
        above={<SettingsCrumbs here="Notification rules" />}
        below="A rule tells people of alerts as they come. Each is told only of what they may see at the moment it is sent, and nothing twice."
        commands={
          <RefusableButton appearance="primary" icon={<Add20Regular />} refusal={refusalOf(data?.["@bailiwick.actions"].create)} onClick={() => edit("new")}>
            Add rule
          </RefusableButton>
        }
      />
      {isPending ? (
        <Loading what="the rules" />
      ) : error ? (
        <Failed error={error} what="Notification rules" retry={() => void refetch()} />
      ) : data.items.length === 0 ? (
        <Empty title="No rules">Nobody is told of alerts by mail or webhook.</Empty>
      ) : (
        <ul className={styles.list}>
          {data.items.map((rule) => (
            <li key={rule.id}>
              <Card className={styles.row}>
                <Rule rule={rule} />
                <div className={styles.commands}>
                  <Turn rule={rule} saving={save.isPending} onTurn={(on) => save.mutate({ id: rule.id, etag: rule.etag, setting: settingOf(rule, { on }) }, { onError: failed(`${rule.name} was not changed`) })} />
                  <RefusableButton
                    appearance="subtle"
                    icon={<Send20Regular />}
                    refusal={refusalOf(rule["@bailiwick.actions"]["test"])}
                    disabledFocusable={test.isPending}
                    aria-label={`Send a test of ${rule.name}`}
                    onClick={() => test.mutate(rule.id, { onSuccess: ({ items }) => setTested({ rule, sent: items }), onError: failed("The test was not sent") })}
                  >
                    Send a test
                  </RefusableButton>
                  <RefusableButton appearance="subtle" data-row={rule.id} icon={<Edit20Regular />} aria-label={`Edit ${rule.name}`} refusal={refusalOf(rule["@bailiwick.actions"]["edit"])} onClick={() => edit(rule)} />
                  <RefusableButton
                    appearance="subtle"
                    icon={<Delete20Regular />}
                    aria-label={`Delete ${rule.name}`}
                    refusal={refusalOf(rule["@bailiwick.actions"]["delete"])}
                    onClick={() => {
                      remove.reset();
                      setDeleting(rule);
                    }}
                  />
                </div>
              </Card>
            </li>
          ))}
        </ul>
      )}
      {editing !== null && (
        <RuleEditor
          key={editing === "new" ? "" : editing.id}
          rule={editing === "new" ? undefined : editing}
          saving={save.isPending}
          error={save.error}
          onClose={() => edit(null)}
          onSave={(setting) =>
            save.mutate(editing === "new" ? { setting } : { id: editing.id, etag: editing.etag, setting }, {
              onSuccess: () => {
                toast("success", `Saved ${setting.name}`);
                edit(null);
              },
            })
          }
        />
      )}
      {deleting && (
        <Dialog open modalType="alert" onOpenChange={(_, event) => !event.open && setDeleting(null)}>
          <DialogSurface>
            <DialogBody>
              <DialogTitle>{`Delete ${deleting.name}?`}</DialogTitle>
              <DialogContent>
                <Text block>What it had yet to tell is not told. What it told stays in the delivery log.</Text>
                {remove.error && <Text block role="alert">{said(remove.error)}</Text>}
              </DialogContent>
              <DialogActions fluid>
                <RefusableButton
                  appearance="primary"
                  disabledFocusable={remove.isPending}
                  onClick={() =>
                    remove.mutate(deleting, {
                      onSuccess: () => {
                        toast("success", `Deleted ${deleting.name}`);
                        setDeleting(null);
                      },
                    })
                  }
                >
                  Delete
                </RefusableButton>
                <Button onClick={() => setDeleting(null)}>Keep it</Button>
              </DialogActions>
            </DialogBody>
          </DialogSurface>
        </Dialog>
      )}
      {tested && <TestResult {...tested} onClose={() => setTested(null)} />}
    </>
  );
}

/** Turn turns a rule on or off; one that is turned on is about alerts that come from then on. */
function Turn({ rule, saving, onTurn }: { rule: NotificationRule; saving: boolean; onTurn: (on: boolean) => void }) {
  const readOnly = useReadOnly();
  const refusal = refusalOf(rule["@bailiwick.actions"]["edit"]);
  return (
    <Switch
      checked={rule.on}
      disabled={saving || refusal !== undefined || readOnly !== undefined}
      title={refusal?.reason ?? readOnly}
      aria-label={`${rule.name} is on`}
      onChange={(_, data) => onTurn(data.checked)}
    />
  );
}

function Rule({ rule }: { rule: NotificationRule }) {
  const styles = useStyles();
  const place = where(rule);
  return (
    <div className={styles.about}>
      <div className={styles.name}>
        <Text as="h2" size={400} weight="semibold" style={{ margin: 0 }}>{rule.name}</Text>
        {!rule.on && <Badge appearance="tint" color="informative" shape="rounded">Off</Badge>}
      </div>
      {place === "" && (
        <MessageBar intent="warning">
          <MessageBarBody>Its device groups are gone: it is about no alert.</MessageBarBody>
        </MessageBar>
      )}
      <Facts
        items={[
          ["Severities", <span key="s" className={styles.severities}>{rule.severities.map((one) => <Severity key={one} value={one} />)}</span>],
          ["Where", place || <Nothing key="n">Nowhere</Nothing>],
          ["Tells", <span key="t">{rule.recipients.map((to) => <span key={way(to)} style={{ display: "block" }}>{way(to)}</span>)}</span>],
          ["Changed", <span key="c"><Moment at={rule.lastUpdateDateTime} plain />{rule.updatedBy && ` by ${rule.updatedBy}`}</span>],
        ]}
      />
    </div>
  );
}
