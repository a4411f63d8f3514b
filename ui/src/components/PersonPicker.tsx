import { Combobox, Field, Option } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { userSearch } from "../api/directory";

interface PersonPickerProps {
  label: string;
  value: string;
  onPick: (user: string) => void;
}

/** PersonPicker finds a person by name as one types. */
export function PersonPicker({ label, value, onPick }: PersonPickerProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const users = useQuery(userSearch(typed ?? ""));
  const found = users.data?.items ?? [];
  return (
    <Field label={label}>
      <Combobox
        data-search
        freeform
        value={typed ?? value}
        selectedOptions={[value]}
        placeholder="Name"
        open={open}
        onOpenChange={(_, data) => setOpen(data.open)}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true); // However the text got there: by keys, by pasting, by an input method.
        }}
        onOptionSelect={(_, data) => {
          if (!data.optionValue) return; // An emptied field, not a choice.
          setTyped(null);
          onPick(data.optionValue);
        }}
        onBlur={() => setTyped(null)}
      >
        {found.map((user) => (
          <Option key={user.name} value={user.name} text={user.name}>
            {`${user.displayName || user.name} (${user.name})`}
          </Option>
        ))}
        {found.length === 0 && (
          <Option disabled value="" text="">
            {users.isPending ? "Looking" : "Nobody by that name"}
          </Option>
        )}
      </Combobox>
    </Field>
  );
}
