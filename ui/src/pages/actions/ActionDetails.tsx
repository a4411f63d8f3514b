import { Button, Field, Link, MessageBar, MessageBarBody, MessageBarTitle, Text, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowUndo20Regular, Checkmark20Regular, Dismiss20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { actionById, useDecideAction, type ResponseAction, type Verb } from "../../api/actions";
import { refusalOf, said } from "../../api/errors";
import { alertTitles } from "../../api/investigation";
import type { Evidence } from "../../api/graph";
import { Details } from "../../components/Details";
import { EvidenceList } from "../../components/EvidenceList";
import { Facts, Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { RawJson } from "../../components/RawJson";
import { RefusableButton } from "../../components/RefusableButton";
import { Failed, Loading } from "../../components/states";
import { sourceLabel } from "../../lib/actions";
import { sentence, workloadLabel } from "../../lib/words";
import { ActionStatus } from "../../components/ActionStatus";
import { Checklist } from "./Checklist";

const useStyles = makeStyles({
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  buttons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  events: { listStyle: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  event: { display: "grid", gridTemplateColumns: "170px minmax(0, 1fr)", gap: tokens.spacingHorizontalM, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
});

interface ActionDetailsProps {
  id: string;
  onClose: () => void;
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  onOpen: (id: string) => void;
}

/** ActionDetails is one action: what, on what, who decided, how it went, and what may be done with it now. */
export function ActionDetails({ id, onClose, onPrevious, onNext, onOpen }: ActionDetailsProps) {
  const styles = useStyles();
  const { data: action, error, isPending, refetch } = useQuery(actionById(id));
  return (
    <Details title={action?.actionTypeDisplayName ?? "Action"} row={id} onClose={onClose} onPrevious={onPrevious} onNext={onNext}>
      {isPending ? (
        <Loading what="the action" />
      ) : error ? (
        <Failed error={error} what="action" retry={() => void refetch()} />
      ) : (
        <>
          <div className={styles.line}>
            <ActionStatus value={action.status} />
            {action.device && <Text>{action.device.name || action.device.id}</Text>}
            {action.subject && <Text>{action.subject}</Text>}
          </div>
          <Decide key={action.id} action={action} onOpen={onOpen} />
          {(action.checklist?.length ?? 0) > 0 && <Checklist key={`${action.status}-steps`} action={action} />}
          <Overview action={action} onOpen={onOpen} />
          {(action.history?.length ?? 0) > 0 && (
            <Section title="History">
              <ol className={styles.events}>
                {(action.history ?? []).map((event, n) => (
                  <li key={n} className={styles.event}>
                    <span className={styles.quiet}><Moment at={event.at} plain /></span>
                    <span>
                      {sentence(event.status)}
                      {event.by && ` by ${event.by}`}
                      {event.comment && `: ${event.comment}`}
                    </span>
                  </li>
                ))}
              </ol>
            </Section>
          )}
          {action.entity && (
            <Section title="What it acts on">
              <EvidenceList open evidence={[action.entity as unknown as Evidence]} />
              <details>
                <summary>As the API gives it</summary>
                <RawJson value={action.entity} />
              </details>
            </Section>
          )}
        </>
      )}
    </Details>
  );
}

const verbs: readonly (readonly [verb: Verb, label: string])[] = [
  ["approve", "Approve"],
  ["decline", "Decline"],
  ["cancel", "Cancel the action"],
  ["undo", "Undo"],
];
const icons = { approve: <Checkmark20Regular />, decline: <Dismiss20Regular />, cancel: <Dismiss20Regular />, undo: <ArrowUndo20Regular /> };

/** Decide offers what the server says may be done with the action in its state; what is refused says why. */
export function Decide({ action, onOpen }: { action: Pick<ResponseAction, "id" | "actions" | "status" | "etag">; onOpen: (id: string) => void }) {
  const styles = useStyles();
  const decide = useDecideAction(action.id, action.etag);
  const [comment, setComment] = useState("");
  const offered = verbs.filter(([verb]) => action.actions?.[verb]);
  // Who came second is told so, also when by then there is nothing left to decide.
  if (offered.length === 0 && !decide.error) return null;
  const run = (verb: Verb) => decide.mutate({ verb, comment: comment.trim() }, {
      onSuccess: (done) => {
        setComment("");
        if (verb === "undo") onOpen(done.id);
      },
    });
  return (
    <div className={styles.form}>
      {decide.error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>Not done</MessageBarTitle>
            {said(decide.error)}
          </MessageBarBody>
        </MessageBar>
      )}
      {offered.some(([verb]) => action.actions?.[verb]?.allowed) && (
        <Field label="Comment">
          <Textarea value={comment} resize="vertical" rows={2} maxLength={4000} onChange={(_, data) => setComment(data.value)} />
        </Field>
      )}
      <div className={styles.buttons}>
        {offered.map(([verb, label], n) => (
          <RefusableButton key={verb} icon={icons[verb]} appearance={n === 0 ? "primary" : "secondary"} refusal={refusalOf(action.actions?.[verb])} disabledFocusable={decide.isPending} onClick={() => run(verb)}>
            {label}
          </RefusableButton>
        ))}
      </div>
    </div>
  );
}

function Overview({ action, onOpen }: { action: ResponseAction; onOpen: (id: string) => void }) {
  const other = (id: string | undefined) =>
    id && (
      <Button key="b" appearance="transparent" size="small" onClick={() => onOpen(id)}>
        {id}
      </Button>
    );
  return (
    <Facts
      items={[
        ["Device", action.device && (action.device.name ? `${action.device.name} (${action.device.id})` : action.device.id)],
        ["Device group", action.device && (action.device.deviceGroup ?? "Not known: every device group is needed")],
        ["Subject", action.subject],
        ["Details", action.details],
        ["Remediation", action.remediationName],
        ["Messages", action.emailCount ? action.emailCount.toLocaleString() : undefined],
        ["Product", action.workload && workloadLabel(action.workload)],
        ["Source", action.actionSource && sourceLabel(action.actionSource)],
        ["Incident", action.incidentId && <Link href={`/incidents/${encodeURIComponent(action.incidentId)}`}>{action.incidentId}</Link>],
        ["Alerts", (action.alertIds?.length ?? 0) > 0 ? <Alerts ids={action.alertIds ?? []} /> : undefined],
        ["Requested by", action.createdBy],
        ["Why", action.request],
        ["Decision", action.decision && action.decision !== "none" ? sentence(action.decision) : undefined],
        ["Decided by", action.decidedBy],
        ["Comment", action.comment],
        ["Carried out by", action.executor === "manual" ? "People, with a checklist" : action.executor],
        ["Outcome", action.outcome],
        ["Takes back", other(action.undoOf)],
        ["Taken back by", other(action.undoneBy)],
        ["Created", action.createdDateTime && <Moment at={action.createdDateTime} />],
        ["Updated", action.lastUpdateDateTime && <Moment at={action.lastUpdateDateTime} />],
        ["Expires", action.status === "pendingApproval" && action.expirationDateTime ? <Moment at={action.expirationDateTime} /> : undefined],
        ["Action id", action.id],
      ]}
    />
  );
}

function Alerts({ ids }: { ids: readonly string[] }) {
  const { data: titles } = useQuery(alertTitles(ids));
  return ids.map((id) => (
    <div key={id}>
      <Link href={`/alerts/${encodeURIComponent(id)}`}>{titles?.get(id) ?? id}</Link>
    </div>
  ));
}
