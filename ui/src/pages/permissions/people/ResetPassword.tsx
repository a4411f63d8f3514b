import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { said } from "../../../api/errors";
import { useResetPassword, type User } from "../../../api/people";
import { RefusableButton } from "../../../components/RefusableButton";
import { useToast } from "../../../components/toaster";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM } });

/** ResetPassword gives somebody another password. Their sessions end; the server says whether its maker holds enough (S14). */
export function ResetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const styles = useStyles();
  const [password, setPassword] = useState("");
  const reset = useResetPassword();
  const toast = useToast();
  return (
    <Dialog open modalType="alert" onOpenChange={(_, event) => !event.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{`Reset the password of ${user.displayName || user.name}?`}</DialogTitle>
          <DialogContent className={styles.form}>
            <input hidden readOnly autoComplete="username" value={user.name} />
            <Field label="New password" required hint="At least 12 characters. All their sessions end; hand it over safely">
              <Input type="password" autoComplete="new-password" value={password} onChange={(_, data) => setPassword(data.value)} />
            </Field>
            {reset.error && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>{said(reset.error)}</MessageBarBody>
              </MessageBar>
            )}
          </DialogContent>
          <DialogActions fluid>
            <RefusableButton
              appearance="primary"
              disabledFocusable={password === "" || reset.isPending}
              onClick={() =>
                reset.mutate({ name: user.name, password }, {
                  onSuccess: () => {
                    toast("success", `${user.name} has another password`);
                    onClose();
                  },
                })
              }
            >
              Reset
            </RefusableButton>
            <Button onClick={onClose}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
