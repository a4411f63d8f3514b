import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, Radio, RadioGroup, Text, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { ApiError, refusalOf, said } from "../../api/errors";
import { useRemoveQuery, useSaveQuery, type KeptQuery } from "../../api/hunting";
import { RefusableButton } from "../../components/RefusableButton";
import { useToast } from "../../components/toaster";

const useStyles = makeStyles({ fields: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM } });

interface Props {
  /** The query that is changed; without one it is a new one. */
  kept?: KeptQuery | undefined;
  query: string;
  name?: string;
  onClose: () => void;
  onSaved?: (kept: KeptQuery) => void;
}

/** SaveQuery keeps a query: under which name, where, and whom it is shared with. */
export function SaveQuery({ kept, query, name: proposed = "", onClose, onSaved }: Props) {
  const styles = useStyles();
  const toast = useToast();
  const save = useSaveQuery();
  const [name, setName] = useState(kept?.name ?? proposed);
  const [folder, setFolder] = useState(kept?.folder ?? "");
  const [description, setDescription] = useState(kept?.description ?? "");
  const [sharing, setSharing] = useState<string>(kept?.sharing ?? "none");
  const share = kept && refusalOf(kept["@bailiwick.actions"].share);
  const stale = save.error instanceof ApiError && save.error.status === 412;
  function keep() {
    save.mutate(
      { ...(kept ? { id: kept.id, etag: kept.etag } : {}), body: { name: name.trim(), folder: folder.trim(), description: description.trim(), query, sharing: sharing as KeptQuery["sharing"] } },
      {
        onSuccess: (saved) => {
          toast("success", `Saved “${name.trim()}”`);
          onSaved?.(saved as KeptQuery);
          onClose();
        },
      },
    );
  }
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{kept ? "Change the query" : "Save the query"}</DialogTitle>
          <DialogContent className={styles.fields}>
            <Field label="Name" required><Input value={name} maxLength={120} onChange={(_, data) => setName(data.value)} /></Field>
            <Field label="Folder" hint={share ? share.reason : "One of your own; none if it is left empty"}><Input value={folder} maxLength={120} disabled={Boolean(share)} onChange={(_, data) => setFolder(data.value)} /></Field>
            <Field label="Description"><Textarea value={description} maxLength={2000} onChange={(_, data) => setDescription(data.value)} /></Field>
            <Field label="Shared with whoever may hunt" hint="The text alone is shared: everybody finds what they may see themselves. So put nothing in it that others may not know.">
              <RadioGroup value={sharing} disabled={Boolean(share)} onChange={(_, data) => setSharing(data.value)}>
                <Radio value="none" label="Not shared" />
                <Radio value="read" label="They may open and run it" />
                <Radio value="edit" label="They may change it as well" />
              </RadioGroup>
            </Field>
            {save.error && <Text role="alert">{stale ? `${said(save.error)} Close this, look at what it says now, and change that.` : said(save.error)}</Text>}
          </DialogContent>
          <DialogActions fluid>
            <RefusableButton appearance="primary" disabledFocusable={name.trim() === "" || query.trim() === "" || save.isPending} onClick={keep}>Save</RefusableButton>
            <Button onClick={onClose}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** RemoveQuery asks before a query is gone. */
export function RemoveQuery({ query, onClose }: { query: KeptQuery; onClose: () => void }) {
  const remove = useRemoveQuery();
  const toast = useToast();
  return (
    <Dialog open modalType="alert" onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{`Delete “${query.name}”?`}</DialogTitle>
          <DialogContent>
            <Text block>{query.sharing === "none" ? "It is gone for good." : "It is gone for good, for everybody whom it is shared with."}</Text>
            {remove.error && <Text block role="alert">{said(remove.error)}</Text>}
          </DialogContent>
          <DialogActions fluid>
            <RefusableButton appearance="primary" disabledFocusable={remove.isPending} onClick={() => remove.mutate(query, { onSuccess: () => (toast("success", `Deleted “${query.name}”`), onClose()) })}>Delete</RefusableButton>
            <Button onClick={onClose}>Keep it</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
