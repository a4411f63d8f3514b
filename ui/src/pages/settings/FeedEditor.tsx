import { Button, Checkbox, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Select, Text, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { said } from "../../api/errors";
import type { Feed, FeedSetting } from "../../api/feeds";
import { Details } from "../../components/Details";
import { RefusableButton } from "../../components/RefusableButton";
import { workloadLabel } from "../../lib/words";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  line: { display: "flex", flexWrap: "wrap" },
});

/** kinds are what feeds are for. */
export const kinds: Record<string, { label: string; use: string; formats: readonly string[] }> = {
  rows: { label: "Rows", use: "externaldata", formats: ["csv", "tsv", "psv", "scsv", "txt", "json", "multijson"] },
  files: { label: "What is known about files", use: "FileProfile()", formats: ["csv", "json"] },
  places: { label: "Where addresses are", use: "geo_info_from_ip_address()", formats: ["csv"] },
};

const products = ["endpoint", "office365", "cloudapps", "identity"] as const;

interface FeedEditorProps {
  feed: Feed | undefined;
  saving: boolean;
  error: Error | null;
  onClose: () => void;
  onSave: (setting: FeedSetting) => void;
}

/** FeedEditor is one feed: what it is for, where it comes from, and who may read it. What is wrong with it the server says, all at once. */
export function FeedEditor({ feed, saving, error, onClose, onSave }: FeedEditorProps) {
  const styles = useStyles();
  const [name, setName] = useState(feed?.name ?? "");
  const [kind, setKind] = useState<string>(feed?.kind ?? "rows");
  const [addresses, setAddresses] = useState((feed?.addresses ?? []).join("\n"));
  const [format, setFormat] = useState(feed?.format ?? "csv");
  const [every, setEvery] = useState(String(feed?.everyMinutes ?? 0));
  const [within, setWithin] = useState(feed?.privateNetwork ?? false);
  const [readers, setReaders] = useState<readonly string[]>(feed?.readers ?? []);
  const lacks = name.trim() === "" ? "Give it a name" : !/^\d+$/.test(every.trim()) ? "Say how often, in minutes" : "";
  const setting: FeedSetting = {
    name: name.trim(), kind, format, everyMinutes: Number(every), privateNetwork: within, readers: kind === "rows" ? [...readers] : [],
    addresses: addresses.split("\n").map((one) => one.trim()).filter((one) => one !== ""),
  };
  return (
    <Details
      title={feed ? `Edit ${feed.name}` : "Add feed"}
      row={feed?.id}
      onClose={onClose}
      footer={
        <>
          <RefusableButton appearance="primary" disabledFocusable={saving || lacks !== ""} onClick={() => onSave(setting)}>
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
        <Field label="Name" required hint="Queries may name it as feed: and this.">
          <Input value={name} maxLength={100} onChange={(_, data) => setName(data.value)} />
        </Field>
        <Field label="Kind" hint={`Queries ask it with ${kinds[kind]?.use ?? kind}.`}>
          <Select
            value={kind}
            onChange={(_, data) => {
              setKind(data.value);
              if (!kinds[data.value]?.formats.includes(format)) setFormat("csv");
            }}
          >
            {Object.entries(kinds).map(([value, { label }]) => <option key={value} value={value}>{label}</option>)}
          </Select>
        </Field>
        <Field label="Addresses" hint="One a line. Queries name it by any of them; the first is where it is fetched.">
          <Textarea value={addresses} resize="vertical" onChange={(_, data) => setAddresses(data.value)} />
        </Field>
        <Field label="Format">
          <Select value={format} onChange={(_, data) => setFormat(data.value)}>
            {(kinds[kind]?.formats ?? [format]).map((one) => <option key={one} value={one}>{one}</option>)}
          </Select>
        </Field>
        <Field label="Fetch every so many minutes" hint="5 to 43200; 0: it is loaded by hand.">
          <Input value={every} inputMode="numeric" onChange={(_, data) => setEvery(data.value)} />
        </Field>
        <Checkbox label="Its address may be within your own network" checked={within} onChange={(_, data) => setWithin(data.checked === true)} />
        {kind === "rows" && (
          <Field label="Read by who may hunt in" hint={readers.length === 0 ? "Nobody may read it yet." : "Any one of these is enough."}>
            <div className={styles.line} role="group" aria-label="Read by who may hunt in">
              {products.map((one) => (
                <Checkbox key={one} label={workloadLabel(one)} checked={readers.includes(one)} onChange={(_, data) => setReaders(products.filter((other) => (other === one ? data.checked === true : readers.includes(other))))} />
              ))}
            </div>
          </Field>
        )}
      </div>
    </Details>
  );
}
