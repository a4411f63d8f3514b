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
        onChange={(event) => setTyped(event.target.value)}
        onOptionSelect={(_, data) => {
          setTyped(null);
          if (data.optionValue) onPick(data.optionValue);
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
