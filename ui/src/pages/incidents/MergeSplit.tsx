import { Button, Checkbox, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, MessageBar, MessageBarBody, MessageBarTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { ApiError, refusalOf, said } from "../../api/errors";
import type { Incident } from "../../api/graph";
import { incidentList, useMergeIncidents, useSplitIncident } from "../../api/investigation";
import { Nothing } from "../../components/labels";
import { RefusableButton } from "../../components/RefusableButton";
import { SearchField } from "../../components/SearchField";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { allOf, quote } from "../../lib/odata";
import { parse, show } from "../../lib/dates";
import { count, sentence, shortProduct } from "../../lib/words";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  list: { listStyleType: "none", margin: 0, padding: 0, maxHeight: "320px", overflowY: "auto" },
  line: { display: "flex", flexDirection: "column", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3, paddingLeft: "32px" },
});

const moment = (at: string | null | undefined) => {
  const time = parse(at);
  return time ? show(time) : "";
};

/** MergeSplit are the commands that put incidents together and take them apart. */
export function MergeSplit({ incident }: { incident: Incident }) {
  const [asking, setAsking] = useState<"merge" | "split" | null>(null);
  const actions = incident["@bailiwick.actions"];
  return (
    <>
      <RefusableButton refusal={refusalOf(actions?.merge)} onClick={() => setAsking("merge")}>
        Merge incidents
      </RefusableButton>
      <RefusableButton refusal={refusalOf(actions?.split)} onClick={() => setAsking("split")}>
        Split
      </RefusableButton>
      {asking === "merge" && <Merge incident={incident} onClose={() => setAsking(null)} />}
      {asking === "split" && <Split incident={incident} onClose={() => setAsking(null)} />}
    </>
  );
}

function Merge({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const toast = useToast();
  const merge = useMergeIncidents(incident.id);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const filter = allOf("status ne 'redirected'", `id ne ${quote(incident.id)}`);
  const found = useQuery(incidentList({ filter, search: text, orderBy: "lastUpdateDateTime desc", top: 50, skip: 0 }));
  const items = found.data?.value ?? [];
  function save() {
    merge.mutate(
      { from: chosen.map((id) => ({ id })), etag: incident["@odata.etag"] },
      {
        onSuccess: (now) => {
          toast("success", `${count(chosen.length, "incident")} merged; this one has ${count(now.alerts, "alert")} now`);
          onClose();
        },
      },
    );
  }
  return (
    <Ask
      title="Merge other incidents into this one"
      about="Their alerts, tags and comments come into this incident, which stays what it is. They lead to it from then on."
      error={merge.error}
      save={<Button appearance="primary" disabledFocusable={chosen.length === 0 || merge.isPending} onClick={save}>{merge.isPending ? "Merging" : `Merge ${count(chosen.length, "incident")}`}</Button>}
      onClose={onClose}
    >
      <SearchField label="Search id or assignee" value={text} onSearch={setText} />
      {found.isPending ? (
        <Loading what="incidents" rows={4} />
      ) : found.isError ? (
        <Failed error={found.error} what="incidents" retry={() => void found.refetch()} />
      ) : (
        <Choices
          label="Incidents to merge into this one"
          chosen={chosen}
          onChoose={setChosen}
          items={items.map((one) => ({
            id: one.id,
            name: one.displayName ?? `Incident ${one.id}`,
            facts: `${one.id} · ${sentence(one.status)} · ${count(one["@bailiwick.alertCount"] ?? 0, "alert")}`,
            refused: refusalOf(one["@bailiwick.actions"]?.merge)?.reason,
          }))}
        />
      )}
    </Ask>
  );
}

function Split({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const toast = useToast();
  const navigate = useNavigate();
  const split = useSplitIncident(incident.id);
  const [chosen, setChosen] = useState<string[]>([]);
  const alerts = incident.alerts ?? [];
  const all = chosen.length === alerts.length;
  function save() {
    split.mutate(
      { alerts: chosen, etag: incident["@odata.etag"] },
      {
        onSuccess: (made) => {
          toast("success", `Incident ${made.id} was opened for ${count(made.alerts, "alert")}`);
          onClose();
          void navigate(`/incidents/${encodeURIComponent(made.id)}`);
        },
      },
    );
  }
  return (
    <Ask
      title="Take alerts out of this incident"
      about="An incident of their own is opened for the alerts that you choose. It is nobody's and not classified; what was written about this one stays here."
      error={split.error}
      save={<Button appearance="primary" disabledFocusable={chosen.length === 0 || all || split.isPending} onClick={save}>{split.isPending ? "Splitting" : `Take out ${count(chosen.length, "alert")}`}</Button>}
      onClose={onClose}
    >
      <Choices
        label="Alerts to take out"
        chosen={chosen}
        onChoose={setChosen}
        items={alerts.map((alert) => ({ id: alert.id, name: alert.title ?? alert.id, facts: [sentence(alert.severity), sentence(alert.status), shortProduct(alert.serviceSource), moment(alert.createdDateTime)].join(" · ") }))}
      />
      {all && <Text role="status">At least one alert has to stay.</Text>}
    </Ask>
  );
}

interface Choice {
  id: string;
  name: string;
  facts: string;
  refused?: string | undefined;
}

function Choices({ label, items, chosen, onChoose }: { label: string; items: Choice[]; chosen: string[]; onChoose: (ids: string[]) => void }) {
  const styles = useStyles();
  if (items.length === 0) return <Nothing>None found</Nothing>;
  return (
    <ul className={styles.list} aria-label={label} tabIndex={0}>
      {items.map((item) => (
        <li key={item.id} className={styles.line}>
          <Checkbox
            label={item.name}
            disabled={item.refused !== undefined}
            checked={chosen.includes(item.id)}
            onChange={(_, data) => onChoose(data.checked ? [...chosen, item.id] : chosen.filter((id) => id !== item.id))}
          />
          <Text size={200} className={styles.quiet}>{item.refused ? `${item.facts}: ${item.refused}` : item.facts}</Text>
        </li>
      ))}
    </ul>
  );
}

interface AskProps {
  title: string;
  about: string;
  error: Error | null;
  save: ReactNode;
  children: ReactNode;
  onClose: () => void;
}

function Ask({ title, about, error, save, children, onClose }: AskProps) {
  const styles = useStyles();
  const overtaken = error instanceof ApiError && error.status === 412;
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{about}</Text>
            {error && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>
                  <MessageBarTitle>{overtaken ? "Somebody else was first" : "Not done"}</MessageBarTitle>
                  {said(error)}
                  {overtaken && " What you chose is still here: try again to do it all the same."}
                </MessageBarBody>
              </MessageBar>
            )}
            {children}
          </DialogContent>
          <DialogActions>
            {save}
            <Button onClick={onClose}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
