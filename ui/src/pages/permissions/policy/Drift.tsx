import { Button, MessageBar, MessageBarBody, MessageBarTitle, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text, makeStyles, tokens } from "@fluentui/react-components";
import { AddCircle16Regular, Edit16Regular, SubtractCircle16Regular } from "@fluentui/react-icons";
import { ApiError, said } from "../../../api/errors";
import type { PolicyPlan } from "../../../api/policy";
import { Moment } from "../../../components/Moment";
import { useTasks } from "../../../components/useTasks";
import { list } from "../../../lib/words";
import { People, whoChanges } from "../Preview";
import { RefusableButton } from "../../../components/RefusableButton";

const useStyles = makeStyles({
  parts: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  state: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  first: { width: "220px" },
  line: { overflowWrap: "anywhere", paddingBlock: tokens.spacingVerticalXS },
  commands: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

const states: Record<string, [string, typeof AddCircle16Regular]> = {
  "+": ["Declared, not in force", AddCircle16Regular],
  "~": ["Otherwise in force", Edit16Regular],
  "-": ["In force, not declared", SubtractCircle16Regular],
};

interface DriftProps {
  plan: PolicyPlan;
  pending: boolean;
  prune: boolean;
  onApply: () => void;
  onAdopt: () => void;
}

/** Drift is what is in force otherwise than a file declares, who would gain and lose if the file were applied, and the two ways out. */
export function Drift({ plan, pending, prune, onApply, onAdopt }: DriftProps) {
  const styles = useStyles();
  const task = useTasks();
  const warnings = (plan.warnings ?? []).map((line) => (
    <MessageBar key={line} intent="warning" layout="multiline">
      <MessageBarBody>{line}</MessageBarBody>
    </MessageBar>
  ));
  if (plan.summary.length === 0) {
    return (
      <div className={styles.parts}>
        <Text>What is in force is what the file declares.</Text>
        {warnings}
      </div>
    );
  }
  return (
    <div className={styles.parts} aria-live="polite">
      {warnings}
      <Table size="small" aria-label="What the file and the policy in force differ in">
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.first}>State</TableHeaderCell>
            <TableHeaderCell>What</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {plan.summary.map((line) => {
            const [state, Icon] = states[line.charAt(0)] ?? ["Changed", Edit16Regular];
            return (
              <TableRow key={line}>
                <TableCell className={styles.first}>
                  <span className={styles.state}>
                    <Icon aria-hidden />
                    {state}
                  </span>
                </TableCell>
                <TableCell className={styles.line}>{line.slice(2)}</TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
      <Text weight="semibold">{`If it is applied: ${whoChanges(plan)}`}</Text>
      <People users={plan.users} total={plan.total} task={task} />
      {(plan.later ?? []).map((later) => (
        <section key={later.at} className={styles.parts}>
          <Text weight="semibold">
            {"From "}
            <Moment at={later.at} />
            {" on"}
          </Text>
          <People users={later.users} total={later.total} task={task} />
        </section>
      ))}
      {plan.more && <Text>More begins and ends later than is shown here.</Text>}
      {(plan.moves ?? []).length > 0 && <Text>{`Devices may move to ${list(plan.moves ?? [])}; who reaches those would see them.`}</Text>}
      <div className={styles.commands}>
        <RefusableButton appearance="primary" disabledFocusable={pending} onClick={onApply}>
          {`Apply: ${whoChanges(plan)}`}
        </RefusableButton>
        <Button disabledFocusable={pending || prune} onClick={onAdopt}>
          Write the file as it is in force
        </Button>
      </div>
      <Text size={200}>
        Applied is exactly this, on revision {String(plan.revision)} of the policy; if anybody changes it before, nothing is.
        {prune && " A file that also removes can't be written as it is in force: export the policy instead."}
      </Text>
    </div>
  );
}

/** Refused says what is wrong with a file, each fault with its place. */
export function Refused({ title, error }: { title: string; error: Error }) {
  const places = error instanceof ApiError ? error.details : [];
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle>
        {places.length === 0 ? said(error) : (
          <ul>
            {places.map((place) => (
              <li key={place}>{place}</li>
            ))}
          </ul>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}
