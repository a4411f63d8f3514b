import { Switch, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { actionRules, useSetActionRules } from "../../api/actions";
import { refusalOf, said, type Refusal } from "../../api/errors";
import { centreSettings, useSetSettings } from "../../api/settings";
import { Card, PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { useReadOnly } from "../../components/readOnly";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { WhyButton } from "../../components/WhyButton";
import { CorrelationSetting } from "./CorrelationSetting";
import { SettingsCrumbs } from "./SettingsCrumbs";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, maxWidth: "900px" },
  card: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  title: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** What approvers are asked, what readers of a part of an incident are told of the rest, and how far apart alerts join. */
export default function CentrePage() {
  const styles = useStyles();
  const rules = useQuery(actionRules);
  const settings = useQuery(centreSettings);
  const setRules = useSetActionRules();
  const set = useSetSettings();
  const toast = useToast();
  const told = { onSuccess: () => toast("success", "Saved"), onError: (error: Error) => toast("error", "Not saved", said(error)) };
  return (
    <div className={styles.page}>
      <PageHeader title="Actions and incidents" above={<SettingsCrumbs here="Actions and incidents" />} />
      {rules.isPending ? (
        <Loading what="the rules" rows={3} />
      ) : rules.error ? (
        <Failed error={rules.error} what="Action rules" retry={() => void rules.refetch()} />
      ) : (
        <Setting
          title="Approving actions"
          label="Nobody approves what they asked for"
          on={rules.data.othersApprove}
          refusal={refusalOf(rules.data.change)}
          saving={setRules.isPending}
          onSet={(othersApprove) => setRules.mutate({ othersApprove, etag: rules.data.etag }, told)}
        >
          {rules.data.othersApprove
            ? "Whatever is asked for waits for somebody else who may act there, an undo too."
            : "Who asks for an action and may act there has approved it by that, unless they ask for somebody's approval."}
        </Setting>
      )}
      {settings.isPending ? (
        <Loading what="the settings" rows={3} />
      ) : settings.error ? (
        <Failed error={settings.error} what="Settings" retry={() => void settings.refetch()} />
      ) : (
        <Setting
          title="Incidents of which one sees a part"
          label="Tell how many alerts are hidden"
          on={settings.data.tellHiddenAlerts}
          refusal={refusalOf(settings.data.change)}
          saving={set.isPending}
          onSet={(tellHiddenAlerts) => set.mutate({ tellHiddenAlerts, etag: settings.data.etag }, told)}
          by={settings.data}
        >
          {settings.data.tellHiddenAlerts
            ? "Who sees a part of an incident reads how many alerts of it are not part of their access, and nothing else of them."
            : "Who sees a part of an incident reads that it is a part, and not how much is missing."}
        </Setting>
      )}
      <CorrelationSetting />
    </div>
  );
}

interface SettingProps {
  title: string;
  label: string;
  on: boolean;
  refusal: Refusal | undefined;
  saving: boolean;
  onSet: (on: boolean) => void;
  by?: { updatedBy?: string; lastUpdateDateTime?: string };
  children: string;
}

function Setting({ title, label, on, refusal, saving, onSet, by, children }: SettingProps) {
  const styles = useStyles();
  const readOnly = useReadOnly();
  return (
    <Card className={styles.card}>
      <Text as="h2" size={400} weight="semibold" className={styles.title}>{title}</Text>
      <Switch checked={on} label={label} disabled={saving || refusal !== undefined || readOnly !== undefined} onChange={(_, data) => onSet(data.checked)} />
      <Text>{children}</Text>
      {by?.updatedBy && (
        <Text size={200} className={styles.quiet}>
          Changed <Moment at={by.lastUpdateDateTime} plain /> by {by.updatedBy}
        </Text>
      )}
      {refusal && (
        <span>
          <Text size={200} className={styles.quiet}>{`You can't change this: ${refusal.reason} `}</Text>
          <WhyButton asked={refusal} />
        </span>
      )}
    </Card>
  );
}
