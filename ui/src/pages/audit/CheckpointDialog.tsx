import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useEffect } from "react";
import { useCheckpoint } from "../../api/audit";
import { Facts } from "../../components/layout";
import { RawJson } from "../../components/RawJson";
import { Failed, Loading } from "../../components/states";
import { parse, utc } from "../../lib/dates";
import { count } from "../../lib/words";

const useStyles = makeStyles({ content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM } });

/** CheckpointDialog signs how far the log has grown. Kept elsewhere, it shows later whether the log was cut or rewritten. */
export function CheckpointDialog({ onClose }: { onClose: () => void }) {
  const styles = useStyles();
  const { mutate, data, error } = useCheckpoint();
  useEffect(() => mutate(), [mutate]);
  const at = parse(data?.at);
  return (
    <Dialog open onOpenChange={(_, change) => !change.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Checkpoint</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>A signed note of how far the log has grown. Keep it elsewhere: it shows later whether the log was cut, rewritten or rolled back.</Text>
            {error ? <Failed error={error} what="checkpoint" /> : !data ? <Loading what="the checkpoint" rows={3} /> : (
              <>
                <Facts items={[["Covers", count(data.size, "entry", "entries")], ["Signed", at ? utc(at) : ""], ["Key", data.key]]} />
                <RawJson value={data} />
              </>
            )}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>Close</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
