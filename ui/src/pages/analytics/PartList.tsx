import { Button, makeStyles, tokens } from "@fluentui/react-components";
import type { UseInfiniteQueryResult, InfiniteData } from "@tanstack/react-query";
import { Grid, type Column } from "../../components/Grid";
import { Empty, Failed, Loading } from "../../components/states";

const useStyles = makeStyles({ more: { display: "flex", justifyContent: "center", paddingTop: tokens.spacingVerticalM } });

interface PartListProps<T> {
  label: string;
  what: string;
  none: string;
  rows: UseInfiniteQueryResult<InfiniteData<{ items: T[]; total: number; next?: string }>>;
  columns: readonly Column<T>[];
  id: (item: T) => string;
  name: (item: T) => string;
  onOpen?: (item: T) => void;
  narrow?: boolean;
}

/** PartList is a list of one part of a report, a page after the other. */
export function PartList<T>({ label, what, none, rows, columns, id, name, onOpen, narrow = false }: PartListProps<T>) {
  const styles = useStyles();
  if (rows.isPending) return <Loading what={what} rows={6} />;
  if (rows.isError && !rows.data) return <Failed error={rows.error} what={what} retry={() => void rows.refetch()} />;
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  const total = rows.data?.pages[0]?.total ?? 0;
  if (items.length === 0) return <Empty title="None">{none}</Empty>;
  return (
    <>
      <Grid label={label} columns={columns} items={items} id={id} name={name} narrow={narrow} {...(onOpen ? { onOpen } : {})} />
      {rows.hasNextPage && (
        <div className={styles.more}>
          <Button disabledFocusable={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>{`Show more (${items.length.toLocaleString()} of ${total.toLocaleString()})`}</Button>
        </div>
      )}
    </>
  );
}
