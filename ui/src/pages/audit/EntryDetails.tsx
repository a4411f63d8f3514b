import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Fingerprint20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { auditEntry, useProof, type AuditEntry } from "../../api/audit";
import type { Refusal } from "../../api/errors";
import { Details } from "../../components/Details";
import { Facts, Section } from "../../components/layout";
import { RawJson } from "../../components/RawJson";
import { RefusableButton } from "../../components/RefusableButton";
import { Failed, Loading } from "../../components/states";
import { operationWords } from "../../lib/audit";
import { differences } from "../../lib/changed";
import { parse, utc } from "../../lib/dates";
import { workloadLabel } from "../../lib/words";
import { Outcome } from "./AuditPage";

const useStyles = makeStyles({
  lines: { margin: 0, paddingLeft: tokens.spacingHorizontalL, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, overflowWrap: "anywhere" },
  narrow: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: "anywhere" },
});

interface EntryDetailsProps {
  seq: number;
  /** Why this reader may not see the whole log, if so. */
  wholeLog: Refusal | undefined;
  onNarrow: (changes: { actor?: string; object?: string }) => void;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** EntryDetails is one entry with all that it holds, and on request the proof that it stands in the log. */
export function EntryDetails({ seq, wholeLog, onNarrow, onClose, onPrevious, onNext }: EntryDetailsProps) {
  const { data, error, isPending } = useQuery(auditEntry(seq));
  return (
    <Details title={data ? operationWords(data.operation) : `Entry ${seq}`} row={String(seq)} onClose={onClose} onPrevious={onPrevious} onNext={onNext}>
      {isPending ? <Loading what="the entry" /> : error ? <Failed error={error} what="audit entry" /> : <Entry entry={data} wholeLog={wholeLog} onNarrow={onNarrow} />}
    </Details>
  );
}

function Entry({ entry, wholeLog, onNarrow }: { entry: AuditEntry } & Pick<EntryDetailsProps, "wholeLog" | "onNarrow">) {
  const styles = useStyles();
  const proof = useProof();
  const moment = parse(entry.at);
  return (
    <>
      <Facts
        items={[
          ["Outcome", <Outcome key="o" entry={entry} />],
          ["Reason", entry.reason],
          ["When", moment ? utc(moment) : ""],
          ["Who", entry.actor || "Nobody signed in"],
          ["By way of", entry.via],
          ["From", entry.address],
          ["Operation", entry.operation],
          ["To what", entry.object],
          ["Product", entry.workload ? workloadLabel(entry.workload) : ""],
          ["Policy revision", entry.policyRevision ? String(entry.policyRevision) : ""],
          ["Request", entry.requestId],
          ["Entry", `${entry.seq}`],
          ["Hash", <span key="h" className={styles.mono}>{entry.hash}</span>],
        ]}
      />
      <div className={styles.narrow}>
        {entry.actor && <Button size="small" onClick={() => onNarrow({ actor: entry.actor })}>{`Only what ${entry.actor} did`}</Button>}
        {entry.object && <Button size="small" onClick={() => onNarrow({ object: entry.object })}>Only what was done to it</Button>}
      </div>
      <Change before={entry.before} after={entry.after} />
      <Section title="Proof">
        <Text>That this entry stands in the log, unchanged, as the signed checkpoint says: for whoever checks it without this server.</Text>
        {proof.data ? (
          <RawJson value={proof.data} />
        ) : (
          <div>
            <RefusableButton icon={<Fingerprint20Regular />} refusal={wholeLog} disabledFocusable={proof.isPending} onClick={() => proof.mutate(entry.seq)}>Show the proof</RefusableButton>
          </div>
        )}
        {proof.error && <Failed error={proof.error} what="proof" />}
      </Section>
    </>
  );
}

type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);

/** Change says in lines what is otherwise, and has both states below it. */
function Change({ before, after }: { before: unknown; after: unknown }) {
  const styles = useStyles();
  const lines = isPlain(before) && isPlain(after) ? differences(before, after) : [];
  return (
    <>
      {lines.length > 0 && (
        <Section title="What changed">
          <ul className={styles.lines}>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Section>
      )}
      {before !== undefined && (
        <Section title="Before">
          <RawJson value={before} />
        </Section>
      )}
      {after !== undefined && (
        <Section title="After">
          <RawJson value={after} />
        </Section>
      )}
    </>
  );
}
