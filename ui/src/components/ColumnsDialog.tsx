import { Button, Checkbox, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, DialogTrigger, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowDown16Regular, ArrowUp16Regular, TableSettings20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { moved } from "../lib/columns";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0 },
  row: { display: "flex", alignItems: "center", justifyContent: "space-between", gap: tokens.spacingHorizontalM },
});

interface ColumnsDialogProps {
  size?: "small" | "medium";
  all: readonly { id: string; title: string }[];
  shown: readonly string[];
  /** Called with the columns and their order; with none for those of the page. */
  onChoose: (columns: string[]) => void;
}

/** ColumnsDialog chooses the columns of a list and their order. */
export function ColumnsDialog({ all, shown, onChoose, size = "medium" }: ColumnsDialogProps) {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const [order, setOrder] = useState<string[]>([]);
  function begin(opens: boolean) {
    setOpen(opens);
    setChosen([...shown]);
    setOrder([...shown, ...all.map(({ id }) => id).filter((id) => !shown.includes(id))]);
  }
  function finish(columns: string[]) {
    setOpen(false);
    onChoose(columns);
  }
  const title = (id: string) => all.find((column) => column.id === id)?.title ?? id;
  return (
    <Dialog open={open} onOpenChange={(_, data) => begin(data.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button size={size} icon={<TableSettings20Regular />}>Columns</Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Columns</DialogTitle>
          <DialogContent>
            <ul className={styles.list}>
              {order.map((id, i) => (
                <li key={id} className={styles.row}>
                  <Checkbox label={title(id)} checked={chosen.includes(id)} onChange={(_, data) => setChosen(data.checked === true ? [...chosen, id] : chosen.filter((one) => one !== id))} />
                  <span>
                    <Button size="small" appearance="subtle" icon={<ArrowUp16Regular />} aria-label={`Move ${title(id)} nearer to the left`} disabledFocusable={i === 0} onClick={() => setOrder(moved(order, id, -1))} />
                    <Button size="small" appearance="subtle" icon={<ArrowDown16Regular />} aria-label={`Move ${title(id)} further to the right`} disabledFocusable={i === order.length - 1} onClick={() => setOrder(moved(order, id, 1))} />
                  </span>
                </li>
              ))}
            </ul>
          </DialogContent>
          <DialogActions fluid>
            <Button appearance="primary" disabledFocusable={chosen.length === 0} onClick={() => finish(order.filter((id) => chosen.includes(id)))}>
              Show these
            </Button>
            <Button onClick={() => finish([])}>As they were at first</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
