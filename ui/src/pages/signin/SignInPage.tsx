import { Avatar, Button, Field, Input, MessageBar, MessageBarBody, Text, Subtitle2, Title2, makeStyles, tokens } from "@fluentui/react-components";
import { ShieldTask48Filled } from "@fluentui/react-icons";
import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { useSignIn, type Persona, type Session } from "../../api/session";

const useStyles = makeStyles({
  page: {
    minHeight: "100vh",
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    padding: "48px 24px",
    boxSizing: "border-box",
    gap: tokens.spacingVerticalXXL,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  brand: { display: "flex", flexDirection: "column", alignItems: "center", gap: tokens.spacingVerticalS, textAlign: "center" },
  mark: { color: tokens.colorBrandForeground1 },
  role: { color: tokens.colorBrandForeground1 },
  quiet: { color: tokens.colorNeutralForeground2 },
  box: {
    width: "min(400px, 100%)",
    boxSizing: "border-box",
    padding: tokens.spacingHorizontalXXL,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow8,
  },
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  people: { width: "min(1080px, 100%)", display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  cards: { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(300px, 1fr))", gap: tokens.spacingHorizontalM, listStyleType: "none", margin: 0, padding: 0 },
  card: {
    width: "100%",
    height: "100%",
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    font: "inherit",
    textAlign: "left",
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
    cursor: "pointer",
    ":hover": { boxShadow: tokens.shadow8, backgroundColor: tokens.colorNeutralBackground1Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "2px" },
  },
  person: { display: "grid", gridTemplateColumns: "auto 1fr", columnGap: tokens.spacingHorizontalM, alignItems: "start" },
  about: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, minWidth: 0 },
});

/** Frame is what stands around the pages of somebody who is not signed in yet. */
export function Frame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const styles = useStyles();
  useEffect(() => {
    document.title = `${title} - Bailiwick`;
  }, [title]);
  return (
    <main className={styles.page}>
      <div className={styles.brand}>
        <ShieldTask48Filled className={styles.mark} aria-hidden />
        <Title2 as="h1">{title}</Title2>
        <Text className={styles.quiet}>{lead}</Text>
      </div>
      {children}
    </main>
  );
}

/** The way in. A deep link survives it: the address stays, and the page behind it opens after signing in. */
export default function SignInPage({ session, ended }: { session: Session; /** Somebody was in, and did not leave by themselves. */ ended: boolean }) {
  const personas = session.personas ?? [];
  return (
    <Frame
      title={session.demo ? "Who would you like to be?" : "Sign in to Bailiwick"}
      lead={
        ended
          ? `Your session has ended. ${session.demo ? "Pick a person" : "Sign in"} to go on where you were.`
          : session.demo
          ? "This is a demonstration with made-up people and data. Pick a person and see the centre as they do."
          : "The security centre where roles decide, product by product, who sees and does what."
      }
    >
      {session.setup && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>No administrator can sign in yet: open the one-time link that the server printed when it started.</MessageBarBody>
        </MessageBar>
      )}
      {session.demo ? <Personas personas={personas} /> : <Account />}
    </Frame>
  );
}

function Account() {
  const styles = useStyles();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn();
  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate({ user: user.trim(), password });
  }
  return (
    <div className={styles.box}>
      <form className={styles.form} onSubmit={submit}>
        <Field label="Name" required>
          <Input name="username" autoComplete="username" placeholder="you@example.com" value={user} onChange={(_, data) => setUser(data.value)} autoFocus />
        </Field>
        <Field label="Password" required>
          <Input name="password" type="password" autoComplete="current-password" value={password} onChange={(_, data) => setPassword(data.value)} />
        </Field>
        {signIn.error && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{signIn.error.message}</MessageBarBody>
          </MessageBar>
        )}
        <Button type="submit" appearance="primary" size="large" disabledFocusable={signIn.isPending || !user || !password}>
          {signIn.isPending ? "Signing in" : "Sign in"}
        </Button>
      </form>
    </div>
  );
}

function Personas({ personas }: { personas: readonly Persona[] }) {
  const styles = useStyles();
  const signIn = useSignIn();
  return (
    <section className={styles.people} aria-label="People of the demonstration">
      {signIn.error && (
        <MessageBar intent="error">
          <MessageBarBody>{signIn.error.message}</MessageBarBody>
        </MessageBar>
      )}
      <ul className={styles.cards}>
        {personas.map((persona) => (
          <li key={persona.user}>
            <button
              type="button"
              className={styles.card}
              disabled={signIn.isPending}
              onClick={() => signIn.mutate({ persona: persona.user })}
            >
              <span className={styles.person}>
                <Avatar name={persona.displayName} color="colorful" size={40} aria-hidden />
                <span className={styles.about}>
                  <Subtitle2>{persona.displayName}</Subtitle2>
                  <Text size={200} weight="semibold" className={styles.role}>{persona.role}</Text>
                  <Text>{persona.description}</Text>
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
