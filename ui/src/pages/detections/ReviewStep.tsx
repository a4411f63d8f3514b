import { Button, Field, MessageBar, MessageBarBody, MessageBarTitle, Select, Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Beaker20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTryDetection, type DetectionTrial } from "../../api/detections";
import { said } from "../../api/errors";
import { Grid, type Column } from "../../components/Grid";
import { Severity } from "../../components/labels";
import { Facts, Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { lacksOf, tookOf } from "../../lib/detections";
import { count, sentence } from "../../lib/words";
import type { StepProps } from "./steps";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  line: { display: "flex", gap: tokens.spacingHorizontalM, alignItems: "end", flexWrap: "wrap" },
});

/** ReviewStep is all of it at a glance, and what it would have found over past days. */
export function ReviewStep({ draft, choices }: StepProps) {
  const styles = useStyles();
  const attempt = useTryDetection();
  const [days, setDays] = useState("7");
  const period = choices.periods.find((one) => one.name === draft.period);
  const lacks = Object.values(lacksOf(draft));
  return (
    <div className={styles.form}>
      <Facts
        items={[
          ["Name", draft.name],
          ["Runs", period && `${period.title}, looking back ${period.lookBack}`],
          ["Title", draft.alert.title],
          ["Severity", <Severity key="s" value={draft.alert.severity} />],
          ["Category", sentence(draft.alert.category)],
          ["About", draft.alert.impactedAssets.map((one) => `${one.kind} (${one.column})`).join(", ")],
          ["Actions", draft.actions.map((one) => choices.actions.find((kind) => kind.name === one.name)?.title ?? one.name).join(", ") || "None"],
          ["Scope", draft.allDevices ? "All devices" : draft.deviceGroups.join(", ")],
        ]}
      />
      <Section title="What it would have found" level="h2">
        <Text>It is run as you, over past days. Nothing is raised, and nothing is asked for.</Text>
        <div className={styles.line}>
          <Field label="Over the last">
            <Select value={days} onChange={(_, data) => setDays(data.value)}>
              {["1", "7", "14", "30"].map((one) => <option key={one} value={one}>{count(Number(one), "day")}</option>)}
            </Select>
          </Field>
          <Button icon={<Beaker20Regular />} disabledFocusable={attempt.isPending || lacks.length > 0} onClick={() => attempt.mutate({ setting: draft, days: Number(days) })}>
            Test run
          </Button>
        </div>
        <div role="status">
          {attempt.isPending && <Spinner size="tiny" label="Running" labelPosition="after" />}
          {attempt.error && (
            <MessageBar intent="error" layout="multiline">
              <MessageBarBody>
                <MessageBarTitle>It did not run</MessageBarTitle>
                {said(attempt.error)}
              </MessageBarBody>
            </MessageBar>
          )}
          {attempt.data && <Trial trial={attempt.data} />}
        </div>
      </Section>
    </div>
  );
}

type Found = DetectionTrial["alerts"][number];

function Trial({ trial }: { trial: DetectionTrial }) {
  const columns: Column<Found & { n: number }>[] = [
    { id: "title", title: "Alert", width: "40%", cell: (a) => a.title },
    { id: "about", title: "About", width: "30%", cell: (a) => a.assets.map((one) => one.value).join(", ") },
    { id: "rows", title: "Rows", width: "10%", cell: (a) => a.rows.toLocaleString() },
    { id: "last", title: "Last seen", width: "20%", cell: (a) => <Moment plain at={a.lastDateTime} /> },
  ];
  const more = [
    trial.left > 0 && `${count(trial.left, "alert")} more than one run raises.`,
    trial.more && "There were more rows than a run looks at.",
    trial.useless > 0 && `${count(trial.useless, "row names", "rows name")} nothing that an alert could be about.`,
  ].filter(Boolean);
  return (
    <>
      <Text block>{`${count(trial.rows, "row")}, ${count(trial.alerts.length, "alert")}, in ${tookOf(trial.milliseconds)}. ${more.join(" ")}`}</Text>
      {trial.alerts.length > 0 && <Grid narrow label="Alerts it would have raised" columns={columns} items={trial.alerts.map((a, n) => ({ ...a, n }))} id={(a) => String(a.n)} name={(a) => a.title} />}
    </>
  );
}
