import { Checkbox, Field, MessageBar, MessageBarBody, MessageBarTitle, Select, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useCompleteAction, type ResponseAction } from "../../api/actions";
import { refusalOf, said } from "../../api/errors";
import { Section } from "../../components/layout";
import { RefusableButton } from "../../components/RefusableButton";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  steps: { display: "flex", flexDirection: "column" },
  buttons: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "end", flexWrap: "wrap" },
});

const ends = [
  ["succeeded", "All of it was done"],
  ["partiallySucceeded", "Only a part was done"],
  ["failed", "It could not be done"],
] as const;
type End = (typeof ends)[number][0];

/** Checklist is a task for people: its steps, and how it ended. */
export function Checklist({ action }: { action: ResponseAction }) {
  const styles = useStyles();
  const complete = useCompleteAction(action.id);
  const keep = useCompleteAction(action.id); // of its own: nobody waits for a tick to be kept
  const steps = action.checklist ?? [];
  const [done, setDone] = useState<ReadonlySet<number>>(new Set(steps.flatMap((step, n) => (step.done ? [n] : []))));
  const [end, setEnd] = useState<End>("succeeded");
  const [comment, setComment] = useState("");
  const offered = action.actions?.["complete"];
  function tick(n: number, on: boolean) {
    const next = new Set(done);
    if (on) next.add(n);
    else next.delete(n);
    setDone(next);
    if (offered?.allowed) keep.mutate({ steps: [...next] });
  }
  const failed = complete.error ?? (complete.isSuccess ? null : keep.error);
  const finish = () => complete.mutate({ steps: [...done], status: end, ...(comment.trim() ? { comment: comment.trim() } : {}) });
  return (
    <Section title="Checklist">
      <div className={styles.form}>
        {failed && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>Not saved</MessageBarTitle>
              {said(failed)}
            </MessageBarBody>
          </MessageBar>
        )}
        <div className={styles.steps} role="group" aria-label="Steps">
          {steps.map((step, n) => (
            <Checkbox key={n} label={step.text} checked={done.has(n)} disabled={!offered?.allowed} onChange={(_, data) => tick(n, data.checked === true)} />
          ))}
        </div>
        {offered && (
          <>
            {offered.allowed && (
              <Field label="Comment" hint="Wanted if not all of it was done">
                <Textarea value={comment} resize="vertical" rows={2} maxLength={4000} onChange={(_, data) => setComment(data.value)} />
              </Field>
            )}
            <div className={styles.buttons}>
              {offered.allowed && (
                <Field label="How it ended">
                  <Select value={end} onChange={(_, data) => setEnd(data.value as End)}>
                    {ends.map(([value, label]) => (
                      <option key={value} value={value}>{label}</option>
                    ))}
                  </Select>
                </Field>
              )}
              <RefusableButton appearance="primary" refusal={refusalOf(offered)} disabledFocusable={complete.isPending} onClick={finish}>Complete</RefusableButton>
            </div>
          </>
        )}
      </div>
    </Section>
  );
}
