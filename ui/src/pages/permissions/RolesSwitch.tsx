import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { preview, type Change } from "../../api/access";
import { refusalOf, said } from "../../api/errors";
import { useSetEndpointRoles, type WorkloadInfo } from "../../api/permissions";
import { RefusableButton } from "../../components/RefusableButton";
import { useToast } from "../../components/toaster";
import { workloadLabel } from "../../lib/words";
import { Preview, whoChanges } from "./Preview";

/** RolesSwitch says whether the roles of a product count (S5), and turns that around for whoever may. */
export function RolesSwitch({ info }: { info: WorkloadInfo }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <MessageBar intent={info.roles ? "success" : "warning"}>
        <MessageBarBody>
          <MessageBarTitle>{`Roles of ${workloadLabel(info.workload)} are ${info.roles ? "on" : "off"}`}</MessageBarTitle>
          {info.roles ? "The roles below open what they name." : "Only global roles open it; the roles below open nothing until they are switched on."}
        </MessageBarBody>
        <MessageBarActions>
          <RefusableButton size="small" refusal={refusalOf(info["@bailiwick.actions"].switch)} onClick={() => setAsking(true)}>
            {info.roles ? "Switch off" : "Switch on"}
          </RefusableButton>
        </MessageBarActions>
      </MessageBar>
      {asking && <Confirm workload={info.workload} on={!info.roles} onClose={() => setAsking(false)} />}
    </>
  );
}

function Confirm({ workload, on, onClose }: { workload: string; on: boolean; onClose: () => void }) {
  const changes: Change[] = [{ setEndpointRoles: on }];
  const { data, isPlaceholderData } = useQuery(preview(changes));
  const change = useSetEndpointRoles();
  const toast = useToast();
  const word = on ? "on" : "off";
  // The answer shown may be of an earlier question until the one to this question comes.
  const known = data && !isPlaceholderData ? data : undefined;
  function switchIt() {
    change.mutate(on, {
      onSuccess: () => {
        toast("success", `Roles of ${workloadLabel(workload)} are ${word}`);
        onClose();
      },
    });
  }
  return (
    <Dialog open modalType="alert" onOpenChange={(_, event) => !event.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{`Switch the roles of ${workloadLabel(workload)} ${word}?`}</DialogTitle>
          <DialogContent tabIndex={0} role="region" aria-label="What this does">
            <Preview changes={changes} />
            {change.error && <Text block role="alert">{said(change.error)}</Text>}
          </DialogContent>
          <DialogActions fluid>
            <Button appearance="primary" onClick={switchIt} disabledFocusable={!known?.allowed || change.isPending}>
              {`Switch ${word}${known ? `: ${whoChanges(known)}` : ""}`}
            </Button>
            <Button onClick={onClose}>{`Keep them ${on ? "off" : "on"}`}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
