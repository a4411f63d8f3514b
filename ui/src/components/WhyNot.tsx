import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Link, Spinner, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { explanation } from "../api/access";
import { said } from "../api/errors";
import { useMe } from "../api/session";
import { period, workloads as all } from "../lib/words";
import { Proof } from "./Proof";
import { useTasks } from "./useTasks";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  surface: { maxWidth: "720px" },
});

export interface Asked {
  /** Why, in the server's words, where it has said something. */
  reason?: string;
  capability?: string | undefined;
  /** Where; every product, if it does not say. */
  workloads?: readonly string[];
  deviceGroup?: string | undefined;
}

/**
 * WhyNot explains a refusal, or an emptiness: for each product the same answer that enforcement gives, with what contributes,
 * what is in the way and the smallest remedy, as far as this reader may know.
 */
export function WhyNot({ asked, title = "Why not?", onClose }: { asked: Asked; title?: string; onClose: () => void }) {
  const styles = useStyles();
  const me = useMe();
  const [from] = useState(() => document.activeElement);
  function close() {
    onClose();
    // After the dialog has let go of the focus.
    requestAnimationFrame(() => requestAnimationFrame(() => from instanceof HTMLElement && from.focus()));
  }
  const task = useTasks();
  const { capability = "" } = asked;
  const named = (asked.workloads ?? []).filter((w) => w !== "unified");
  const where = named.length > 0 ? named : all.map((w) => w.name);
  const proofs = useQueries({
    queries: (capability ? where : []).map((workload) =>
      explanation({ principal: me.user, capability, workload, deviceGroup: workload === "endpoint" ? (asked.deviceGroup ?? "") : "" }),
    ),
  });
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content} tabIndex={0}>
            {asked.reason && <Text>{period(asked.reason)}</Text>}
            {capability && <Text>{`It takes: ${task(capability)}.`}</Text>}
            {proofs.map(({ data, error, isPending }, i) =>
              isPending ? (
                <Spinner key={i} size="small" label="Looking for the reasons" />
              ) : error ? (
                <Text key={i}>{said(error)}</Text>
              ) : (
                data.proofs.map((proof) => <Proof key={proof.workload} proof={proof} />)
              ),
            )}
            <Link href="/access">All that I may do</Link>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={close}>
              Close
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
