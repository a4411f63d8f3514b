import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useState } from "react";
import { refusalOf } from "../../api/errors";
import { useSetEndpointRoles, type WorkloadInfo } from "../../api/permissions";
import { RefusableButton } from "../../components/RefusableButton";
import { useToast } from "../../components/toaster";
import { workloadLabel } from "../../lib/words";
import { ConfirmChange } from "./ConfirmChange";

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
      {asking && <Confirm info={info} on={!info.roles} onClose={() => setAsking(false)} />}
    </>
  );
}

function Confirm({ info, on, onClose }: { info: WorkloadInfo; on: boolean; onClose: () => void }) {
  const [opened] = useState(info);
  const change = useSetEndpointRoles();
  const toast = useToast();
  const word = on ? "on" : "off";
  function switchIt() {
    change.mutate({ on, etag: opened.etag }, {
      onSuccess: () => {
        toast("success", `Roles of ${workloadLabel(opened.workload)} are ${word}`);
        onClose();
      },
    });
  }
  return (
    <ConfirmChange
      title={`Switch the roles of ${workloadLabel(opened.workload)} ${word}?`}
      changes={[{ setEndpointRoles: on }]}
      confirm={`Switch ${word}`}
      keep={`Keep them ${on ? "off" : "on"}`}
      pending={change.isPending}
      error={change.error}
      onConfirm={switchIt}
      onClose={onClose}
    />
  );
}
