import { Badge, Field, MessageBar, MessageBarBody, MessageBarTitle, Radio, RadioGroup, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ImportChoice, ImportPlan, ImportStep } from "../../../api/imports";
import { Nothing } from "../../../components/labels";
import { Card, Section } from "../../../components/layout";
import { useTasks } from "../../../components/useTasks";
import { actionWords, conflictLines } from "../../../lib/imports";
import { count, list, period } from "../../../lib/words";
import { People, whoChanges } from "../Preview";
import { RefusableButton } from "../../../components/RefusableButton";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  line: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "baseline", flexWrap: "wrap" },
  quiet: { color: tokens.colorNeutralForeground3 },
  conflict: { border: `1px solid ${tokens.colorNeutralStroke1}`, borderRadius: tokens.borderRadiusMedium, padding: tokens.spacingHorizontalM, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  lines: { margin: 0, paddingLeft: tokens.spacingHorizontalL, overflowWrap: "anywhere" },
  scroll: { maxHeight: "420px", overflowY: "auto" },
});

const colors: Record<string, "success" | "warning" | "danger" | "informative"> = { create: "success", update: "warning", remove: "danger" };

interface ImportPreviewProps {
  plan: ImportPlan;
  pending: boolean;
  choices: Readonly<Record<string, ImportChoice>>;
  onDecide: (id: string, choice: ImportChoice) => void;
  onImport: () => void;
}

/** ImportPreview is what an import would do: what is not eligible, what is to be decided, what changes, and for whom. */
export function ImportPreview({ plan, pending, choices, onDecide, onImport }: ImportPreviewProps) {
  const styles = useStyles();
  const task = useTasks();
  const decided = plan.steps.filter((step) => choices[step.id] !== undefined && step.action !== "conflict");
  const open = plan.steps.filter((step) => step.action === "conflict");
  const changes = plan.steps.filter((step) => step.action !== "conflict");
  const nothing = changes.every((step) => step.action === "keep") && open.length === 0;
  return (
    <Card className={styles.form}>
      <Text as="h2" size={500} weight="semibold" style={{ margin: 0 }} aria-live="polite">{summary(plan)}</Text>
      {!plan.allowed && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>You can't import this</MessageBarTitle>
            {period(plan.reason ?? "")}
          </MessageBarBody>
        </MessageBar>
      )}
      {plan.notes.length > 0 && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>Read otherwise than it stands there</MessageBarTitle>
            {plan.notes.map(period).join(" ")}
          </MessageBarBody>
        </MessageBar>
      )}
      {plan.notEligible.length > 0 && (
        <Section title={`Not eligible (${plan.notEligible.length})`} level="h2">
          <ul className={styles.list}>
            {plan.notEligible.map((one) => (
              <li key={`${one.kind} ${one.name} ${one.place}`}>
                <Text weight="semibold">{one.name}</Text>
                <Text block>{period(one.why)}</Text>
                <Text block size={200} className={styles.quiet}>{one.place}</Text>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {(open.length > 0 || decided.length > 0) && (
        <Section title={open.length > 0 ? `To decide (${open.length})` : "Decided"} level="h2">
          <ul className={styles.list}>
            {[...open, ...decided].map((step) => (
              <li key={step.id} className={styles.conflict}>
                <Conflict step={step} choice={choices[step.id]} onDecide={(choice) => onDecide(step.id, choice)} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="What changes" level="h2">
        {changes.length === 0 ? (
          <Nothing>Nothing</Nothing>
        ) : (
          <div className={styles.scroll} tabIndex={0} role="region" aria-label="What changes, one by one">
            <ul className={styles.list}>
              {changes.map((step) => (
                <li key={step.id} className={styles.line}>
                  <Badge appearance="tint" color={colors[step.action] ?? "informative"} shape="rounded">{actionWords[step.action]}</Badge>
                  <Text>{`${kinds[step.kind] ?? step.kind} ${step.title}`}</Text>
                  {step.why && <Text size={200} className={styles.quiet}>{period(step.why)}</Text>}
                </li>
              ))}
            </ul>
          </div>
        )}
      </Section>
      <Section title="For whom" level="h2">
        <Text weight="semibold">{whoChanges(plan)}</Text>
        {plan.gaining + plan.losing === 0 && <Nothing>Nobody's access changes</Nothing>}
        <People users={plan.users} total={plan.total} task={task} />
        {(plan.moves ?? []).length > 0 && <Text>{`Devices may move to ${list(plan.moves ?? [])}: who reaches these sees them come and go.`}</Text>}
      </Section>
      <div>
        <RefusableButton appearance="primary" disabledFocusable={pending || open.length > 0 || !plan.allowed || nothing} onClick={onImport}>
          {open.length > 0 ? `Decide ${count(open.length, "conflict")} first` : nothing ? "Nothing to import" : "Import what is shown"}
        </RefusableButton>
      </div>
    </Card>
  );
}

const kinds: Record<string, string> = { user: "Person", group: "Group", "device-group": "Device group", ranks: "Order:", role: "Role", assignment: "Assignment" };

function summary({ counts }: ImportPlan): string {
  const parts = [
    [counts["create"], "new"],
    [counts["update"], "changed"],
    [counts["remove"], "removed"],
    [counts["same"], "as they are"],
  ] as const;
  const said = parts.filter(([n]) => (n ?? 0) > 0).map(([n, word]) => `${(n ?? 0).toLocaleString()} ${word}`);
  return said.length > 0 ? `${list(said)}` : "Nothing to import";
}

function Conflict({ step, choice, onDecide }: { step: ImportStep; choice: ImportChoice | undefined; onDecide: (choice: ImportChoice) => void }) {
  const styles = useStyles();
  const lines = step.action === "conflict" ? conflictLines(step.mine, step.theirs) : [];
  return (
    <>
      <Text weight="semibold">{step.title}</Text>
      {step.why && <Text>{period(step.why)}</Text>}
      {lines.length > 0 && (
        <ul className={styles.lines}>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <Field label={`Whose state of ${step.title}`}>
        <RadioGroup layout="horizontal" value={choice ?? ""} onChange={(_, data) => onDecide(data.value as ImportChoice)}>
          <Radio value="mine" label="Keep what is here" />
          <Radio value="theirs" label="Take the export's" />
        </RadioGroup>
      </Field>
    </>
  );
}
