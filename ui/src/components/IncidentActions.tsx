import { Button, Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useInfiniteQuery } from "@tanstack/react-query";
import { actionList } from "../api/actions";
import { ActionStatus } from "./ActionStatus";
import { Section } from "./layout";
import { Nothing } from "./labels";
import { Failed, Loading } from "./states";

const useStyles = makeStyles({
  list: { listStyle: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM, overflowWrap: "anywhere" },
});

/** IncidentActions are the actions of the Action centre that belong to an incident, as far as one sees them. */
export function IncidentActions({ incident }: { incident: string }) {
  const styles = useStyles();
  const actions = useInfiniteQuery(actionList({ incident }));
  const items = actions.data?.pages.flatMap((page) => page.items) ?? [];
  const asked = new URLSearchParams({ request: "", incident });
  return (
    <Section title="Actions" level="h2">
      {actions.isPending ? (
        <Loading what="the actions" rows={2} />
      ) : actions.isError && !actions.data ? (
        <Failed error={actions.error} what="actions" retry={() => void actions.refetch()} />
      ) : items.length === 0 ? (
        <Nothing>None that you may see</Nothing>
      ) : (
        <ul className={styles.list}>
          {items.map((action) => (
            <li key={action.id} className={styles.line}>
              <Link href={`/actions/${encodeURIComponent(action.id)}${action.status === "pendingApproval" ? "" : "?tab=history"}`}>{action.actionTypeDisplayName}</Link>
              <Text>{[action.device?.name || action.device?.id, action.subject].filter(Boolean).join(": ")}</Text>
              <ActionStatus value={action.status} />
            </li>
          ))}
        </ul>
      )}
      <div className={styles.line}>
        {actions.hasNextPage && <Button size="small" onClick={() => void actions.fetchNextPage()}>Show more</Button>}
        <Button size="small" as="a" href={`/actions?${asked}`}>Request an action</Button>
      </div>
    </Section>
  );
}
