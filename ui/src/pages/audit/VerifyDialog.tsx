import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, MessageBar, MessageBarBody, MessageBarTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useEffect } from "react";
import { useVerifyAudit } from "../../api/audit";
import { Facts } from "../../components/layout";
import { Failed, Loading } from "../../components/states";
import { count } from "../../lib/words";

const useStyles = makeStyles({ content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM } });

/** VerifyDialog walks the whole log and tells whether it is whole. */
export function VerifyDialog({ onClose }: { onClose: () => void }) {
  const styles = useStyles();
  const { mutate, data, error } = useVerifyAudit();
  useEffect(() => mutate(), [mutate]);
  return (
    <Dialog open onOpenChange={(_, change) => !change.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Verify the log</DialogTitle>
          <DialogContent className={styles.content}>
            {error ? <Failed error={error} what="finding" /> : !data ? <Loading what="the finding" rows={3} /> : (
              <>
                <MessageBar intent={data.whole ? "success" : "error"} layout="multiline">
                  <MessageBarBody>
                    <MessageBarTitle>{data.whole ? "The log is whole" : "The log is not whole"}</MessageBarTitle>
                    {data.whole ? `${count(data.entries, "entry", "entries")}, each following from the one before.` : data.problem}
                  </MessageBarBody>
                </MessageBar>
                <Facts items={[["Ends with", data.head]]} />
              </>
            )}
            <Text>This server checked its own log. To check it without trusting the server, export it and run: bailiwick audit verify audit.jsonl</Text>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>Close</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
