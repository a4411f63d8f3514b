import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { said } from "../../api/errors";
import { useSetup } from "../../api/session";
import { Frame } from "./SignInPage";

const useStyles = makeStyles({
  box: { width: "min(420px, 100%)", boxSizing: "border-box", padding: tokens.spacingHorizontalXXL, borderRadius: tokens.borderRadiusXLarge, backgroundColor: tokens.colorNeutralBackground1, boxShadow: tokens.shadow8 },
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
});

/**
 * The page behind the one-time link that a new server prints. The secret is in the part after `#`, which browsers
 * never send, and leaves the address at once.
 */
export default function SetupPage() {
  const styles = useStyles();
  const [link] = useState(() => {
    const secret = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    return secret;
  });
  const [user, setUser] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const setup = useSetup();
  const differs = again !== "" && again !== password;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!differs) setup.mutate({ link, user: user.trim(), displayName: displayName.trim(), password });
  }
  return (
    <Frame title="Set up Bailiwick" lead="Make the account of the first Global Administrator.">
      <div className={styles.box}>
        {link === "" && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>Open the link that the server printed when it first started: this address lacks its secret.</MessageBarBody>
          </MessageBar>
        )}
        <form className={styles.form} onSubmit={submit}>
          <Field label="Name" required hint="What you sign in with, such as you@example.com">
            <Input autoComplete="username" value={user} onChange={(_, data) => setUser(data.value)} />
          </Field>
          <Field label="Display name">
            <Input autoComplete="name" value={displayName} onChange={(_, data) => setDisplayName(data.value)} />
          </Field>
          <Field label="Password" required hint="At least 12 characters; long and easy to remember beats short and odd">
            <Input type="password" autoComplete="new-password" value={password} onChange={(_, data) => setPassword(data.value)} />
          </Field>
          <Field label="Password again" required validationState={differs ? "error" : "none"} validationMessage={differs ? "The two differ" : undefined}>
            <Input type="password" autoComplete="new-password" value={again} onChange={(_, data) => setAgain(data.value)} />
          </Field>
          {setup.error && (
            <MessageBar intent="error" layout="multiline">
              <MessageBarBody>{said(setup.error)}</MessageBarBody>
            </MessageBar>
          )}
          <Button type="submit" appearance="primary" size="large" disabledFocusable={setup.isPending || !link || !user || !password || again !== password}>
            Make the account and sign in
          </Button>
        </form>
      </div>
    </Frame>
  );
}
