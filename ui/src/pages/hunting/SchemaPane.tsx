import { Button, Input, Text, Tooltip, Tree, TreeItem, TreeItemLayout, makeStyles, tokens } from "@fluentui/react-components";
import { Add16Regular, LockClosed16Regular, Search16Regular, Table16Regular, TextColumnOneRegular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import type { HuntingSchema, HuntingTable } from "../../api/hunting";
import { workloadLabel } from "../../lib/words";

const useStyles = makeStyles({
  pane: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minHeight: 0, height: "100%" },
  tree: { overflowY: "auto", minHeight: 0, flexGrow: 1 },
  type: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  locked: { color: tokens.colorNeutralForeground3 },
  why: { display: "block", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, whiteSpace: "normal", paddingBlock: "2px", maxWidth: "230px" },
  leaf: { minHeight: "26px" },
  name: { overflowWrap: "anywhere" },
});

/** groupOf is where a table stands: with the products that it needs, or with those that it has nothing of. */
function groupOf(table: HuntingTable): string {
  if (table.workloads.length > 0) return table.workloads.map(workloadLabel).join(" and ");
  return table.name.startsWith("Alert") ? "Alerts" : "Other products";
}

/** broken lets a long name go on in the next line before one of its words. */
const broken = (name: string) => name.split(/(?<=[a-z])(?=[A-Z])/).flatMap((word, i) => (i ? [<wbr key={i} />, word] : [word]));

const order = ["Alerts", "Endpoint", "Email & collaboration", "Cloud apps", "Identity"];

interface Props {
  schema: HuntingSchema;
  onInsert: (text: string) => void;
}

/** SchemaPane lists the tables with what their columns are; of those that this reader may not read, what would open them. */
export function SchemaPane({ schema, onInsert }: Props) {
  const styles = useStyles();
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(order));
  const wanted = search.trim().toLowerCase();
  const groups = useMemo(() => {
    const found = new Map<string, HuntingTable[]>();
    for (const table of schema.tables) {
      if (wanted && !table.name.toLowerCase().includes(wanted) && !table.columns.some((column) => column.name.toLowerCase().includes(wanted))) continue;
      const group = groupOf(table);
      found.set(group, [...(found.get(group) ?? []), table]);
    }
    const place = (name: string) => (order.includes(name) ? order.indexOf(name) : name === "Other products" ? 99 : 50);
    return [...found].sort(([a], [b]) => place(a) - place(b));
  }, [schema, wanted]);
  return (
    <div className={styles.pane}>
      <Input size="small" type="search" aria-label="Search the schema" placeholder="Search tables and columns" contentBefore={<Search16Regular />} value={search} onChange={(_, data) => setSearch(data.value)} />
      {groups.length === 0 && <Text>No table or column has that in its name.</Text>}
      <Tree aria-label="Tables" className={styles.tree} openItems={wanted ? [...open, ...groups.map(([group]) => group)] : [...open]} onOpenChange={(_, data) => setOpen(new Set([...data.openItems].map(String)))}>
        {groups.map(([group, tables]) => (
          <TreeItem key={group} itemType="branch" value={group}>
            <TreeItemLayout>
              <Text weight="semibold" size={200}>{`${group} (${tables.filter((table) => table.readable).length} of ${tables.length})`}</Text>
            </TreeItemLayout>
            {(wanted || open.has(group)) && <Tree>{tables.map((table) => <TableItem key={table.name} table={table} open={open.has(table.name)} wanted={wanted} onInsert={onInsert} />)}</Tree>}
          </TreeItem>
        ))}
      </Tree>
    </div>
  );
}

function TableItem({ table, open, wanted, onInsert }: { table: HuntingTable; open: boolean; wanted: string; onInsert: (text: string) => void }) {
  const styles = useStyles();
  const named = wanted && !table.name.toLowerCase().includes(wanted);
  const columns = named ? table.columns.filter((column) => column.name.toLowerCase().includes(wanted)) : table.columns;
  const insert = (text: string) => (
    <Tooltip content={`Insert ${text} into the query`} relationship="label">
      <Button size="small" appearance="subtle" icon={<Add16Regular />} onClick={(event) => (event.stopPropagation(), onInsert(text))} />
    </Tooltip>
  );
  return (
    <TreeItem itemType="branch" value={table.name}>
      <TreeItemLayout className={table.readable ? undefined : styles.locked} iconBefore={table.readable ? <Table16Regular /> : <LockClosed16Regular />} actions={table.readable ? insert(table.name) : undefined}>
        <span className={styles.name} title={table.description}>{broken(table.name)}</span>
        {!table.readable && <span className={styles.why}>{(table.lacks ?? []).join("; ")}</span>}
        {table.retired && <span className={styles.why}>{`No new rows since ${table.retired}`}</span>}
      </TreeItemLayout>
      {open && (
        <Tree>
          {table.description && (
            <TreeItem itemType="leaf" value={`${table.name} about`}>
              <TreeItemLayout><span className={styles.why}>{table.description}</span></TreeItemLayout>
            </TreeItem>
          )}
          {columns.map((column) => (
            <TreeItem key={column.name} itemType="leaf" value={`${table.name}.${column.name}`}>
              <TreeItemLayout className={styles.leaf} iconBefore={<TextColumnOneRegular />} aside={<span className={styles.type}>{column.type}</span>} actions={table.readable ? insert(column.name) : undefined}>
                <span className={styles.name} title={column.description}>{broken(column.name)}</span>
              </TreeItemLayout>
            </TreeItem>
          ))}
        </Tree>
      )}
    </TreeItem>
  );
}
