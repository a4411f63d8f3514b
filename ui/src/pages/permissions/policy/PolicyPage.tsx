import { Button, Checkbox, Field, MessageBar, MessageBarBody, MessageBarTitle, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowDownload20Regular, ArrowUpload20Regular } from "@fluentui/react-icons";
import { useRef, useState } from "react";
import { exportPath, useAdoptPolicy, useApplyPlan, usePlanPolicy, type PolicyFile } from "../../../api/policy";
import { Card, PageHeader, Section } from "../../../components/layout";
import { useToast } from "../../../components/toaster";
import { PermissionsCrumbs } from "../PermissionsCrumbs";
import { Drift, Refused } from "./Drift";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  text: { fontFamily: tokens.fontFamilyMonospace, "& textarea": { fontFamily: tokens.fontFamilyMonospace, minHeight: "220px", maxHeight: "50vh" } },
  commands: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

const empty: PolicyFile = { name: "policy.yaml", text: "", prune: false };

/** Policy as code: a file against what is in force, and one of the two made like the other. What is applied is what was shown. */
export default function PolicyPage() {
  const styles = useStyles();
  const toast = useToast();
  const [file, setFile] = useState(empty);
  const picker = useRef<HTMLInputElement>(null);
  const plan = usePlanPolicy();
  const apply = useApplyPlan();
  const adopt = useAdoptPolicy();

  // A plan is of one text. Of another it says nothing.
  function change(next: Partial<PolicyFile>) {
    setFile({ ...file, ...next });
    plan.reset();
    apply.reset();
    adopt.reset();
  }
  function compare() {
    apply.reset();
    adopt.reset();
    plan.mutate(file);
  }
  async function read(picked: File | undefined) {
    if (picked) change({ name: picked.name, text: await picked.text() });
  }
  function applyIt() {
    if (!plan.data) return;
    apply.mutate({ file, plan: plan.data }, {
      onSuccess: () => {
        toast("success", `${file.name ?? "The file"} is in force`);
        plan.reset();
      },
    });
  }
  function adoptIt() {
    adopt.mutate(file, { onSuccess: (text) => save(file.name ?? "policy.yaml", text) });
  }
  return (
    <>
      <PageHeader
        title="Policy as code"
        above={<PermissionsCrumbs here="Policy as code" />}
        below="Who has what, as a file that people review. Compare one with what is in force; then apply it, or take over what is in force."
        commands={
          <Button as="a" href={exportPath} download="policy.yaml" icon={<ArrowDownload20Regular />}>
            Export the policy
          </Button>
        }
      />
      <div className={styles.page}>
        <Card className={styles.form}>
          <div className={styles.commands}>
            <input ref={picker} type="file" accept=".yaml,.yml,text/yaml" hidden aria-label="Policy file" onChange={(event) => void read(event.target.files?.[0])} />
            <Button icon={<ArrowUpload20Regular />} onClick={() => picker.current?.click()}>
              Choose a file
            </Button>
          </div>
          <Field label={`Policy file${file.text ? ` (${file.name ?? ""})` : ""}`} hint="Chosen above, or pasted here">
            <Textarea className={styles.text} resize="vertical" value={file.text} spellCheck={false} onChange={(_, data) => change({ text: data.value })} />
          </Field>
          <Checkbox label="Also remove what the file does not have" checked={file.prune === true} onChange={(_, data) => change({ prune: data.checked === true })} />
          <div className={styles.commands}>
            <Button appearance="primary" disabledFocusable={file.text.trim() === "" || plan.isPending} onClick={compare}>
              Compare with what is in force
            </Button>
          </div>
        </Card>
        {plan.error && <Refused title="No plan" error={plan.error} />}
        {apply.error && <Refused title="Not applied" error={apply.error} />}
        {adopt.error && <Refused title="Not written" error={adopt.error} />}
        {apply.data && !plan.data && (
          <MessageBar intent="success" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>Applied</MessageBarTitle>
              {`What is in force is what the file declares. The policy is at revision ${String(apply.data.revision)}.`}
            </MessageBarBody>
          </MessageBar>
        )}
        {plan.data && (
          <Card className={styles.form}>
            <Section title="Drift" level="h2">
              <Drift plan={plan.data} pending={apply.isPending || adopt.isPending} prune={file.prune === true} onApply={applyIt} onAdopt={adoptIt} />
            </Section>
          </Card>
        )}
      </div>
    </>
  );
}

/** save hands a text to the reader as a file. */
function save(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
