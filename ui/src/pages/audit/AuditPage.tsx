import { Button, Select, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowClockwise20Regular, ArrowDownload20Regular, CheckmarkCircle16Regular, DismissCircle16Regular, Prohibited16Regular, ShieldCheckmark20Regular, Signature20Regular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { auditLog, exportPath, type AuditEntry, type AuditFilter } from "../../api/audit";
import { refusalOf } from "../../api/errors";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { RefusableButton } from "../../components/RefusableButton";
import { SearchField } from "../../components/SearchField";
import { Empty, Failed, Loading } from "../../components/states";
import { auditAreas, auditSpans, operationWords } from "../../lib/audit";
import { count, workloadLabel, workloads } from "../../lib/words";
import { CheckpointDialog } from "./CheckpointDialog";
import { EntryDetails } from "./EntryDetails";
import { VerifyDialog } from "./VerifyDialog";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS, marginBottom: tokens.spacingVerticalM },
  stale: { opacity: 0.6 },
  more: { display: "flex", justifyContent: "center", paddingTop: tokens.spacingVerticalM },
  outcome: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  done: { color: tokens.colorPaletteGreenForeground1, display: "inline-flex" },
  refused: { color: tokens.colorPaletteRedForeground1, display: "inline-flex" },
});

const columns: readonly Column<AuditEntry>[] = [
  { id: "at", title: "When", cell: (e) => <Moment at={e.at} plain />, width: "13%" },
  { id: "actor", title: "Who", cell: (e) => e.actor || <Nothing>Nobody signed in</Nothing>, width: "20%" },
  { id: "operation", title: "What", cell: (e) => <Name>{operationWords(e.operation)}</Name>, width: "20%" },
  { id: "object", title: "To what", cell: (e) => e.object || <Nothing />, width: "25%" },
  { id: "workload", title: "Product", cell: (e) => (e.workload ? workloadLabel(e.workload) : <Nothing />), width: "11%" },
  { id: "outcome", title: "Outcome", cell: (e) => <Outcome entry={e} />, width: "11%" },
];

/** Outcome has an icon and a word; how often an equal refusal was met stands beside it. */
export function Outcome({ entry }: { entry: AuditEntry }) {
  const styles = useStyles();
  const refused = entry.outcome === "refused";
  return (
    <span className={styles.outcome}>
      <span className={refused ? styles.refused : styles.done} aria-hidden>
        {refused ? <Prohibited16Regular /> : <CheckmarkCircle16Regular />}
      </span>
      {refused ? "Refused" : "Done"}
      {entry.count > 1 && ` ×${entry.count.toLocaleString()}`}
    </span>
  );
}

const params = ["search", "actor", "object", "operation", "outcome", "workload", "span"] as const;
type Param = (typeof params)[number];

/** The audit log: what was done and what was refused, newest first. Its address holds the filters and the open entry. */
export default function AuditPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const { seq } = useParams();
  const [search] = useSearchParams();
  const [dialog, setDialog] = useState<"verify" | "checkpoint" | null>(null);
  const chosen = (param: Param) => search.get(param) ?? "";
  const span = chosen("span");
  // A span ends when the page was opened or refreshed: a list that asks for another time at every look never comes to rest.
  const [now, setNow] = useState(() => Date.now());
  const hours = auditSpans.find(([id]) => id === span)?.[2];
  const from = hours ? new Date(now - hours * 3_600_000).toISOString() : "";
  const said = { search: chosen("search"), actor: chosen("actor"), object: chosen("object"), operation: chosen("operation"), outcome: chosen("outcome"), workload: chosen("workload"), from };
  const filter = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== "")) as AuditFilter;
  const log = useInfiniteQuery(auditLog(filter));

  const address = (kept: URLSearchParams, entry?: number) => `/audit${entry ? `/${entry}` : ""}${kept.size > 0 ? `?${kept}` : ""}`;
  function narrow(changes: Partial<Record<Param, string>>) {
    const next = new URLSearchParams(search);
    for (const [param, value] of Object.entries(changes)) {
      if (value) next.set(param, value);
      else next.delete(param);
    }
    void navigate(address(next));
  }
  function refresh() {
    setNow(Date.now());
    void log.refetch();
  }
  const clear = () => void navigate("/audit");
  const open = (entry?: number) => void navigate(address(search, entry), { replace: seq !== undefined && entry !== undefined });

  const items = log.data?.pages.flatMap((page) => page.items) ?? [];
  const total = log.data?.pages[0]?.total ?? 0;
  const refusal = refusalOf(log.data?.pages[0]?.["@bailiwick.actions"].wholeLog);
  const filtered = params.some((param) => chosen(param) !== "");
  const at = items.findIndex((entry) => String(entry.seq) === seq);

  if (log.isError && !log.data) return <Failed page error={log.error} what="Audit" retry={() => void log.refetch()} />;
  return (
    <>
      <PageHeader
        title="Audit"
        below={<span aria-live="polite">{log.data ? `${count(total, "entry", "entries")}${filtered ? " with these filters" : ""}, newest first` : "Loading"}</span>}
        commands={
          <>
            <Button icon={<ArrowClockwise20Regular />} onClick={refresh}>Refresh</Button>
            <RefusableButton icon={<ShieldCheckmark20Regular />} refusal={refusal} onClick={() => setDialog("verify")}>Verify</RefusableButton>
            <RefusableButton icon={<Signature20Regular />} refusal={refusal} onClick={() => setDialog("checkpoint")}>Checkpoint</RefusableButton>
            {refusal ? (
              <RefusableButton refusal={refusal}>Export</RefusableButton>
            ) : (
              <Button as="a" href={exportPath} download="audit.jsonl" icon={<ArrowDownload20Regular />}>Export</Button>
            )}
          </>
        }
      />
      <div className={styles.bar} role="group" aria-label="Filters">
        <SearchField label="Search actor, operation or object" value={said.search} onSearch={(text) => narrow({ search: text })} />
        <Choice label="Area" any="Every area" value={said.operation} options={auditAreas} onChange={(operation) => narrow({ operation })} />
        <Choice label="Outcome" any="Done and refused" value={said.outcome} options={[["done", "Done"], ["refused", "Refused"]]} onChange={(outcome) => narrow({ outcome })} />
        <Choice label="Product" any="Every product" value={said.workload} options={[...workloads.map(({ name, label }) => [name, label] as const), ["other", workloadLabel("other")]]} onChange={(workload) => narrow({ workload })} />
        <Choice label="Time" any="All time" value={span} options={auditSpans.map(([id, label]) => [id, label] as const)} onChange={(chosenSpan) => narrow({ span: chosenSpan })} />
        {said.actor && <Only label={`By ${said.actor}`} onClear={() => narrow({ actor: "" })} />}
        {said.object && <Only label={`To ${said.object}`} onClear={() => narrow({ object: "" })} />}
        {filtered && (
          <Button size="small" appearance="transparent" icon={<DismissCircle16Regular />} onClick={clear}>
            Clear filters
          </Button>
        )}
      </div>
      {log.isPending ? (
        <Loading what="the audit log" rows={12} />
      ) : items.length === 0 ? (
        <Empty why={{ capability: "audit.view" }} title={filtered ? "No entry has these filters" : "Nothing has been written yet"} actions={filtered && <Button onClick={clear}>Clear filters</Button>}>
          {filtered ? "Of the entries you may see, none fits." : "Every change, and every change that was refused, will stand here."}
        </Empty>
      ) : (
        <div className={log.isPlaceholderData ? styles.stale : undefined}>
          <Grid
            label="Audit log"
            columns={columns}
            items={items}
            id={(entry) => String(entry.seq)}
            name={(entry) => `${operationWords(entry.operation)}, by ${entry.actor || "nobody signed in"}`}
            open={seq ?? null}
            onOpen={(entry) => open(entry.seq)}
          />
          {log.hasNextPage && (
            <div className={styles.more}>
              <Button disabledFocusable={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>{`Show more (${items.length.toLocaleString()} of ${total.toLocaleString()})`}</Button>
            </div>
          )}
        </div>
      )}
      {seq && (
        <EntryDetails
          key={seq}
          seq={Number(seq)}
          wholeLog={refusal}
          onNarrow={narrow}
          onClose={() => open()}
          onPrevious={at > 0 ? () => open(items[at - 1]?.seq) : undefined}
          onNext={at >= 0 && at < items.length - 1 ? () => open(items[at + 1]?.seq) : undefined}
        />
      )}
      {dialog === "verify" && <VerifyDialog onClose={() => setDialog(null)} />}
      {dialog === "checkpoint" && <CheckpointDialog onClose={() => setDialog(null)} />}
    </>
  );
}

interface ChoiceProps {
  label: string;
  any: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}

function Choice({ label, any, value, options, onChange }: ChoiceProps) {
  return (
    <Select size="small" aria-label={label} value={value} onChange={(_, data) => onChange(data.value)}>
      <option value="">{any}</option>
      {options.map(([id, said]) => (
        <option key={id} value={id}>{said}</option>
      ))}
    </Select>
  );
}

function Only({ label, onClear }: { label: string; onClear: () => void }) {
  return (
    <Button size="small" shape="circular" icon={<DismissCircle16Regular />} iconPosition="after" aria-label={`Remove filter: ${label}`} onClick={onClear}>
      {label}
    </Button>
  );
}
