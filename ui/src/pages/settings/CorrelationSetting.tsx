import { Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Select, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, refusalOf, said } from "../../api/errors";
import { correlation, useSetCorrelation } from "../../api/settings";
import { Card } from "../../components/layout";
import { RefusableButton } from "../../components/RefusableButton";
import { useReadOnly } from "../../components/readOnly";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { minutesOf, spanOf, spanWords, units, type Unit } from "../../lib/span";

const useStyles = makeStyles({
  card: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalS },
  title: { margin: 0 },
  span: { display: "flex", gap: tokens.spacingHorizontalS },
  amount: { width: "8em" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** CorrelationSetting is how far apart alerts may be to join one incident by what they share. */
export function CorrelationSetting() {
  const styles = useStyles();
  const { data: now, error, isPending, refetch } = useQuery(correlation);
  const set = useSetCorrelation();
  const toast = useToast();
  const readOnly = useReadOnly();
  // What was typed, and the state that it was typed over: whoever was first in between is told.
  const [draft, setDraft] = useState<{ typed: string; unit: Unit; etag: string } | null>(null);
  if (isPending) return <Loading what="the correlation window" rows={3} />;
  if (error) return <Failed error={error} what="Correlation" retry={() => void refetch()} />;
  const is = spanOf(now.windowMinutes);
  const { typed, unit, etag } = draft ?? { typed: String(is.amount), unit: is.unit, etag: now.etag };
  const minutes = minutesOf(typed, unit, now.mostMinutes);
  const refusal = refusalOf(now.change);
  const off = refusal !== undefined || readOnly !== undefined;
  const overtaken = set.error instanceof ApiError && set.error.status === 412;
  const change = (next: Partial<{ typed: string; unit: Unit }>) => setDraft({ typed, unit, etag, ...next });
  function save() {
    if (typeof minutes !== "number") return;
    const from = overtaken ? now?.etag : etag; // who saves again has been told what is there by now
    set.mutate({ windowMinutes: minutes, etag: from ?? "" }, { onSuccess: () => { setDraft(null); toast("success", "Saved"); } });
  }
  return (
    <Card className={styles.card}>
      <Text as="h2" size={400} weight="semibold" className={styles.title}>Joining alerts into incidents</Text>
      <Text>
        {now.windowMinutes === 0
          ? "No alert joins another: each that comes without an incident has one of its own."
          : `An alert that comes without an incident joins one by what they share, if they are at most ${spanWords(now.windowMinutes)} apart.`}
      </Text>
      {set.error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{overtaken ? "Somebody else was first" : "Not saved"}</MessageBarTitle>
            {overtaken ? `It is ${spanWords(now.windowMinutes)} by now, and nothing was overwritten. Save again to put yours in its place.` : said(set.error)}
          </MessageBarBody>
        </MessageBar>
      )}
      <Field
        label="At most this far apart"
        hint={`From 0, by which nothing is joined, to ${spanWords(now.mostMinutes)}. For alerts that come from now on.`}
        {...(typeof minutes === "string" ? { validationState: "error" as const, validationMessage: minutes } : {})}
      >
        {(field) => (
          <div className={styles.span}>
            <Input {...field} className={styles.amount} inputMode="numeric" value={typed} disabled={off} onChange={(_, data) => change({ typed: data.value })} />
            <Select aria-label="Unit" value={unit} disabled={off} onChange={(_, data) => change({ unit: data.value as Unit })}>
              {Object.keys(units).map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          </div>
        )}
      </Field>
      <RefusableButton appearance="primary" refusal={refusal} disabledFocusable={draft === null || typeof minutes === "string" || (minutes === now.windowMinutes && !overtaken) || set.isPending} onClick={save}>
        {set.isPending ? "Saving" : "Save"}
      </RefusableButton>
      <Text size={200} className={styles.quiet}>{`${now.whoMay} may change it.`}</Text>
    </Card>
  );
}
