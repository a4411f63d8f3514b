import { Checkbox, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Radio, RadioGroup, Select, Spinner, Switch, Text, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { Suspense, lazy, useState } from "react";
import type { DetectionChoices } from "../../api/detections";
import type { Schema } from "../../api/client";
import { said } from "../../api/errors";
import { ImpactedAssets } from "../../components/ImpactedAssets";
import { useQueryHelp } from "../../components/kql/useQueryHelp";
import { Workloads } from "../../components/labels";
import { Facts, Section } from "../../components/layout";
import { NamesPicker } from "../../components/NamesPicker";
import { actionOf, techniquesOf, type Draft } from "../../lib/detections";
import { sentence, workloadLabel } from "../../lib/words";

const KqlEditor = lazy(() => import("../../components/kql/KqlEditor"));
const nothing = () => undefined;

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  pair: { display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(240px, 1fr))", gap: tokens.spacingHorizontalM, alignItems: "start" },
  query: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  editor: { height: "240px", resize: "vertical", overflow: "hidden", minHeight: "120px" },
  hint: { color: tokens.colorNeutralForeground3 },
  problems: { margin: 0, paddingLeft: tokens.spacingHorizontalL },
  action: { display: "flex", flexDirection: "column" },
  why: { color: tokens.colorNeutralForeground3, paddingLeft: "32px" },
  columns: { overflowWrap: "anywhere" },
});

export interface StepProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  choices: DetectionChoices;
  inspected: Schema["DetectionQuery"] | undefined;
}

/** QueryStep is the query and how often it is asked; what keeps it from being a detection the server says as one types. */
export function QueryStep({ draft, set, choices, inspected, asking, error }: StepProps & { asking: boolean; error: Error | null }) {
  const styles = useStyles();
  const { schema, columnsFor, dark, problems } = useQueryHelp(draft.query);
  const period = choices.periods.find((one) => one.name === draft.period);
  return (
    <div className={styles.form}>
      <div className={styles.query}>
        <Text weight="semibold">Query</Text>
        <div className={styles.editor}>
          <Suspense fallback={<Spinner label="Loading the editor" />}>
            <KqlEditor label="Query. Ctrl+M lets Tab move on." value={draft.query} onChange={(query) => set({ query })} onRun={nothing} onEditor={nothing} problems={problems} schema={schema.data} columnsFor={columnsFor} dark={dark} />
          </Suspense>
        </div>
        <Text size={200} className={styles.hint}>It must give Timestamp, ReportId and a column that names a device, a user or a mailbox. Ctrl+M lets Tab leave the field.</Text>
      </div>
      <Field label="How often it runs" hint={period && `Each run looks back ${period.lookBack}${draft.period === "0" || period.lookBack === "30 days" ? "" : "; the first one 30 days"}.`}>
        <Select value={draft.period} onChange={(_, data) => set({ period: data.value })}>
          {choices.periods.map((one) => <option key={one.name} value={one.name}>{one.title}</option>)}
        </Select>
      </Field>
      <div role="status">
        {error ? (
          <MessageBar intent="error" layout="multiline"><MessageBarBody>{said(error)}</MessageBarBody></MessageBar>
        ) : !inspected ? (
          <Spinner size="tiny" label="Reading the query" labelPosition="after" />
        ) : inspected.problems.length > 0 ? (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>It can&apos;t be a detection yet</MessageBarTitle>
              <ul className={styles.problems}>
                {inspected.problems.map((one) => <li key={`${one.where} ${one.problem}`}>{[one.problem, one.want].filter(Boolean).join(": ")}</li>)}
              </ul>
            </MessageBarBody>
          </MessageBar>
        ) : (
          <MessageBar intent="success"><MessageBarBody>{asking ? "Reading the query" : "It can be a detection."}</MessageBarBody></MessageBar>
        )}
      </div>
      {inspected && inspected.tables.length > 0 && (
        <Facts
          items={[
            ["Reads", [...inspected.tables, ...inspected.feeds].join(", ")],
            ["Takes rights in", <Workloads key="w" names={inspected.workloads} />],
            ["Columns", <span key="c" className={styles.columns}>{inspected.columns.join(", ")}</span>],
          ]}
        />
      )}
    </div>
  );
}

/** DetailsStep is what an alert says. */
export function DetailsStep({ draft, set, choices, inspected }: StepProps) {
  const styles = useStyles();
  const [techniques, setTechniques] = useState(draft.alert.mitreTechniques.join(", "));
  const alert = (change: Partial<Draft["alert"]>) => set({ alert: { ...draft.alert, ...change } });
  const sample = inspected?.columns.find((name) => name === "DeviceName" || name === "AccountUpn") ?? inspected?.columns[0] ?? "DeviceName";
  return (
    <div className={styles.form}>
      <Field label="Name of the detection" required>
        <Input value={draft.name} maxLength={100} onChange={(_, data) => set({ name: data.value })} />
      </Field>
      <Switch checked={draft.on} label={draft.on ? "On" : "Off: it does not run"} onChange={(_, data) => set({ on: data.checked })} />
      <Field label="Title of its alerts" hint={`Rows that say the same, about the same entities, make one alert. {{${sample}}} stands for a column of the result.`} required>
        <Input value={draft.alert.title} maxLength={256} onChange={(_, data) => alert({ title: data.value })} />
      </Field>
      <Field label="Description">
        <Textarea value={draft.alert.description} maxLength={4000} resize="vertical" onChange={(_, data) => alert({ description: data.value })} />
      </Field>
      <div className={styles.pair}>
        <Field label="Severity">
          <Select value={draft.alert.severity} onChange={(_, data) => alert({ severity: data.value })}>
            {choices.severities.map((one) => <option key={one} value={one}>{sentence(one)}</option>)}
          </Select>
        </Field>
        <Field label="Category">
          <Select value={draft.alert.category} onChange={(_, data) => alert({ category: data.value })}>
            {choices.categories.map((one) => <option key={one} value={one}>{sentence(one)}</option>)}
          </Select>
        </Field>
      </div>
      <Field label="MITRE ATT&CK techniques" hint="Such as T1105, T1566.002">
        <Input
          value={techniques}
          onChange={(_, data) => {
            setTechniques(data.value);
            alert({ mitreTechniques: techniquesOf(data.value) });
          }}
        />
      </Field>
      <Field label="What whoever works the alert should do">
        <Textarea value={draft.alert.recommendedActions} maxLength={4000} resize="vertical" onChange={(_, data) => alert({ recommendedActions: data.value })} />
      </Field>
    </div>
  );
}

/** EntitiesStep is what an alert is about. */
export function EntitiesStep({ draft, set, choices, inspected }: StepProps) {
  const styles = useStyles();
  return (
    <div className={styles.form}>
      <Text>An alert is about a device, a user or a mailbox. Choose which columns of the result name them; one is enough.</Text>
      <ImpactedAssets kinds={choices.assets} columns={inspected?.columns ?? []} chosen={draft.alert.impactedAssets} onChoose={(impactedAssets) => set({ alert: { ...draft.alert, impactedAssets } })} />
    </div>
  );
}

/** ActionsStep is what is asked for with each alert. What this person may not ask for stays, with the reason. */
export function ActionsStep({ draft, set, choices, inspected }: StepProps) {
  const styles = useStyles();
  return (
    <div className={styles.form}>
      <Text>With each alert an action can be asked for, in the owner&apos;s name and with their rights. On a device it waits for a person unless the remediation level of its group is full.</Text>
      {[...new Set(choices.actions.map((one) => one.workload))].map((workload) => (
        <Section key={workload} title={workloadLabel(workload)} level="h2">
          {choices.actions.filter((one) => one.workload === workload).map((kind) => {
            const chosen = draft.actions.find((one) => one.name === kind.name);
            const action = actionOf(kind, inspected?.columns ?? []);
            const why = !kind.allowed ? kind.reason : action ? "" : `The result has no column for it: ${kind.columns.map((choice) => choice.join(" or ")).join(", and ")}`;
            return (
              <div key={kind.name} className={styles.action}>
                <Checkbox
                  label={kind.title}
                  checked={chosen !== undefined}
                  disabled={why !== "" && chosen === undefined}
                  aria-describedby={why ? `why-${kind.name}` : undefined}
                  onChange={(_, data) => set({ actions: data.checked === true && action ? [...draft.actions, action] : draft.actions.filter((one) => one.name !== kind.name) })}
                />
                {why && <Text size={200} id={`why-${kind.name}`} className={styles.why}>{why}</Text>}
                {chosen && <Text size={200} className={styles.why}>{`On ${chosen.columns.join(" and ")}`}</Text>}
              </div>
            );
          })}
        </Section>
      ))}
    </div>
  );
}

/** ScopeStep is on which devices it looks. Only those are offered on which this person may set detections and hunt. */
export function ScopeStep({ draft, set, choices, inspected }: StepProps) {
  const styles = useStyles();
  const devices = inspected?.workloads.includes("endpoint") ?? true;
  return (
    <div className={styles.form}>
      {!devices && <Text>Its tables hold no devices: the scope cuts nothing of what it finds.</Text>}
      <RadioGroup aria-label="Scope" value={draft.allDevices ? "all" : "groups"} onChange={(_, data) => set({ allDevices: data.value === "all", deviceGroups: data.value === "all" ? [] : draft.deviceGroups })}>
        <Radio value="all" label={choices.allDevices || !devices ? "All devices" : "All devices: takes the right on every device group, which you do not have"} disabled={!choices.allDevices && devices && !draft.allDevices} />
        <Radio value="groups" label="Devices in these groups" />
      </RadioGroup>
      {!draft.allDevices && <NamesPicker label="Device groups" hint="Those on which you may set detections and hunt." names={choices.deviceGroups} picked={draft.deviceGroups} onPick={(deviceGroups) => set({ deviceGroups })} />}
    </div>
  );
}
