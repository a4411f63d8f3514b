import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Text } from "@fluentui/react-components";
import { useRemoveReport, type ThreatReport } from "../../api/analytics";
import { said } from "../../api/errors";

/** RemoveDialog asks before a report is forgotten. */
export function RemoveDialog({ report, onClose, onRemoved }: { report: ThreatReport; onClose: () => void; onRemoved: () => void }) {
  const remove = useRemoveReport(report.id);
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Remove this report?</DialogTitle>
          <DialogContent>
            <Text block>{`${report.title} is gone for everybody. Alerts, devices and mail stay as they are. Loading the report again brings it back.`}</Text>
            {remove.error && <Text block role="alert">{said(remove.error)}</Text>}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" disabledFocusable={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: onRemoved })}>Remove</Button>
            <Button onClick={onClose}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
