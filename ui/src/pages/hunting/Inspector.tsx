import { Button, Checkbox, DrawerBody, DrawerHeader, DrawerHeaderTitle, Input, Link, OverlayDrawer, Text, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowDown20Regular, ArrowUp20Regular, Copy16Regular, Dismiss24Regular, Filter16Regular, FilterDismiss16Regular } from "@fluentui/react-icons";
import { useState } from "react";
import type { HuntColumn } from "../../api/hunting";
import { useToast } from "../../components/toaster";
import { entityOf } from "../../lib/goHunt";
import { text, type Filter, type Row } from "../../lib/huntRows";

const useStyles = makeStyles({
  list: { display: "flex", flexDirection: "column", margin: 0, padding: 0 },
  item: { display: "grid", gridTemplateColumns: "minmax(120px, 190px) minmax(0, 1fr) auto", gap: tokens.spacingHorizontalS, alignItems: "start", padding: "4px 0", borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  name: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
  value: { margin: 0, whiteSpace: "pre-wrap", overflowWrap: "anywhere", unicodeBidi: "isolate", maxHeight: "320px", overflowY: "auto", fontFamily: tokens.fontFamilyBase },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  acts: { display: "flex" },
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  search: { flexGrow: 1 },
  place: { marginInlineStart: tokens.spacingHorizontalM, color: tokens.colorNeutralForeground3 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

interface Props {
  columns: readonly HuntColumn[];
  row: Row;
  /** Where it stands among the rows that are shown, from 0; -1: a filter has left it out. */
  place: number;
  of: number;
  onMove: (place: number) => void;
  onFilter: (filter: Filter) => void;
  onClose: () => void;
}

/** Inspector shows all of one row, leads to the next, and narrows the rows by any of its values. */
export function Inspector({ columns, row, place, of, onMove, onFilter, onClose }: Props) {
  const styles = useStyles();
  const toast = useToast();
  const [search, setSearch] = useState("");
  const [full, setFull] = useState(false);
  const wanted = search.toLowerCase();
  const listed = columns.map((column, i) => ({ column, i, whole: text(row[i]) })).filter(({ column, whole }) => (whole || !full) && (!wanted || column.name.toLowerCase().includes(wanted) || whole.toLowerCase().includes(wanted)));
  function copy(what: string, content: string) {
    navigator.clipboard.writeText(content).then(() => toast("success", `Copied ${what}`), () => toast("error", "The browser did not let it be copied."));
  }
  return (
    <OverlayDrawer open position="end" size="medium" onOpenChange={(_, data) => !data.open && onClose()}>
      <DrawerHeader>
        <DrawerHeaderTitle
          action={
            <>
              <Tooltip content="The row before" relationship="label">
                <Button appearance="subtle" icon={<ArrowUp20Regular />} disabledFocusable={place <= 0} onClick={() => onMove(place - 1)} />
              </Tooltip>
              <Tooltip content="The next row" relationship="label">
                <Button appearance="subtle" icon={<ArrowDown20Regular />} disabledFocusable={place < 0 || place >= of - 1} onClick={() => onMove(place + 1)} />
              </Tooltip>
              <Button appearance="subtle" aria-label="Close" icon={<Dismiss24Regular />} onClick={onClose} />
            </>
          }
        >
          Record
          <Text size={300} className={styles.place} aria-live="polite">{place < 0 ? "Left out by a filter" : `Row ${(place + 1).toLocaleString()} of ${of.toLocaleString()}`}</Text>
        </DrawerHeaderTitle>
        <div className={styles.bar}>
          <Input size="small" className={styles.search} aria-label="Search this record" placeholder="Search names and values" value={search} onChange={(_, data) => setSearch(data.value)} />
          <Checkbox label="Without what is empty" checked={full} onChange={(_, data) => setFull(data.checked === true)} />
        </div>
      </DrawerHeader>
      <DrawerBody>
        <dl className={styles.list}>
          {listed.map(({ column, i, whole }) => {
            const entity = whole ? entityOf(column.name, whole) : undefined;
            return (
              <div key={i} className={styles.item}>
                <dt className={styles.name}>{column.name}</dt>
                <dd className={styles.value}>
                  {whole === "" ? <Text className={styles.quiet}>Empty</Text> : entity ? <Link href={entity}>{whole}</Link> : <Value whole={whole} />}
                </dd>
                <dd className={styles.acts} style={{ margin: 0 }}>
                  <Tooltip content="Only rows with this value" relationship="label">
                    <Button size="small" appearance="subtle" icon={<Filter16Regular />} onClick={() => onFilter({ column: i, value: whole })} />
                  </Tooltip>
                  <Tooltip content="Only rows without this value" relationship="label">
                    <Button size="small" appearance="subtle" icon={<FilterDismiss16Regular />} onClick={() => onFilter({ column: i, value: whole, not: true })} />
                  </Tooltip>
                  <Tooltip content={`Copy ${column.name}`} relationship="label">
                    <Button size="small" appearance="subtle" icon={<Copy16Regular />} onClick={() => copy(column.name, whole)} />
                  </Tooltip>
                </dd>
              </div>
            );
          })}
        </dl>
      </DrawerBody>
    </OverlayDrawer>
  );
}

/** Value shows what holds JSON in lines. */
function Value({ whole }: { whole: string }) {
  const styles = useStyles();
  const lines = inLines(whole);
  return lines ? <span className={styles.code}>{lines}</span> : <>{whole}</>;
}

function inLines(whole: string): string | undefined {
  if (!/^[[{]/.test(whole)) return undefined;
  try {
    return JSON.stringify(JSON.parse(whole), null, 2);
  } catch {
    return undefined; // it only begins like JSON
  }
}
