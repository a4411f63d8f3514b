import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { preview, type Change } from "../../api/access";
import { NotSaved } from "./NotSaved";
import { Preview, whoChanges } from "./Preview";

interface ConfirmChangeProps {
  title: string;
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
export function ConfirmChange({ title, changes, confirm, keep, pending, error, onConfirm, onClose }: ConfirmChangeProps) {
  const { data, isPlaceholderData } = useQuery(preview(changes));
  // The answer shown may be of an earlier question until the one to this question comes.
  const known = data && !isPlaceholderData ? data : undefined;
  return (
    <Dialog open modalType="alert" onOpenChange={(_, event) => !event.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent tabIndex={0} role="region" aria-label="What this does">
            <Preview changes={changes} />
            {error && <NotSaved error={error} />}
          </DialogContent>
          <DialogActions fluid>
            <Button appearance="primary" onClick={onConfirm} disabledFocusable={!known?.allowed || pending}>
              {`${confirm}${known ? `: ${whoChanges(known)}` : ""}`}
            </Button>
            <Button onClick={onClose}>{keep}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
