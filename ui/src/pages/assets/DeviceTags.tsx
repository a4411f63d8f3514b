import { Badge, Button, Field, Input, InteractionTag, InteractionTagPrimary, InteractionTagSecondary, MessageBar, MessageBarBody, TagGroup, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { tagPreview, useTagDevice, type DevicePage } from "../../api/assets";
import { refusalOf, said } from "../../api/errors";
import { Nothing } from "../../components/labels";
import { RefusableButton } from "../../components/RefusableButton";
import { useReadOnly } from "../../components/readOnly";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  line: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "flex-end", flexWrap: "wrap" },
  tags: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** DeviceTags shows a device's tags, the product's and those given here, and changes the latter; what that would do to its group is told first. */
export function DeviceTags({ device, onGone }: { device: DevicePage; onGone: () => void }) {
  const styles = useStyles();
  const readOnly = useReadOnly();
  const save = useTagDevice(device.id);
  const [typed, setTyped] = useState("");
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const change = { add, remove };
  const changed = add.length + remove.length > 0;
  const preview = useQuery(tagPreview(device.id, change));
  const refusal = refusalOf(device["@bailiwick.actions"].tag);
  const given = [...device.ownTags.filter((tag) => !remove.includes(tag)), ...add];
  const told = [...device.tags, ...given];
  function begin(event: FormEvent) {
    event.preventDefault();
    const tag = typed.trim();
    setTyped("");
    if (tag === "" || told.some((other) => same(other, tag))) return;
    if (remove.some((gone) => same(gone, tag))) setRemove(remove.filter((gone) => !same(gone, tag)));
    else setAdd([...add, tag]);
  }
  function dismiss(tag: string) {
    if (add.includes(tag)) setAdd(add.filter((other) => other !== tag));
    else setRemove([...remove, tag]);
  }
  function reset() {
    setAdd([]);
    setRemove([]);
  }
  return (
    <div className={styles.form}>
      <Text size={200} className={styles.quiet}>From the product</Text>
      <span className={styles.tags}>{device.tags.length === 0 ? <Nothing>None</Nothing> : device.tags.map((tag) => <Badge key={tag} appearance="outline" color="informative" shape="rounded">{tag}</Badge>)}</span>
      <Text size={200} className={styles.quiet}>Given here</Text>
      {given.length === 0 ? (
        <Nothing>None</Nothing>
      ) : refusal || readOnly ? (
        <span className={styles.tags}>{given.map((tag) => <Badge key={tag} appearance="tint" color="brand" shape="rounded">{tag}</Badge>)}</span>
      ) : (
        <TagGroup className={styles.tags} aria-label="Tags given here" onDismiss={(_, { value }) => dismiss(value)}>
          {given.map((tag) => (
            <InteractionTag key={tag} value={tag} size="small" shape="rounded">
              <InteractionTagPrimary hasSecondaryAction>{tag}</InteractionTagPrimary>
              <InteractionTagSecondary aria-label={`Remove ${tag}`} />
            </InteractionTag>
          ))}
        </TagGroup>
      )}
      <form className={styles.line} onSubmit={begin}>
        <Field label="Add a tag">
          <Input size="small" value={typed} maxLength={200} onChange={(_, data) => setTyped(data.value)} />
        </Field>
        <RefusableButton size="small" type="submit" refusal={refusal}>Add</RefusableButton>
      </form>
      {changed && (
        <>
          <Moving preview={preview.data} error={preview.error} />
          {save.error && (
            <MessageBar intent="error" layout="multiline">
              <MessageBarBody>{said(save.error)}</MessageBarBody>
            </MessageBar>
          )}
          <div className={styles.line}>
            <RefusableButton
              size="small"
              appearance="primary"
              refusal={preview.data && !preview.data.allowed ? (preview.data.reason ?? "It is not allowed") : undefined}
              disabledFocusable={save.isPending || preview.isPending}
              onClick={() =>
                save.mutate(change, {
                  onSuccess: ({ outOfSight }) => {
                    reset();
                    if (outOfSight) onGone();
                  },
                })
              }
            >
              Save tags
            </RefusableButton>
            <Button size="small" onClick={reset}>Take back</Button>
          </div>
        </>
      )}
    </div>
  );
}

/** Moving says what new tags would do to the device's group. */
function Moving({ preview, error }: { preview: { moves: boolean; leaves: boolean; allowed: boolean; to?: string; reason?: string } | undefined; error: Error | null }) {
  if (error)
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>{said(error)}</MessageBarBody>
      </MessageBar>
    );
  if (!preview) return null;
  const text = !preview.allowed
    ? `Not possible: ${preview.reason}.`
    : !preview.moves
      ? "The device stays in its device group."
      : preview.leaves
        ? `The device moves to ${preview.to ? preview.to : "another device group"}, which is not part of what you may see: it and its alerts go out of your sight.`
        : `The device moves to ${preview.to}, and its alerts with it.`;
  return (
    <MessageBar intent={!preview.allowed ? "error" : preview.moves ? "warning" : "info"} layout="multiline" aria-live="polite">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  );
}
