import { Button, Menu, MenuDivider, MenuGroup, MenuGroupHeader, MenuItem, MenuList, MenuPopover, MenuTrigger, makeStyles } from "@fluentui/react-components";
import { MoreVertical16Regular } from "@fluentui/react-icons";
import { useState } from "react";
import type { HuntColumn } from "../../api/hunting";
import { text, type Filter, type Row, type Sorted } from "../../lib/huntRows";

const useStyles = makeStyles({ more: { minWidth: "24px", width: "24px", flexShrink: 0 } });

interface CellMenuProps {
  at: { x: number; y: number };
  column: HuntColumn | undefined;
  value: string;
  onFilter: (value: string, not: boolean) => void;
  onCopy: () => void;
  onOpen: () => void;
  onClose: () => void;
}

/** CellMenu is what can be done with one value. */
export function CellMenu({ at, column, value, onFilter, onCopy, onOpen, onClose }: CellMenuProps) {
  const target = { getBoundingClientRect: () => new DOMRect(at.x, at.y, 0, 0) };
  const said = value.length > 40 ? `${value.slice(0, 40)}…` : value;
  return (
    <Menu open onOpenChange={(_, data) => !data.open && onClose()} positioning={{ target, position: "below", align: "start" }}>
      <MenuPopover>
        <MenuList>
          <MenuItem secondaryContent="Ctrl+C" onClick={onCopy}>{`Copy ${column?.name ?? "the value"}`}</MenuItem>
          <MenuItem onClick={() => onFilter(value, false)}>{value ? `Only rows with ${said}` : "Only rows where it is empty"}</MenuItem>
          <MenuItem onClick={() => onFilter(value, true)}>{value ? `Only rows without ${said}` : "Only rows where it is not empty"}</MenuItem>
          <MenuDivider />
          <MenuItem secondaryContent="Enter" onClick={onOpen}>Show the whole record</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

interface MenuProps {
  rows: readonly Row[];
  places: readonly number[];
  onSort: (sorted: Sorted | undefined) => void;
  onFilter: (filter: Filter) => void;
  onHide: (column: number) => void;
  column: HuntColumn;
  place: number;
  last: boolean;
  onFit: () => void;
  onNarrow: () => void;
}

/** ColumnMenu orders by a column, hides it, or narrows the rows by one of its values. */
export function ColumnMenu({ column, place, rows, places, onSort, onFilter, onHide, last, onFit, onNarrow }: MenuProps) {
  const styles = useStyles();
  const [opened, setOpened] = useState(false);
  return (
    <Menu open={opened} onOpenChange={(_, data) => setOpened(data.open)}>
      <MenuTrigger disableButtonEnhancement>
        <Button size="small" appearance="transparent" className={styles.more} icon={<MoreVertical16Regular />} aria-label={`${column.name}: sort, filter, hide`} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => onSort({ column: place, descending: false })}>Sort ascending</MenuItem>
          <MenuItem onClick={() => onSort({ column: place, descending: true })}>Sort descending</MenuItem>
          <MenuItem onClick={onFit}>As wide as its values</MenuItem>
          <MenuItem onClick={onNarrow}>Half as wide</MenuItem>
          <MenuItem disabled={last} onClick={() => onHide(place)}>Hide this column</MenuItem>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>Only rows with</MenuGroupHeader>
            {opened && frequent(rows, places, place).map(([value, n]) => (
              <MenuItem key={value} secondaryContent={n.toLocaleString()} onClick={() => onFilter({ column: place, value })}>{value.slice(0, 60) || "(empty)"}</MenuItem>
            ))}
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** frequent are the values that most of the rows have. */
function frequent(rows: readonly Row[], places: readonly number[], column: number): [string, number][] {
  const counts = new Map<string, number>();
  for (const place of places) {
    const value = text(rows[place]?.[column]);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8);
}
