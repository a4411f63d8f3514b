import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Select, Text, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { said } from "../api/errors";
import type { useManageAlerts } from "../api/investigation";
import { useMe } from "../api/session";
import { RefusableButton } from "./RefusableButton";
import { classifications, determinations, options } from "../lib/triage";
import { count } from "../lib/words";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  two: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: tokens.spacingHorizontalM },
  skipped: { maxHeight: "200px", overflowY: "auto", margin: 0 },
});

// What a field stands for that is left alone, and what takes away what is there.
const stays = "~";
const nothing = "";

interface ManageManyProps {
  /** alert or incident */
  noun: string;
  statuses: readonly string[];
  manage: ReturnType<typeof useManageAlerts>;
  ids: readonly string[];
  /** When each was last updated, as the list shows it: what somebody has changed since is left as it is. Without it, it is changed all the same. */
  seen?: Record<string, string>;
  /** One of them as people know it. */
  name: (id: string) => string;
  onClose: () => void;
  /** Some were changed: those that were not stay chosen. */
  onDone: (left: string[]) => void;
}

/** ManageMany makes the same change to the chosen alerts or incidents; what may not be changed is told with the reason. */
export function ManageMany({ noun, statuses, manage, ids, seen, name, onClose, onDone }: ManageManyProps) {
  const styles = useStyles();
  const me = useMe();
  const [chosen] = useState(ids);
  const [lastUpdates] = useState(seen);
  const [status, setStatus] = useState(stays);
  const [assignee, setAssignee] = useState<string | null>(null);
  const [classification, setClassification] = useState(stays);
  const [determination, setDetermination] = useState(stays);
  const [comment, setComment] = useState("");
  const change = {
    ...(status !== stays ? { status } : {}),
    ...(assignee !== null ? { assignedTo: assignee.trim() } : {}),
    ...(classification !== stays ? { classification } : {}),
    ...(determination !== stays ? { determination } : {}),
  };
  const none = Object.keys(change).length === 0 && comment.trim() === "";
  const skipped = (manage.data?.items ?? []).filter((item) => !item.changed);
  function save() {
    manage.mutate(
      { ids: [...chosen], lastUpdates, change, ...(comment.trim() ? { comment: comment.trim() } : {}) },
      {
        onSuccess: ({ items }) => {
          const left = items.filter((item) => !item.changed).map((item) => item.id);
          onDone(left);
          if (left.length === 0) onClose();
        },
      },
    );
  }
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{`Manage ${count(chosen.length, noun)}`}</DialogTitle>
          <DialogContent className={styles.form}>
            {manage.error && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>
                  <MessageBarTitle>Not saved</MessageBarTitle>
                  {said(manage.error)}
                </MessageBarBody>
              </MessageBar>
            )}
            {manage.data && skipped.length > 0 ? (
              <>
                <Text weight="semibold" role="status">{`${count(manage.data.changed, noun)} changed, ${skipped.length.toLocaleString()} left as they are`}</Text>
                <ul className={styles.skipped} tabIndex={0} aria-label="Left as they are">
                  {skipped.map((item) => (
                    <li key={item.id}>{`${name(item.id)}: ${item.reason ?? ""}`}</li>
                  ))}
                </ul>
              </>
            ) : (
              <>
                <Text>Each is changed on your rights to it; those you may not change stay as they are, and are listed.</Text>
                <div className={styles.two}>
                  <Field label="Status">
                    <Choice value={status} values={statuses} onChange={setStatus} />
                  </Field>
                  <Field label="Assigned to">
                    <Input
                      value={assignee ?? ""}
                      placeholder={assignee === null ? "Stays as it is" : "Nobody"}
                      onChange={(_, data) => setAssignee(data.value)}
                      contentAfter={
                        assignee === null || assignee === "" ? (
                          <Button size="small" appearance="transparent" onClick={() => setAssignee(me.user)}>Me</Button>
                        ) : (
                          <Button size="small" appearance="transparent" onClick={() => setAssignee(nothing)}>Nobody</Button>
                        )
                      }
                    />
                  </Field>
                  <Field label="Classification">
                    <Choice
                      value={classification}
                      values={classifications}
                      none="Not classified"
                      onChange={(value) => {
                        setClassification(value);
                        setDetermination(stays);
                      }}
                    />
                  </Field>
                  <Field label="Determination">
                    <Choice value={determination} values={determinations(classification)} onChange={setDetermination} />
                  </Field>
                </div>
                <Field label="Comment">
                  <Textarea value={comment} resize="vertical" onChange={(_, data) => setComment(data.value)} />
                </Field>
              </>
            )}
          </DialogContent>
          <DialogActions fluid>
            {manage.data && skipped.length > 0 ? (
              <Button appearance="primary" onClick={onClose}>Close</Button>
            ) : (
              <>
                <RefusableButton appearance="primary" disabledFocusable={none || manage.isPending} onClick={save}>
                  {manage.isPending ? "Saving" : "Save"}
                </RefusableButton>
                <Button onClick={onClose}>Cancel</Button>
              </>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

interface ChoiceProps {
  value: string;
  values: readonly string[];
  none?: string;
  onChange: (value: string) => void;
}

function Choice({ value, values, none, onChange, ...field }: ChoiceProps) {
  return (
    <Select {...field} value={value} onChange={(_, data) => onChange(data.value)}>
      <option value={stays}>Stays as it is</option>
      {none && <option value={nothing}>{none}</option>}
      {options(values).map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </Select>
  );
}
