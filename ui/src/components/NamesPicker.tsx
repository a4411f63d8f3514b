import { Field, Tag, TagPicker, TagPickerControl, TagPickerGroup, TagPickerInput, TagPickerList, TagPickerOption, Text } from "@fluentui/react-components";
import { useState } from "react";

interface NamesPickerProps {
  label: string;
  hint?: string | undefined;
  /** All there are to pick from. */
  names: readonly string[];
  picked: readonly string[];
  onPick: (names: string[]) => void;
  /** Told what is typed, where names are too many to be given all at once. */
  onSearch?: (text: string) => void;
}

/** How many names are offered at once: who looks for another types a part of it. */
const offered = 50;

/** NamesPicker picks some of many names. */
export function NamesPicker({ label, hint, names, picked, onPick, onSearch }: NamesPickerProps) {
  const [text, setText] = useState("");
  function type(part: string) {
    setText(part);
    onSearch?.(part.trim());
  }
  const left = names.filter((name) => !picked.includes(name) && name.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <Field label={label} hint={hint}>
      <TagPicker
        selectedOptions={[...picked]}
        onOptionSelect={(_, data) => {
          onPick(data.selectedOptions);
          type("");
        }}
      >
        <TagPickerControl>
          <TagPickerGroup aria-label={`${label}: picked`}>
            {picked.map((name) => (
              <Tag key={name} value={name} shape="rounded" size="small">
                {name}
              </Tag>
            ))}
          </TagPickerGroup>
          <TagPickerInput aria-label={label} value={text} onChange={(event) => type(event.target.value)} />
        </TagPickerControl>
        <TagPickerList>
          {left.slice(0, offered).map((name) => (
            <TagPickerOption key={name} value={name}>
              {name}
            </TagPickerOption>
          ))}
          {left.length === 0 && (
            <Text role="option" aria-selected="false" aria-disabled="true">
              {names.length === 0 ? "There are none" : "No other name matches"}
            </Text>
          )}
        </TagPickerList>
      </TagPicker>
    </Field>
  );
}
