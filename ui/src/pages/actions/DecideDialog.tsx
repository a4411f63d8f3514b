import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, MessageBar, MessageBarBody, MessageBarTitle, Text, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useDecideActions, type Decision, type ResponseAction } from "../../api/actions";
import { said } from "../../api/errors";
import { RefusableButton } from "../../components/RefusableButton";
import { count } from "../../lib/words";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  list: { maxHeight: "200px", overflowY: "auto", margin: 0, overflowWrap: "anywhere" },
});

interface DecideDialogProps {
  actions: readonly ResponseAction[];
  decision: Decision;
  onClose: () => void;
  /** Those that were skipped stay chosen. */
  onDone: (left: string[]) => void;
}

/** DecideDialog approves or declines the chosen actions; what was skipped is told with the reason. */
export function DecideDialog({ actions, decision, onClose, onDone }: DecideDialogProps) {
  const styles = useStyles();
  const decide = useDecideActions();
  const [chosen] = useState(actions);
  const [comment, setComment] = useState("");
  const verb = decision === "approved" ? "Approve" : "Decline";
  const name = (id: string) => {
    const action = chosen.find((one) => one.id === id);
    return action ? `${action.actionTypeDisplayName}, ${action.device?.name || action.device?.id || action.subject || id}` : id;
  };
  const skipped = (decide.data?.items ?? []).filter((item) => !item.changed);
  function save() {
    decide.mutate(
      { ids: chosen.map((action) => action.id), decision, etags: Object.fromEntries(chosen.flatMap((action) => (action.etag ? [[action.id, action.etag]] : []))), ...(comment.trim() ? { comment: comment.trim() } : {}) },
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
          <DialogTitle>{`${verb} ${count(chosen.length, "action")}`}</DialogTitle>
          <DialogContent className={styles.form}>
            {decide.error && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>
                  <MessageBarTitle>Nothing was decided</MessageBarTitle>
                  {said(decide.error)}
                </MessageBarBody>
              </MessageBar>
            )}
            {decide.data && skipped.length > 0 ? (
              <>
                <Text weight="semibold" role="status">{`${count(decide.data.changed, "action")} ${decision}, ${skipped.length.toLocaleString()} skipped`}</Text>
                <ul className={styles.list} tabIndex={0} aria-label="Skipped">
                  {skipped.map((item) => (
                    <li key={item.id}>{`${name(item.id)}: ${item.reason ?? ""}`}</li>
                  ))}
                </ul>
              </>
            ) : (
              <>
                <ul className={styles.list} tabIndex={0} aria-label="Chosen actions">
                  {chosen.slice(0, 20).map((action) => (
                    <li key={action.id}>{name(action.id)}</li>
                  ))}
                  {chosen.length > 20 && <li>{`and ${(chosen.length - 20).toLocaleString()} more`}</li>}
                </ul>
                <Text>{decision === "approved" ? "Each is decided on your rights where it acts, and carried out then." : "Each is decided on your rights where it acts. A declined action is not carried out."}</Text>
                <Field label="Comment">
                  <Textarea value={comment} resize="vertical" maxLength={4000} onChange={(_, data) => setComment(data.value)} />
                </Field>
              </>
            )}
          </DialogContent>
          <DialogActions fluid>
            {decide.data && skipped.length > 0 ? (
              <Button appearance="primary" onClick={onClose}>Close</Button>
            ) : (
              <>
                <RefusableButton appearance="primary" disabledFocusable={decide.isPending} onClick={save}>{decide.isPending ? "Saving" : verb}</RefusableButton>
                <Button onClick={onClose}>Cancel</Button>
              </>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
