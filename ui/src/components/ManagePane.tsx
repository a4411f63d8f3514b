import { Button, Field, Input, Link, MessageBar, MessageBarBody, MessageBarTitle, Select, Textarea, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useId, useState } from "react";
import { ApiError, said, type Refusal } from "../api/errors";
import type { ManageChange } from "../api/investigation";
import { differences } from "../lib/changed";
import { changed, classifications, determinations, options, tagsOf, triageOf, type Triage } from "../lib/triage";
import { stop } from "../lib/words";
import { useReadOnly } from "./readOnly";
import { RefusableButton } from "./RefusableButton";
import { WhyNot } from "./WhyNot";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  two: { display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(220px, 1fr))", gap: tokens.spacingHorizontalM, "& input, & select": { minWidth: 0 } },
  commands: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "center" },
  // In sight however long the form is, or how low the window: at the very foot of what scrolls, within its padding.
  foot: { position: "sticky", bottom: "calc(-1 * var(--page-foot, 0px))", zIndex: 1, paddingBlock: tokens.spacingVerticalS, borderTop: `1px solid ${tokens.colorNeutralStroke2}`, backgroundColor: tokens.colorNeutralBackground1 },
});

interface ManagePaneProps {
  thing: Parameters<typeof triageOf>[0] & { "@odata.etag"?: string | undefined };
  statuses: readonly string[];
  me: string;
  /** Why the server would refuse, in its words; undefined when it would not. */
  refusal?: Refusal | undefined;
  /** The one device group that it is about, if there is one: the reasons are then those of this group. */
  deviceGroup?: string | undefined;
  /** The tags that people gave it; undefined where there are none to give, or they are not for this reader. */
  tags?: readonly string[] | undefined;
  /** How it was resolved, in words; undefined where nothing is said of that, or it is not for this reader. */
  resolution?: string | undefined;
  saving: boolean;
  error?: Error | null;
  /** Resolves when saved; what was typed stays until then. */
  onSave: (change: ManageChange, comment: string, etag: string | undefined) => Promise<unknown>;
}

/** ManagePane is the form for status, assignee, classification and comment. Refused, it stays in view and says why. */
export function ManagePane({ thing, statuses, me, refusal, deviceGroup, tags, resolution, saving, error, onSave }: ManagePaneProps) {
  const styles = useStyles();
  const before = triageOf(thing);
  const [edits, setEdits] = useState<Partial<Triage>>({});
  // What the edits were made from: if somebody else is first, they are told what is otherwise now.
  const [base, setBase] = useState<{ triage: Triage; etag: string | undefined } | null>(null);
  const etag = thing["@odata.etag"];
  const meanwhile = overtaken(error) && base ? differences({ ...base.triage }, { ...before }) : [];
  const [comment, setComment] = useState("");
  const [asking, setAsking] = useState(false);
  const reason = useId();
  const now: Triage = { ...before, ...edits };
  const [typedTags, setTypedTags] = useState<string | null>(null);
  const newTags = typedTags === null ? null : tagsOf(typedTags);
  const [typedResolution, setTypedResolution] = useState<string | null>(null);
  const newResolution = typedResolution !== null && typedResolution.trim() !== resolution ? { resolvingComment: typedResolution.trim() } : {};
  const change = { ...changed(before, now), ...newResolution, ...(newTags && newTags.join("\n") !== (tags ?? []).join("\n") ? { customTags: newTags } : {}) };
  const nothing = Object.keys(change).length === 0 && comment.trim() === "";
  const readOnly = useReadOnly();
  const refused = refusal ?? readOnly;
  const off = refused !== undefined;
  const offered = (values: readonly string[], current: string) => options(current && !values.includes(current) ? [...values, current] : values);

  function set(field: keyof Triage, value: string) {
    if (!base) setBase({ triage: before, etag });
    // A determination of another classification would not fit any more.
    setEdits({ ...edits, [field]: value, ...(field === "classification" ? { determination: "" } : {}) });
  }
  function discard() {
    setEdits({});
    setComment("");
    setTypedTags(null);
    setTypedResolution(null);
    setBase(null);
  }
  function save() {
    const from = overtaken(error) ? etag : base?.etag; // who saves again has been told what is there by now
    if (overtaken(error)) setBase({ triage: before, etag });
    onSave(change as ManageChange, comment.trim(), from).then(discard, () => undefined);
  }

  return (
    <form
      className={styles.form}
      aria-describedby={off ? reason : undefined}
      onSubmit={(event) => {
        event.preventDefault();
        if (!off && !nothing && !saving) save();
      }}
    >
      {off && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody id={reason}>
            <MessageBarTitle>You can't change this:</MessageBarTitle>
            {stop(typeof refused === "string" ? refused : (refused?.reason ?? ""))}{" "}
            {refusal && (
              <Link as="button" type="button" inline onClick={() => setAsking(true)}>
                Why not?
              </Link>
            )}
          </MessageBarBody>
        </MessageBar>
      )}
      {error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{overtaken(error) ? "Somebody else was first" : "Not saved"}</MessageBarTitle>
            {overtaken(error) ? "It has changed since you began, and nothing was overwritten." : said(error)}
            {meanwhile.length > 0 && (
              <ul>
                {meanwhile.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            )}
            {overtaken(error) && " Save again to put yours in its place, or discard."}
          </MessageBarBody>
        </MessageBar>
      )}
      {asking && refusal && <WhyNot asked={{ ...refusal, deviceGroup }} onClose={() => setAsking(false)} />}
      <div className={styles.two}>
        <Field label="Status">
          <Choice value={now.status} values={offered(statuses, before.status)} off={off} onChange={(v) => set("status", v)} />
        </Field>
        <Field label="Assigned to">
          <Input
            value={now.assignedTo}
            disabled={off}
            placeholder="Nobody"
            onChange={(_, data) => set("assignedTo", data.value)}
            contentAfter={
              !off && now.assignedTo !== me ? (
                <Button size="small" appearance="transparent" onClick={() => set("assignedTo", me)}>
                  Me
                </Button>
              ) : undefined
            }
          />
        </Field>
        <Field label="Classification">
          <Choice value={now.classification} values={offered(classifications, before.classification)} none="Not classified" off={off} onChange={(v) => set("classification", v)} />
        </Field>
        <Field label="Determination">
          <Choice value={now.determination} values={offered(determinations(now.classification), now.determination)} none="Not determined" off={off || now.classification === ""} onChange={(v) => set("determination", v)} />
        </Field>
      </div>
      {tags && (
        <Field label="Tags" hint="Separated by commas">
          <Input
            value={typedTags ?? tags.join(", ")}
            disabled={off}
            onChange={(_, data) => {
              if (!base) setBase({ triage: before, etag });
              setTypedTags(data.value);
            }}
          />
        </Field>
      )}
      {resolution !== undefined && now.status === "resolved" && (
        <Field label="Resolving comment" hint="How it ended, for whoever reads all of it">
          <Textarea
            value={typedResolution ?? resolution}
            disabled={off}
            resize="vertical"
            onChange={(_, data) => {
              if (!base) setBase({ triage: before, etag });
              setTypedResolution(data.value);
            }}
          />
        </Field>
      )}
      <Field label="Comment">
        <Textarea value={comment} disabled={off} resize="vertical" onChange={(_, data) => setComment(data.value)} />
      </Field>
      <div className={mergeClasses(styles.commands, !off && styles.foot)}>
        <RefusableButton appearance="primary" type="submit" refusal={refused} disabledFocusable={nothing || saving}>
          {saving ? "Saving" : "Save"}
        </RefusableButton>
        {!off && !nothing && (
          <Button onClick={discard}>Discard</Button>
        )}
      </div>
    </form>
  );
}

/** overtaken tells whether a change was refused because somebody else's came first. */
function overtaken(error: Error | null | undefined): boolean {
  return error instanceof ApiError && (error.status === 412 || error.status === 409);
}

interface ChoiceProps {
  value: string;
  values: { value: string; label: string }[];
  none?: string;
  off: boolean;
  onChange: (value: string) => void;
}

function Choice({ value, values, none, off, onChange, ...field }: ChoiceProps) {
  return (
    <Select {...field} value={value} disabled={off} onChange={(_, data) => onChange(data.value)}>
      {none && <option value="">{none}</option>}
      {values.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </Select>
  );
}
