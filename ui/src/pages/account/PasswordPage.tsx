import { Field, Input, MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { useChangePassword } from "../../api/directory";
import { said } from "../../api/errors";
import { useMe } from "../../api/session";
import { Card, PageHeader } from "../../components/layout";
import { RefusableButton } from "../../components/RefusableButton";

const useStyles = makeStyles({
  page: { maxWidth: "560px" },
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, alignItems: "stretch" },
  button: { alignSelf: "flex-start" },
});

/** One's own password. Whoever knew the old one is signed out everywhere but here. */
export default function PasswordPage() {
  const styles = useStyles();
  const me = useMe();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const change = useChangePassword();
  const differs = again !== "" && again !== next;
  const ready = current !== "" && next !== "" && again === next && !change.isPending;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready) return;
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          setCurrent("");
          setNext("");
          setAgain("");
        },
      },
    );
  }
  return (
    <div className={styles.page}>
      <PageHeader title="Password" below="Changing it ends your other sessions; this one goes on." />
      <Card>
        <form className={styles.form} onSubmit={submit}>
          {/* Password managers file the new password under this name. */}
          <input hidden readOnly autoComplete="username" value={me.user} />
          <Field label="Current password" required>
            <Input type="password" autoComplete="current-password" value={current} onChange={(_, data) => setCurrent(data.value)} />
          </Field>
          <Field label="New password" required hint="At least 12 characters; long and easy to remember beats short and odd">
            <Input type="password" autoComplete="new-password" value={next} onChange={(_, data) => setNext(data.value)} />
          </Field>
          <Field label="New password again" required validationState={differs ? "error" : "none"} validationMessage={differs ? "The two differ" : undefined}>
            <Input type="password" autoComplete="new-password" value={again} onChange={(_, data) => setAgain(data.value)} />
          </Field>
          {change.error && (
            <MessageBar intent="error" layout="multiline">
              <MessageBarBody>{said(change.error)}</MessageBarBody>
            </MessageBar>
          )}
          {change.isSuccess && (
            <MessageBar intent="success" layout="multiline">
              <MessageBarBody>Your password is changed, and your other sessions have ended.</MessageBarBody>
            </MessageBar>
          )}
          <RefusableButton type="submit" appearance="primary" className={styles.button} disabledFocusable={!ready}>
            Change the password
          </RefusableButton>
        </form>
      </Card>
    </div>
  );
}
