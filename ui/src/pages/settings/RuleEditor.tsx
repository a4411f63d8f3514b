import { Button, Checkbox, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Radio, RadioGroup, Select, Switch, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, Dismiss20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { said } from "../../api/errors";
import { deviceGroups } from "../../api/permissions";
import { notificationChannels, type NotificationRule, type NotificationRuleSetting, type Recipient } from "../../api/settings";
import { Details } from "../../components/Details";
import { Section } from "../../components/layout";
import { NamesPicker } from "../../components/NamesPicker";
import { PersonPicker } from "../../components/PersonPicker";
import { RefusableButton } from "../../components/RefusableButton";
import { sameWay, settingOf, severities, way } from "../../lib/notifications";
import { sentence } from "../../lib/words";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  line: { display: "flex", flexWrap: "wrap" },
  people: { listStyleType: "none", margin: 0, padding: 0 },
  person: { display: "flex", alignItems: "center", justifyContent: "space-between", gap: tokens.spacingHorizontalS, overflowWrap: "anywhere" },
  add: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, padding: tokens.spacingHorizontalM, backgroundColor: tokens.colorNeutralBackground2, borderRadius: tokens.borderRadiusMedium },
});

interface RuleEditorProps {
  rule: NotificationRule | undefined;
  saving: boolean;
  error: Error | null;
  onClose: () => void;
  onSave: (setting: NotificationRuleSetting) => void;
}

const blank: NotificationRuleSetting = { name: "", on: true, severities: ["high"], everywhere: true, deviceGroups: [], recipients: [] };

/** RuleEditor is one rule: of which severities, where, and whom it tells how. What is wrong with it the server says, all at once. */
export function RuleEditor({ rule, saving, error, onClose, onSave }: RuleEditorProps) {
  const styles = useStyles();
  const groups = useQuery(deviceGroups);
  const [draft, setDraft] = useState<NotificationRuleSetting>(rule ? settingOf(rule) : blank);
  const set = (change: Partial<NotificationRuleSetting>) => setDraft({ ...draft, ...change });
  const recipients = draft.recipients;
  const names = [...new Set([...(groups.data?.items ?? []).map((group) => group.name), ...(draft.deviceGroups ?? [])])];
  const lacks = draft.name.trim() === "" ? "Give it a name" : draft.severities.length === 0 ? "Choose a severity" : !draft.everywhere && (draft.deviceGroups ?? []).length === 0 ? "Choose a device group" : recipients.length === 0 ? "Add somebody to tell" : "";
  return (
    <Details
      title={rule ? `Edit ${rule.name}` : "Add notification rule"}
      row={rule?.id}
      onClose={onClose}
      footer={
        <>
          <RefusableButton appearance="primary" disabledFocusable={saving || lacks !== ""} onClick={() => onSave({ ...draft, name: draft.name.trim(), deviceGroups: draft.everywhere ? [] : (draft.deviceGroups ?? []) })}>
            {saving ? "Saving" : "Save"}
          </RefusableButton>
          <Button onClick={onClose}>Cancel</Button>
          {lacks && <Text role="status">{lacks}</Text>}
        </>
      }
    >
      {error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>Not saved</MessageBarTitle>
            {said(error)}
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.form}>
        <Field label="Name" required>
          <Input value={draft.name} maxLength={100} onChange={(_, data) => set({ name: data.value })} />
        </Field>
        <Switch checked={draft.on ?? true} label={draft.on ? "On" : "Off: it tells nobody of anything"} onChange={(_, data) => set({ on: data.checked })} />
      </div>
      <Section title="Of alerts of these severities">
        <div className={styles.line} role="group" aria-label="Severities">
          {severities.map((one) => (
            <Checkbox
              key={one}
              label={sentence(one)}
              checked={draft.severities.includes(one)}
              onChange={(_, data) => set({ severities: severities.filter((other) => (other === one ? data.checked === true : draft.severities.includes(other))) })}
            />
          ))}
        </div>
      </Section>
      <Section title="Where">
        <RadioGroup aria-label="Where" value={draft.everywhere ? "everywhere" : "groups"} onChange={(_, data) => set({ everywhere: data.value === "everywhere" })}>
          <Radio value="everywhere" label="Everywhere: on any device, and about none" />
          <Radio value="groups" label="On a device in one of these groups" />
        </RadioGroup>
        {!draft.everywhere && (
          <NamesPicker label="Device groups" hint="For each recipient it is about the groups among these that they reach themselves." names={names} picked={draft.deviceGroups ?? []} onPick={(deviceGroups) => set({ deviceGroups })} />
        )}
      </Section>
      <Section title="Whom it tells">
        <ul className={styles.people} aria-label="Recipients">
          {recipients.map((to) => (
            <li key={`${to.user} ${to.webhook ?? ""}`} className={styles.person}>
              <Text>{way(to)}</Text>
              <Button appearance="subtle" icon={<Dismiss20Regular />} aria-label={`Take ${way(to)} off`} onClick={() => set({ recipients: recipients.filter((other) => other !== to) })} />
            </li>
          ))}
        </ul>
        <AddRecipient taken={recipients} onAdd={(to) => set({ recipients: [...recipients, to] })} />
      </Section>
    </Details>
  );
}

function AddRecipient({ taken, onAdd }: { taken: readonly Recipient[]; onAdd: (to: Recipient) => void }) {
  const styles = useStyles();
  const channels = useQuery(notificationChannels);
  const [user, setUser] = useState("");
  const [webhook, setWebhook] = useState("");
  const [mail, setMail] = useState("");
  const to: Recipient = { user, ...(webhook ? { webhook } : mail.trim() ? { mail: mail.trim() } : {}) };
  const twice = user !== "" && taken.some((other) => sameWay(other, to));
  return (
    <div className={styles.add} role="group" aria-label="Add a recipient">
      <Field label="How">
        <Select value={webhook} onChange={(_, data) => setWebhook(data.value)}>
          <option value="">By mail</option>
          {(channels.data?.webhooks ?? []).map(({ name }) => (
            <option key={name} value={name}>{`By the webhook ${name}`}</option>
          ))}
        </Select>
      </Field>
      <PersonPicker label={webhook ? "The person whose reach it acts under" : "Person"} value={user} onPick={setUser} />
      {!webhook && (
        <Field label="Mail address" hint={channels.data && !channels.data.mail ? "The configuration has no mail server: mail would fail." : "Their name, if left empty. They are told what the person may see, wherever it goes."}>
          <Input type="email" value={mail} onChange={(_, data) => setMail(data.value)} />
        </Field>
      )}
      <div>
        <Button
          icon={<Add20Regular />}
          disabledFocusable={user === "" || twice}
          onClick={() => {
            onAdd(to);
            setUser("");
            setMail("");
          }}
        >
          Add
        </Button>
        {twice && <Text role="status">{" They are told this way already."}</Text>}
      </div>
    </div>
  );
}
