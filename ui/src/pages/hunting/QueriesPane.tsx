import { Button, Input, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Text, Tree, TreeItem, TreeItemLayout, makeStyles, tokens } from "@fluentui/react-components";
import { MoreHorizontal16Regular, People16Regular, Search16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keptQueries, samples, type KeptQuery, type Sample } from "../../api/hunting";
import { refusalOf } from "../../api/errors";
import { useReadOnly } from "../../components/readOnly";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { RemoveQuery, SaveQuery } from "./SaveQuery";

const useStyles = makeStyles({
  pane: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minHeight: 0, height: "100%" },
  tree: { overflowY: "auto", minHeight: 0, flexGrow: 1 },
  name: { overflowWrap: "anywhere", unicodeBidi: "isolate" },
  quiet: { display: "block", color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

interface Props {
  onOpen: (query: KeptQuery) => void;
}

interface PaneProps extends Props {
  onSample: (sample: Sample) => void;
}

/** QueriesPane lists the queries that this reader keeps, by folder, and those that others share. Of what a query finds, everybody sees their own. */
export function QueriesPane({ onOpen, onSample }: PaneProps) {
  const styles = useStyles();
  const list = useQuery(keptQueries);
  const shipped = useQuery(samples);
  const [search, setSearch] = useState("");
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set()); // the branches that are not as they are at first
  const [editing, setEditing] = useState<KeptQuery>();
  const [removing, setRemoving] = useState<KeptQuery>();
  if (list.isPending) return <Loading what="queries" />;
  if (list.isError) return <Failed error={list.error} what="queries" retry={() => void list.refetch()} />;
  const wanted = search.trim().toLowerCase();
  const found = list.data.items.filter((q) => !wanted || [q.name, q.folder, q.description, q.query, q.owner].some((part) => part.toLowerCase().includes(wanted)));
  const groups: [string, KeptQuery[]][] = [["My queries", found.filter((q) => q.own)], ["Shared by others", found.filter((q) => !q.own)]];
  const begin = (shipped.data?.items ?? []).filter((s) => !wanted || [s.name, s.category, s.description, s.query].some((part) => part.toLowerCase().includes(wanted)));
  const categories = [...new Set(begin.map((s) => s.category))];
  // What is kept is open, and so is all that a search has found; the samples are many, and open when somebody asks for them.
  const branches = [...groups.flatMap(([group, items]) => [group, ...items.map((q) => `${group}/${q.folder}`)]), "Samples", ...categories.map((category) => `Samples/${category}`)];
  const open = wanted ? branches : branches.filter((branch) => branch.startsWith("Samples") === turned.has(branch));
  function turn(branch: string) {
    const next = new Set(turned);
    if (!next.delete(branch)) next.add(branch);
    setTurned(next);
  }
  const item = (q: KeptQuery) => <Item key={q.id} query={q} onOpen={onOpen} onEdit={setEditing} onRemove={setRemoving} />;
  return (
    <div className={styles.pane}>
      <Input size="small" type="search" aria-label="Search queries" placeholder="Search names and texts" contentBefore={<Search16Regular />} value={search} onChange={(_, data) => setSearch(data.value)} />
      <Tree aria-label="Queries" className={styles.tree} openItems={open} onOpenChange={(_, data) => turn(String(data.value))}>
        {groups.map(([group, items]) => {
          const folders = [...new Set(items.map((q) => q.folder).filter(Boolean))];
          return (
            <TreeItem key={group} itemType="branch" value={group}>
              <TreeItemLayout><Text weight="semibold" size={200}>{`${group} (${items.length})`}</Text></TreeItemLayout>
              <Tree>
                {items.length === 0 && <TreeItem itemType="leaf" value={`${group} none`}><TreeItemLayout><span className={styles.quiet}>{wanted ? "None with these words" : group === "My queries" ? "Save a query to find it here" : "Nobody shares any"}</span></TreeItemLayout></TreeItem>}
                {folders.map((folder) => (
                  <TreeItem key={folder} itemType="branch" value={`${group}/${folder}`}>
                    <TreeItemLayout className={styles.name}>{folder}</TreeItemLayout>
                    <Tree>{items.filter((q) => q.folder === folder).map(item)}</Tree>
                  </TreeItem>
                ))}
                {items.filter((q) => !q.folder).map(item)}
              </Tree>
            </TreeItem>
          );
        })}
        <TreeItem itemType="branch" value="Samples">
          <TreeItemLayout><Text weight="semibold" size={200}>{`Samples (${begin.length})`}</Text></TreeItemLayout>
          <Tree>
            {categories.map((category) => (
              <TreeItem key={category} itemType="branch" value={`Samples/${category}`}>
                <TreeItemLayout>{category}</TreeItemLayout>
                <Tree>
                  {begin.filter((s) => s.category === category).map((s) => (
                    <TreeItem key={s.id} itemType="leaf" value={`Samples/${s.id}`} onClick={() => onSample(s)} onKeyDown={(event) => event.key === "Enter" && onSample(s)}>
                      <TreeItemLayout><span className={styles.name} title={s.description}>{s.name}</span></TreeItemLayout>
                    </TreeItem>
                  ))}
                </Tree>
              </TreeItem>
            ))}
          </Tree>
        </TreeItem>
      </Tree>
      {editing && <SaveQuery kept={editing} query={editing.query} onClose={() => setEditing(undefined)} />}
      {removing && <RemoveQuery query={removing} onClose={() => setRemoving(undefined)} />}
    </div>
  );
}

interface ItemProps extends Props {
  query: KeptQuery;
  onEdit: (query: KeptQuery) => void;
  onRemove: (query: KeptQuery) => void;
}

function Item({ query, onOpen, onEdit, onRemove }: ItemProps) {
  const styles = useStyles();
  const toast = useToast();
  const readOnly = useReadOnly();
  const actions = query["@bailiwick.actions"];
  const edit = refusalOf(actions.edit);
  const remove = refusalOf(actions.delete);
  const link = `${location.origin}/hunting?open=${encodeURIComponent(query.id)}`;
  const copy = () => navigator.clipboard.writeText(link).then(() => toast("success", "Copied the link"), () => toast("error", "The browser did not let it be copied.", link));
  return (
    <TreeItem itemType="leaf" value={query.id} onClick={() => onOpen(query)} onKeyDown={(event) => event.key === "Enter" && event.target === event.currentTarget && onOpen(query)}>
      <TreeItemLayout
        iconBefore={query.sharing === "none" ? undefined : <People16Regular aria-label="Shared" />}
        actions={
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Button size="small" appearance="subtle" icon={<MoreHorizontal16Regular />} aria-label={`${query.name}: more`} onClick={(event) => event.stopPropagation()} />
            </MenuTrigger>
            <MenuPopover onClick={(event) => event.stopPropagation()}>
              <MenuList>
                <MenuItem onClick={() => onOpen(query)}>Open in a new tab</MenuItem>
                <MenuItem onClick={() => void copy()}>Copy the link</MenuItem>
                <MenuItem disabled={Boolean(edit ?? readOnly)} title={readOnly ?? edit?.reason} onClick={() => onEdit(query)}>Rename, move or share</MenuItem>
                <MenuItem disabled={Boolean(remove ?? readOnly)} title={readOnly ?? remove?.reason} onClick={() => onRemove(query)}>Delete</MenuItem>
              </MenuList>
            </MenuPopover>
          </Menu>
        }
      >
        <span className={styles.name} title={query.description || query.query.slice(0, 300)}>{query.name}</span>
        {!query.own && <span className={styles.quiet}>{query.owner}</span>}
      </TreeItemLayout>
    </TreeItem>
  );
}
