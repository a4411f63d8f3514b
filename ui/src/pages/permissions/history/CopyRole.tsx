import { Checkbox, Field, Input } from "@fluentui/react-components";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useCopyRole } from "../../../api/history";
import type { Role } from "../../../api/permissions";
import { useToast } from "../../../components/toaster";
import { ConfirmChange } from "../ConfirmChange";

/** CopyRole asks for the name of a copy and whether it is given to the same people, and shows what that would do. */
export function CopyRole({ role, onClose }: { role: Role; onClose: () => void }) {
  const [name, setName] = useState(`Copy of ${role.name}`);
  const [assignments, setAssignments] = useState(false);
  const copy = useCopyRole();
  const toast = useToast();
  const navigate = useNavigate();
  const wanted = { id: role.id, name: name.trim(), assignments };
  return (
    <ConfirmChange
      title={`Copy the role ${role.name}`}
      changes={wanted.name ? [{ copyRole: wanted }] : [{ copyRole: { ...wanted, name: `Copy of ${role.name}` } }]}
      incomplete={wanted.name === ""}
      confirm="Copy"
      keep="Cancel"
      pending={copy.isPending}
      error={copy.error}
      onConfirm={() =>
        copy.mutate(wanted, {
          onSuccess: (made) => {
            toast("success", `The role ${made.name} is made`);
            onClose();
            void navigate(`/permissions/roles/${made.workload}/${encodeURIComponent(made.id)}`);
          },
        })
      }
      onClose={onClose}
    >
      <Field label="Name of the copy" required {...(wanted.name === "" ? { validationMessage: "A name is needed" } : {})}>
        <Input value={name} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Checkbox checked={assignments} onChange={(_, data) => setAssignments(data.checked === true)} label="Give it to the same people and groups" />
    </ConfirmChange>
  );
}
