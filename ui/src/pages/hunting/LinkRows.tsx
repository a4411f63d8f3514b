import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, ProgressBar, Radio, RadioGroup, Select, Text, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { refusalOf, said } from "../../api/errors";
import { huntingSchema, useLinkRows, type HuntLinkAlert } from "../../api/hunting";
import { incidentList } from "../../api/investigation";
import { ImpactedAssets } from "../../components/ImpactedAssets";
import { Nothing } from "../../components/labels";
import { RefusableButton } from "../../components/RefusableButton";
import { SearchField } from "../../components/SearchField";
import { Failed, Loading } from "../../components/states";
import { categories, severities } from "../../lib/huntLink";
import type { Row } from "../../lib/huntRows";
import { firstAssets, type ImpactedAsset } from "../../lib/impactedAssets";
import { count, sentence } from "../../lib/words";
import type { Run } from "./useHunt";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  pair: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: tokens.spacingHorizontalM },
  about: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  list: { maxHeight: "220px", overflowY: "auto", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
  facts: { display: "block", color: tokens.colorNeutralForeground3 },
});

interface Props {
  run: Run;
  rows: readonly Row[];
  onClose: () => void;
  onLinked: () => void;
}

/** LinkRows makes an alert of rows, in a new incident or in one that there is. The server runs the query again: a row only says which is meant. */
export function LinkRows({ run, rows, onClose, onLinked }: Props) {
  const styles = useStyles();
  const { link, cancel } = useLinkRows();
  const [where, setWhere] = useState<"new" | "there">("new");
  const [name, setName] = useState("");
  const [incident, setIncident] = useState("");
  const [alert, setAlert] = useState<HuntLinkAlert>({ title: "", severity: "medium", category: "SuspiciousActivity" });
  const kinds = useQuery(huntingSchema).data?.assets;
  const columns = run.columns.map((column) => column.name);
  const [picked, setPicked] = useState<ImpactedAsset[]>();
  const assets = picked ?? firstAssets(kinds ?? [], columns);
  const [key] = useState(() => crypto.randomUUID()); // one for each time the dialog opens: to press Link again asks for the same
  const change = (next: Partial<HuntLinkAlert>) => setAlert({ ...alert, ...next });
  const ready = alert.title.trim() !== "" && assets.length > 0 && (where === "new" ? name.trim() !== "" : incident !== "");
  function save() {
    link.mutate(
      {
        key, query: run.query, ...(run.timespan ? { timespan: run.timespan } : {}), ...(run.at ? { at: run.at } : {}), rows: rows.map((row) => [...row]),
        alert: { ...alert, title: alert.title.trim(), impactedAssets: assets }, ...(where === "new" ? { incidentTitle: name.trim() } : { incidentId: incident }),
      },
      { onSuccess: onLinked },
    );
  }
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && !link.isPending && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{link.data ? "Linked to an incident" : `Link ${count(rows.length, "row")} to an incident`}</DialogTitle>
          {link.data ? (
            <>
              <DialogContent className={styles.form}>
                <MessageBar intent="success" layout="multiline"><MessageBarBody>{`${count(link.data.rows, "row")} became the alert “${alert.title.trim()}”.${link.data.known > 0 ? ` ${count(link.data.known, "row")} more: the incident has an alert of what they tell already.` : ""}`}</MessageBarBody></MessageBar>
                <Link to={`/incidents/${encodeURIComponent(link.data.incidentId)}`}>{`Open incident ${link.data.incidentId}`}</Link>
              </DialogContent>
              <DialogActions><Button onClick={onClose}>Close</Button></DialogActions>
            </>
          ) : (
            <>
              <DialogContent className={styles.form}>
                <Text>The rows become one alert. It takes the right to manage alerts in every product that the query reads, and on every device of the rows.</Text>
                {link.error && !link.isPending && (
                  <MessageBar intent="error" layout="multiline"><MessageBarBody><MessageBarTitle>Not linked</MessageBarTitle>{said(link.error)}</MessageBarBody></MessageBar>
                )}
                <RadioGroup layout="horizontal" aria-label="Which incident" value={where} onChange={(_, data) => setWhere(data.value as typeof where)}>
                  <Radio value="new" label="A new incident" />
                  <Radio value="there" label="One that there is" />
                </RadioGroup>
                {where === "new" ? (
                  <Field label="Name of the incident" required><Input value={name} maxLength={200} onChange={(_, data) => setName(data.value)} /></Field>
                ) : (
                  <Incidents chosen={incident} onChoose={setIncident} />
                )}
                <Field label="Title of the alert" required><Input value={alert.title} maxLength={256} onChange={(_, data) => change({ title: data.value })} /></Field>
                <div className={styles.pair}>
                  <Field label="Severity"><Select value={alert.severity} onChange={(_, data) => change({ severity: data.value as HuntLinkAlert["severity"] })}>{severities.map((one) => <option key={one} value={one}>{sentence(one)}</option>)}</Select></Field>
                  <Field label="Category"><Select value={alert.category} onChange={(_, data) => change({ category: data.value as HuntLinkAlert["category"] })}>{categories.map((one) => <option key={one} value={one}>{sentence(one)}</option>)}</Select></Field>
                </div>
                {kinds && (
                  <div className={styles.about}>
                    <Text size={200} className={styles.quiet}>What the alert is about: which columns name it. One is enough.</Text>
                    <ImpactedAssets kinds={kinds} columns={columns} chosen={assets} onChoose={setPicked} />
                  </div>
                )}
                <Field label="Description"><Textarea value={alert.description ?? ""} maxLength={4000} resize="vertical" onChange={(_, data) => change({ description: data.value })} /></Field>
                {link.isPending && <ProgressBar aria-label="The query runs again" />}
              </DialogContent>
              <DialogActions fluid>
                <RefusableButton appearance="primary" disabledFocusable={!ready || link.isPending} onClick={save}>{link.isPending ? "Running the query again" : "Link"}</RefusableButton>
                <Button onClick={link.isPending ? cancel : onClose}>Cancel</Button>
              </DialogActions>
            </>
          )}
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** Incidents are those in sight; one that may not be managed says why. */
function Incidents({ chosen, onChoose }: { chosen: string; onChoose: (id: string) => void }) {
  const styles = useStyles();
  const [text, setText] = useState("");
  const found = useQuery(incidentList({ filter: "status ne 'redirected' and status ne 'resolved'", search: text, orderBy: "lastUpdateDateTime desc", top: 50, skip: 0 }));
  if (found.isError) return <Failed error={found.error} what="incidents" retry={() => void found.refetch()} />;
  const items = found.data?.value;
  return (
    <>
      <SearchField label="Search name, id or assignee" value={text} onSearch={setText} />
      {!items ? <Loading what="incidents" rows={4} /> : items.length === 0 ? <Nothing>None found</Nothing> : (
        <RadioGroup className={styles.list} aria-label="Incidents" value={chosen} onChange={(_, data) => onChoose(data.value)}>
          {items.map((one) => {
            const refused = refusalOf(one["@bailiwick.actions"]?.manage)?.reason;
            const facts = `${one.id} · ${sentence(one.status)} · ${count(one["@bailiwick.alertCount"] ?? 0, "alert")}`;
            return <Radio key={one.id} value={one.id} disabled={refused !== undefined} label={<>{one.displayName ?? `Incident ${one.id}`}<Text size={200} className={styles.facts}>{refused ? `${facts}: ${refused}` : facts}</Text></>} />;
          })}
        </RadioGroup>
      )}
    </>
  );
}
