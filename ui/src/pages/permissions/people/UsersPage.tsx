import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { refusalOf } from "../../../api/errors";
import { users, type User } from "../../../api/people";
import { Grid, type Column } from "../../../components/Grid";
import { Name, Nothing } from "../../../components/labels";
import { PageHeader } from "../../../components/layout";
import { RefusableButton } from "../../../components/RefusableButton";
import { SearchField } from "../../../components/SearchField";
import { Empty, Failed, Loading } from "../../../components/states";
import { count } from "../../../lib/words";
import { PermissionsCrumbs } from "../PermissionsCrumbs";
import { State } from "./State";
import { UserDetails } from "./UserDetails";
import { UserEditor } from "./UserEditor";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  more: { display: "flex", justifyContent: "center" },
});

const columns: readonly Column<User>[] = [
  { id: "displayName", title: "Display name", cell: (u) => <Name>{u.displayName}</Name>, width: "20%" },
  { id: "name", title: "Name", cell: (u) => u.name, width: "24%" },
  { id: "state", title: "State", cell: (u) => <State user={u} />, width: "17%" },
  { id: "globalRoles", title: "Global roles", cell: (u) => (u.globalRoles.length === 0 ? <Nothing /> : u.globalRoles.join(", ")), width: "20%" },
  { id: "groups", title: "Groups", cell: (u) => (u.groups.length === 0 ? <Nothing /> : count(u.groups.length, "group")), width: "9%" },
  { id: "origin", title: "From", cell: (u) => (u.origin ? "Import" : <Nothing>Made here</Nothing>), width: "10%" },
];

/** Everyone whom the centre knows, and what their account is. */
export default function UsersPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const { name } = useParams();
  const [search] = useSearchParams();
  const q = search.get("q") ?? "";
  const list = useInfiniteQuery(users(q));
  const [creating, setCreating] = useState(false);
  const address = (user?: string, text = q) => `/permissions/users${user ? `/${encodeURIComponent(user)}` : ""}${text ? `?q=${encodeURIComponent(text)}` : ""}`;
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  return (
    <div className={styles.page}>
      <PageHeader
        title="Users"
        above={<PermissionsCrumbs here="Users" />}
        below={<span aria-live="polite">{list.data ? `${count(total, "person", "people")}${q ? " by that name" : ""}` : "Loading"}</span>}
        commands={
          <RefusableButton appearance="primary" icon={<Add20Regular />} refusal={refusalOf(list.data?.pages[0]?.["@bailiwick.actions"].create)} onClick={() => setCreating(true)}>
            Add user
          </RefusableButton>
        }
      />
      <SearchField label="Search name or display name" value={q} onSearch={(text) => void navigate(address(undefined, text))} />
      {list.isPending ? (
        <Loading what="the users" rows={10} />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} what="Users" retry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <Empty title={q ? "Nobody by that name" : "Nobody yet"} why={{ capability: "roles.view" }}>{q ? "No name and no display name has this in it." : "Add people one by one, or import the directory."}</Empty>
      ) : (
        <>
          <Grid label="Users" columns={columns} items={items} id={(user) => user.name} name={(user) => user.displayName || user.name} open={name ?? null} onOpen={(user) => void navigate(address(user.name))} />
          {list.hasNextPage && (
            <div className={styles.more}>
              <Button disabledFocusable={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{`Show more (${items.length.toLocaleString()} of ${total.toLocaleString()})`}</Button>
            </div>
          )}
        </>
      )}
      {name && !creating && <UserDetails key={name} name={name} onClose={() => void navigate(address())} />}
      {creating && (
        <UserEditor
          user={undefined}
          onClose={() => setCreating(false)}
          onSaved={(user) => {
            setCreating(false);
            void navigate(address(user));
          }}
        />
      )}
    </div>
  );
}
