import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Switch,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { Fragment } from "react";

const useStyles = makeStyles({
  list: {
    display: "grid",
    gridTemplateColumns: "auto 1fr",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
    alignItems: "center",
    margin: 0,
  },
  does: { margin: 0 },
  key: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    padding: "1px 6px",
    backgroundColor: tokens.colorNeutralBackground3,
  },
});

interface ShortcutsProps {
  open: boolean;
  onClose: () => void;
  keys: readonly (readonly [string, string])[];
  letters: boolean;
  onLetters: (on: boolean) => void;
}

/** Shortcuts is the sheet behind `?`. Single letters can be switched off (WCAG 2.1.4). */
export function Shortcuts({ open, onClose, keys, letters, onLetters }: ShortcutsProps) {
  const styles = useStyles();
  return (
    <Dialog open={open} onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Keyboard shortcuts</DialogTitle>
          <DialogContent>
            <dl className={styles.list}>
              {keys.map(([key, does]) => (
                <Fragment key={key}>
                  <dt>
                    <kbd className={styles.key}>{key}</kbd>
                  </dt>
                  <dd className={styles.does}>{does}</dd>
                </Fragment>
              ))}
            </dl>
            <Switch checked={letters} onChange={(_, data) => onLetters(data.checked)} label="Use single-letter shortcuts" />
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button appearance="primary">Close</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
