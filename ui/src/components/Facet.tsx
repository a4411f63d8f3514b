import { Button, Menu, MenuItemCheckbox, MenuList, MenuPopover, MenuTrigger, makeStyles, tokens } from "@fluentui/react-components";
import { ChevronDown16Regular } from "@fluentui/react-icons";
import type { ReactNode } from "react";

export interface FacetValue {
  value: string;
  label: ReactNode;
  count?: number | undefined;
}

const useStyles = makeStyles({
  active: {
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorBrandForeground2,
    ":hover": { backgroundColor: tokens.colorBrandBackground2Hover },
  },
  item: { display: "flex", justifyContent: "space-between", gap: tokens.spacingHorizontalL, minWidth: "180px" },
  count: { color: tokens.colorNeutralForeground3, fontVariantNumeric: "tabular-nums" },
  list: { maxHeight: "420px", overflowY: "auto" },
});

interface FacetProps {
  label: string;
  values: readonly FacetValue[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Facet narrows a list by one field: the values that the reader's own rows have, with how many. */
export function Facet({ label, values, chosen, onChange }: FacetProps) {
  const styles = useStyles();
  // A value chosen by a link stays in the menu although no row has it any more, so that it can be taken away.
  const all = [...values, ...chosen.filter((c) => !values.some((v) => v.value === c)).map((c) => ({ value: c, label: c, count: 0 }))];
  const said = chosen.length === 0 ? label : `${label}: ${chosen.length}`;
  return (
    <Menu checkedValues={{ chosen: [...chosen] }} onCheckedValueChange={(_, data) => onChange(data.checkedItems)}>
      <MenuTrigger disableButtonEnhancement>
        <Button size="small" shape="circular" className={chosen.length > 0 ? styles.active : undefined} icon={<ChevronDown16Regular />} iconPosition="after">
          {said}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList className={styles.list} aria-label={`Filter by ${label.toLowerCase()}`}>
          {all.length === 0 && <MenuItemCheckbox name="none" value="none" disabled>{`No ${label.toLowerCase()} to choose`}</MenuItemCheckbox>}
          {all.map(({ value, label: shown, count }) => (
            <MenuItemCheckbox key={value} name="chosen" value={value}>
              <span className={styles.item}>
                <span>{shown}</span>
                {count !== undefined && <span className={styles.count}>{count.toLocaleString()}</span>}
              </span>
            </MenuItemCheckbox>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
