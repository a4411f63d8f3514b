import { Badge, Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { sessionList, useEndSession, type OpenSession } from "../../api/directory";
import { useSignOut } from "../../api/session";
import { Grid, type Column } from "../../components/Grid";
import { PageHeader } from "../../components/layout";
import { browserOf } from "../../lib/browser";
import { Moment } from "../../components/Moment";
import { Failed, Loading } from "../../components/states";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, maxWidth: "1100px" },
});

const columns: readonly Column<OpenSession>[] = [
  { id: "userAgent", title: "Browser", cell: (s) => <Text title={s.userAgent}>{browserOf(s.userAgent)}</Text>, width: "36%" },
  { id: "address", title: "From", cell: (s) => s.address, width: "16%" },
  { id: "createdAt", title: "Signed in", cell: (s) => <Moment at={s.createdAt} plain />, width: "18%" },
  { id: "seenAt", title: "Last seen", cell: (s) => <Moment at={s.seenAt} plain />, width: "18%" },
  { id: "current", title: "End", cell: (s) => (s.current ? <Badge appearance="tint" shape="rounded">This one</Badge> : <End session={s} />), width: "12%" },
];

function End({ session }: { session: OpenSession }) {
  const end = useEndSession();
  return (
    <Button size="small" disabledFocusable={end.isPending} onClick={() => end.mutate(session.id)}>
      End
    </Button>
  );
}

/** Where one is signed in, and the way out of all of it. */
export default function SessionsPage() {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(sessionList);
  const signOut = useSignOut();
  return (
    <div className={styles.page}>
      <PageHeader title="Sessions" below="Where you are signed in. A session ends by itself when it is not used." commands={<Button onClick={() => signOut.mutate(true)}>Sign out everywhere</Button>} />
      {isPending ? (
        <Loading what="your sessions" rows={3} />
      ) : error ? (
        <Failed error={error} what="sessions" retry={() => void refetch()} />
      ) : (
        <Grid label="Sessions" columns={columns} items={data.items} id={(session) => session.id} />
      )}
    </div>
  );
}
