import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Menu,
  MenuButton,
  MenuDivider,
  MenuItem,
  MenuItemLink,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
} from "@fluentui/react-components";
import { Bookmark20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { said } from "../api/errors";
import { savedViews, useRemoveView, useSaveView } from "../api/views";
import { RefusableButton } from "./RefusableButton";
import { useToast } from "./toaster";

interface ViewsMenuProps {
  /** The list that the views are of, and its address without them. */
  area: "alerts" | "incidents";
  path: string;
  /** What is shown now, as the address has it after the question mark. */
  query: string;
  /** Views that everyone has. */
  standard: readonly (readonly [label: string, href: string])[];
}

/** ViewsMenu brings back how this reader looks at a list: filters, order and columns, kept under a name. */
export function ViewsMenu({ area, path, query, standard }: ViewsMenuProps) {
  const { data } = useQuery(savedViews);
  const [saving, setSaving] = useState(false);
  const [removing, setRemoving] = useState("");
  const own = (data?.items ?? []).filter((view) => view.area === area);
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <MenuButton icon={<Bookmark20Regular />}>Views</MenuButton>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {standard.map(([label, href]) => (
              <MenuItemLink key={label} href={href}>{label}</MenuItemLink>
            ))}
            {own.length > 0 && <MenuDivider />}
            {own.map((view) => (
              <MenuItemLink key={view.name} href={`${path}?${view.query}`}>{view.name}</MenuItemLink>
            ))}
            <MenuDivider />
            <MenuItem onClick={() => setSaving(true)}>Save this view</MenuItem>
            {own.map((view) => (
              <MenuItem key={view.name} onClick={() => setRemoving(view.name)}>{`Remove “${view.name}”`}</MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      {saving && <Save area={area} query={query} names={own.map((view) => view.name)} onClose={() => setSaving(false)} />}
      {removing && <Remove area={area} name={removing} onClose={() => setRemoving("")} />}
    </>
  );
}

function Save({ area, query, names, onClose }: { area: "alerts" | "incidents"; query: string; names: readonly string[]; onClose: () => void }) {
  const [name, setName] = useState("");
  const save = useSaveView();
  const toast = useToast();
  const there = names.includes(name.trim());
  function keep() {
    save.mutate({ area, name: name.trim(), query }, {
      onSuccess: () => {
        toast("success", `Saved the view “${name.trim()}”`);
        onClose();
      },
    });
  }
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Save this view</DialogTitle>
          <DialogContent>
            <Field label="Name" required hint={there ? "There is one of this name: it is replaced." : "Filters, order and columns are kept, for you alone."}>
              <Input value={name} maxLength={100} onChange={(_, data) => setName(data.value)} />
            </Field>
            {save.error && <Text block role="alert">{said(save.error)}</Text>}
          </DialogContent>
          <DialogActions fluid>
            <RefusableButton appearance="primary" disabledFocusable={name.trim() === "" || save.isPending} onClick={keep}>
              Save
            </RefusableButton>
            <Button onClick={onClose}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Remove({ area, name, onClose }: { area: "alerts" | "incidents"; name: string; onClose: () => void }) {
  const remove = useRemoveView();
  const toast = useToast();
  function forget() {
    remove.mutate({ area, name }, {
      onSuccess: () => {
        toast("success", `Removed the view “${name}”`);
        onClose();
      },
    });
  }
  return (
    <Dialog open modalType="alert" onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{`Remove the view “${name}”?`}</DialogTitle>
          <DialogContent>{remove.error ? <Text role="alert">{said(remove.error)}</Text> : "Nothing that it shows is changed."}</DialogContent>
          <DialogActions fluid>
            <RefusableButton appearance="primary" disabledFocusable={remove.isPending} onClick={forget}>
              Remove
            </RefusableButton>
            <Button onClick={onClose}>Keep it</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
