import { Button, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Text, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useDecideAction, type Verb } from "../../api/actions";
import { said } from "../../api/errors";
import { Card, PageHeader } from "../../components/layout";
import { RefusableButton } from "../../components/RefusableButton";
import { sentence } from "../../lib/words";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, maxWidth: "560px" },
  buttons: { display: "flex", gap: tokens.spacingHorizontalS },
});

/** ById is the Action centre of who may decide actions but see none of them: they know what they decide by its id. */
export function ById() {
  const styles = useStyles();
  const [id, setId] = useState("");
  const [comment, setComment] = useState("");
  const decide = useDecideAction(id.trim());
  const run = (verb: Verb) => id.trim() && decide.mutate({ verb, comment: comment.trim() });
  return (
    <>
      <PageHeader title="Action centre" />
      <Card>
        <div className={styles.form}>
          <Text>Your roles let you decide actions, and see none of them. Whoever asks you to decide one gives you its id; you are told its type, its state and how it went.</Text>
          <Field label="Action id" required>
            <Input value={id} onChange={(_, data) => { setId(data.value); decide.reset(); }} />
          </Field>
          <Field label="Comment">
            <Textarea value={comment} resize="vertical" maxLength={4000} onChange={(_, data) => setComment(data.value)} />
          </Field>
          <div className={styles.buttons}>
            <RefusableButton appearance="primary" disabledFocusable={decide.isPending || !id.trim()} onClick={() => run("approve")}>Approve</RefusableButton>
            <RefusableButton disabledFocusable={decide.isPending || !id.trim()} onClick={() => run("decline")}>Decline</RefusableButton>
            <Button as="a" href="/access">See my access</Button>
          </div>
          {decide.error && (
            <MessageBar intent="error" layout="multiline">
              <MessageBarBody>
                <MessageBarTitle>Not decided</MessageBarTitle>
                {said(decide.error)}
              </MessageBarBody>
            </MessageBar>
          )}
          {decide.data && (
            <MessageBar intent="success" layout="multiline">
              <MessageBarBody>
                <MessageBarTitle>{decide.data.actionTypeDisplayName}</MessageBarTitle>
                {`${sentence(decide.data.status)}. ${decide.data.outcome ?? ""}`}
              </MessageBarBody>
            </MessageBar>
          )}
        </div>
      </Card>
    </>
  );
}
