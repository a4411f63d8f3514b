import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { said } from "../../api/errors";
import { useCreateAssignment, type Role } from "../../api/permissions";
import { AssignmentForm } from "../../components/AssignmentForm";
import { Card } from "../../components/layout";
import { useToast } from "../../components/toaster";
import { assignmentBody, emptyAssignment, problemOf } from "../../lib/draft";
import { Preview } from "./Preview";
import { RefusableButton } from "../../components/RefusableButton";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  commands: { display: "flex", gap: tokens.spacingHorizontalS },
});

/** AddAssignment gives a role to somebody, after showing who gains what. */
export function AddAssignment({ role, onDone }: { role: Role; onDone: () => void }) {
  const styles = useStyles();
  const [draft, setDraft] = useState(emptyAssignment);
  const create = useCreateAssignment();
  const toast = useToast();
  const problem = problemOf(draft);
  function save() {
    create.mutate(
      { role: role.id, ...assignmentBody(draft) },
      {
        onSuccess: () => {
          toast("success", `${draft.principal} now has ${role.name}`);
          onDone();
        },
      },
    );
  }
  return (
    <Card className={styles.form}>
      <AssignmentForm workload={role.workload} value={draft} onChange={setDraft} />
      {problem === "" && <Preview changes={[{ createAssignment: { role: role.id, ...assignmentBody(draft) } }]} />}
      {create.error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{said(create.error)}</MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.commands}>
        <RefusableButton appearance="primary" disabledFocusable={problem !== "" || create.isPending} onClick={save}>
          Assign
        </RefusableButton>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </Card>
  );
}
