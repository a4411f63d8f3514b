import { Field, Select } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { anywhere } from "../../api/access";
import { useMe } from "../../api/session";
import { deviceGroups } from "../../api/permissions";

interface DeviceGroupPickerProps {
  value: string;
  /** Offers "any device group at all" too. */
  any?: boolean;
  onPick: (name: string) => void;
}

/** DeviceGroupPicker narrows an endpoint question to one device group; without one it is about the whole workload (S17). */
export function DeviceGroupPicker({ value, any = false, onPick }: DeviceGroupPickerProps) {
  const me = useMe();
  // Who may not view roles knows the device groups of their own access, and no others.
  const { data } = useQuery({ ...deviceGroups, enabled: me.viewsOthers });
  const own = me.capabilities.flatMap((cell) => cell.deviceGroups ?? []);
  const names = data?.items.map((group) => group.name) ?? [...new Set(own)];
  return (
    <Field label="Device group">
      <Select value={value} onChange={(_, chosen) => onPick(chosen.value)}>
        <option value="">Every device group</option>
        {any && <option value={anywhere}>Any device group at all</option>}
        {(value && value !== anywhere && !names.includes(value) ? [value, ...names] : names).map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
