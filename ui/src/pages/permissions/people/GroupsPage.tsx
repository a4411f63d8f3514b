import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { refusalOf } from "../../../api/errors";
import { groups, type Group } from "../../../api/people";
import { Grid, type Column } from "../../../components/Grid";
import { Name, Nothing } from "../../../components/labels";
import { PageHeader } from "../../../components/layout";
import { RefusableButton } from "../../../components/RefusableButton";
import { SearchField } from "../../../components/SearchField";
import { Empty, Failed, Loading } from "../../../components/states";
import { count } from "../../../lib/words";
import { PermissionsCrumbs } from "../PermissionsCrumbs";
import { GroupDetails } from "./GroupDetails";
import { GroupEditor } from "./GroupEditor";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  more: { display: "flex", justifyContent: "center" },
});

const columns: readonly Column<Group>[] = [
  { id: "name", title: "Group", cell: (g) => <Name>{g.name}</Name>, width: "26%" },
  { id: "members", title: "Members", cell: (g) => (g.memberCount === 0 ? <Nothing>Nobody</Nothing> : count(g.memberCount, "person", "people")), width: "12%" },
  { id: "deviceGroups", title: "Let in by device groups", cell: (g) => (g.deviceGroups?.length ? g.deviceGroups.join(", ") : <Nothing />), width: "26%" },
  { id: "origin", title: "From", cell: (g) => (g.origin ? "Import" : <Nothing>Made here</Nothing>), width: "10%" },
  { id: "description", title: "Description", cell: (g) => g.description ?? "", width: "26%" },
];

/** Groups of people: what roles are given to, and what device groups let in. */
export default function GroupsPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const { name } = useParams();
  const [search] = useSearchParams();
  const q = search.get("q") ?? "";
  const list = useInfiniteQuery(groups(q));
  const [creating, setCreating] = useState(false);
  const address = (group?: string, text = q) => `/permissions/groups${group ? `/${encodeURIComponent(group)}` : ""}${text ? `?q=${encodeURIComponent(text)}` : ""}`;
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  return (
    <div className={styles.page}>
      <PageHeader
        title="Groups"
        above={<PermissionsCrumbs here="Groups" />}
        below={<span aria-live="polite">{list.data ? `${count(total, "group")}${q ? " by that name" : ""}` : "Loading"}</span>}
        commands={
          <RefusableButton appearance="primary" icon={<Add20Regular />} refusal={refusalOf(list.data?.pages[0]?.["@bailiwick.actions"].create)} onClick={() => setCreating(true)}>
            Add group
          </RefusableButton>
        }
      />
      <SearchField label="Search name or description" value={q} onSearch={(text) => void navigate(address(undefined, text))} />
      {list.isPending ? (
        <Loading what="the groups" rows={10} />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} what="Groups" retry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <Empty title={q ? "No group by that name" : "No groups"} why={{ capability: "roles.view" }}>{q ? "No name and no description has this in it." : "Nobody has made a group of people yet."}</Empty>
      ) : (
        <>
          <Grid label="Groups" columns={columns} items={items} id={(group) => group.name} name={(group) => group.name} open={name ?? null} onOpen={(group) => void navigate(address(group.name))} />
          {list.hasNextPage && (
            <div className={styles.more}>
              <Button disabledFocusable={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{`Show more (${items.length.toLocaleString()} of ${total.toLocaleString()})`}</Button>
            </div>
          )}
        </>
      )}
      {name && !creating && <GroupDetails key={name} name={name} onClose={() => void navigate(address())} onRenamed={(now) => void navigate(address(now), { replace: true })} />}
      {creating && (
        <GroupEditor
          group={undefined}
          onClose={() => setCreating(false)}
          onSaved={(group) => {
            setCreating(false);
            void navigate(address(group));
          }}
        />
      )}
    </div>
  );
}
