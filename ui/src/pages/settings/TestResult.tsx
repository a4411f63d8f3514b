import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { outcomeOf, type Notification, type NotificationRule } from "../../api/settings";
import { DeliveryStatus } from "../../components/DeliveryStatus";
import { way } from "../../lib/notifications";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  one: { display: "flex", flexDirection: "column", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** TestResult is what becomes of the messages of a test, as the outbox sends them. */
export function TestResult({ rule, sent, onClose }: { rule: NotificationRule; sent: readonly Notification[]; onClose: () => void }) {
  const styles = useStyles();
  const { data, error } = useQuery(outcomeOf(rule.id, sent.map((one) => one.id)));
  const now = sent.map((one) => data?.find((other) => other.id === one.id) ?? one);
  return (
    <Dialog open onOpenChange={(_, event) => !event.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{`Test of ${rule.name}`}</DialogTitle>
          <DialogContent>
            <ul className={styles.list} aria-live="polite" aria-label="What became of it">
              {now.map((one) => (
                <li key={one.id} className={styles.one}>
                  <Text weight="semibold">{way(one.to)}</Text>
                  <DeliveryStatus value={one.status} />
                  {one.outcome && <Text>{one.outcome}</Text>}
                </li>
              ))}
            </ul>
            {error && <Text role="alert">{error.message}</Text>}
            <Text block className={styles.quiet}>What still waits is tried again by itself; the delivery log tells how it ends.</Text>
          </DialogContent>
          <DialogActions fluid>
            <Button appearance="primary" onClick={onClose}>Close</Button>
            <Button as="a" href={`/settings/deliveries?rule=${encodeURIComponent(rule.id)}`}>Open the delivery log</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
