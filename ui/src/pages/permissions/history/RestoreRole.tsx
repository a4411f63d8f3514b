import { Field, Input } from "@fluentui/react-components";
import { useState } from "react";
import { useRestoreRole } from "../../../api/history";
import { useToast } from "../../../components/toaster";
import { ConfirmChange } from "../ConfirmChange";

interface RestoreRoleProps {
  id: string;
  /** The name that it had. */
  name: string;
  /** Which version: the deletion is undone without one. */
  revision?: number;
  number?: number;
  etag?: string | undefined;
  onClose: () => void;
}

/** RestoreRole shows what it would do to bring a role or an earlier version of it back, and does it. */
export function RestoreRole({ id, name, revision, number, etag, onClose }: RestoreRoleProps) {
  const [as, setAs] = useState(name);
  const restore = useRestoreRole();
  const toast = useToast();
  const wanted = { id, ...(revision ? { revision } : {}), ...(as.trim() && as.trim() !== name ? { name: as.trim() } : {}) };
  return (
    <ConfirmChange
      title={number ? `Restore version ${number} of ${name}?` : `Bring the role ${name} back?`}
      changes={[{ restoreRole: wanted }]}
      incomplete={as.trim() === ""}
      confirm="Restore"
      keep="Cancel"
      pending={restore.isPending}
      error={restore.error}
      onConfirm={() =>
        restore.mutate(
          { ...wanted, etag },
          {
            onSuccess: (done) => {
              toast("success", number ? `${done.role.name} is as in version ${number}` : `The role ${done.role.name} is back`);
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      <Field label="Name" hint="Another one, if its own is taken by now.">
        <Input value={as} onChange={(_, data) => setAs(data.value)} />
      </Field>
    </ConfirmChange>
  );
}
