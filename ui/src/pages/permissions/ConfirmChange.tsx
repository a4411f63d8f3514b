import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { preview, type Change } from "../../api/access";
import { NotSaved } from "./NotSaved";
import { Preview, refused, whoChanges } from "./Preview";
import { RefusableButton } from "../../components/RefusableButton";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

interface ConfirmChangeProps {
  title: string;
  /** What is asked of the reader besides, above what the change does. */
  children?: ReactNode;
  /** The name to be typed if somebody loses their last access by it. */
  typed?: string;
  /** Something asked of the reader is missing yet. */
  incomplete?: boolean;
  changes: Change[];
  /** What the button says; who gains and loses stands behind it. */
  confirm: string;
  keep: string;
  pending: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** ConfirmChange asks before a change is made, once it has said what the change would do. */
export function ConfirmChange({ title, children, typed, incomplete = false, changes, confirm, keep, pending, error, onConfirm, onClose }: ConfirmChangeProps) {
  const { data, isPlaceholderData } = useQuery(preview(changes));
  // The answer shown may be of an earlier question until the one to this question comes.
  const known = data && !isPlaceholderData ? data : undefined;
  const styles = useStyles();
  const [text, setText] = useState("");
  const asked = typed !== undefined && (known?.losingAll ?? 0) > 0;
  const ready = known?.allowed && !incomplete && (!asked || text.trim() === typed);
  return (
    <Dialog open modalType="alert" onOpenChange={(_, event) => !event.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content} tabIndex={0} role="region" aria-label="What this does">
            {children}
            <Preview changes={changes} />
            {asked && (
              <Field label={`Type ${typed} to confirm`} hint="Somebody loses their last access by this.">
                <Input value={text} onChange={(_, data) => setText(data.value)} autoComplete="off" />
              </Field>
            )}
            {error && <NotSaved error={error} />}
          </DialogContent>
          <DialogActions fluid>
            <RefusableButton refusal={refused(known)} appearance="primary" onClick={onConfirm} disabledFocusable={!ready || pending}>
              {`${confirm}${known ? `: ${whoChanges(known)}` : ""}`}
            </RefusableButton>
            <Button onClick={onClose}>{keep}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
