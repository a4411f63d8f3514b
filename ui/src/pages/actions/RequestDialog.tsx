import { Button, Checkbox, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Select, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { actionTypes, useRequestAction, type ActionType } from "../../api/actions";
import { refusalOf, said } from "../../api/errors";
import { RefusableButton } from "../../components/RefusableButton";
import { missing, targetFields, targetOf } from "../../lib/actions";
import { workloadLabel } from "../../lib/words";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM } });

interface RequestDialogProps {
  /** What is filled in to begin with: the type, the device, what it is about. */
  begin: { type?: string; deviceId?: string; incident?: string };
  onClose: () => void;
  onMade: (id: string) => void;
}

/** RequestDialog asks for an action: of which type, on what, and why. */
export function RequestDialog({ begin, onClose, onMade }: RequestDialogProps) {
  const styles = useStyles();
  const types = useQuery(actionTypes);
  const request = useRequestAction();
  const [chosen, setChosen] = useState(begin.type ?? "");
  const [filled, setFilled] = useState<Record<string, string>>(begin.deviceId ? { deviceId: begin.deviceId } : {});
  const [comment, setComment] = useState("");
  const [wait, setWait] = useState(false);
  const [tried, setTried] = useState(false);
  const offered = (types.data?.items ?? []).filter((type) => !type.request.reason?.includes("own automation"));
  const type = offered.find((one) => one.name === chosen);
  const fields = type ? targetFields(type) : [];
  const lacks = missing(fields, filled);
  function save() {
    setTried(true);
    if (!type || lacks) return;
    request.mutate(
      {
        actionType: type.name,
        target: targetOf(fields, filled),
        ...(comment.trim() ? { comment: comment.trim() } : {}),
        ...(begin.incident ? { incidentId: begin.incident } : {}),
        ...(wait ? { needsApproval: true } : {}),
      },
      { onSuccess: (made) => onMade(made.id) },
    );
  }
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Request an action</DialogTitle>
          <DialogContent className={styles.form}>
            {request.error && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>
                  <MessageBarTitle>Not requested</MessageBarTitle>
                  {said(request.error)}
                </MessageBarBody>
              </MessageBar>
            )}
            <Field label="Action" required {...(tried && !type ? { validationMessage: "Choose what is to be done" } : {})}>
              <Select value={chosen} onChange={(_, data) => setChosen(data.value)}>
                <option value="">Choose an action</option>
                {byProduct(offered).map(([workload, list]) => (
                  <optgroup key={workload} label={workloadLabel(workload)}>
                    {list.map((one) => (
                      <option key={one.name} value={one.name}>{one.title}</option>
                    ))}
                  </optgroup>
                ))}
              </Select>
            </Field>
            {fields.map((field) => (
              <Field key={field.name} label={field.label} required={field.required} {...(field.hint ? { hint: field.hint } : {})} {...(tried && lacks === field ? { validationMessage: field.name === "processId" ? "A whole number is wanted" : "This is wanted" } : {})}>
                <Input value={filled[field.name] ?? ""} onChange={(_, data) => setFilled({ ...filled, [field.name]: data.value })} />
              </Field>
            ))}
            <Field label="Why">
              <Textarea value={comment} resize="vertical" maxLength={4000} onChange={(_, data) => setComment(data.value)} />
            </Field>
            <Checkbox checked={wait} onChange={(_, data) => setWait(data.checked === true)} label="Let somebody decide it first" />
          </DialogContent>
          <DialogActions fluid>
            <RefusableButton appearance="primary" refusal={type && refusalOf(type.request)} disabledFocusable={request.isPending} onClick={save}>{request.isPending ? "Requesting" : "Request"}</RefusableButton>
            <Button onClick={onClose}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function byProduct(types: readonly ActionType[]): [string, ActionType[]][] {
  const groups = new Map<string, ActionType[]>();
  for (const type of types) groups.set(type.workload, [...(groups.get(type.workload) ?? []), type]);
  return [...groups];
}
