import { Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { activityOf, type Activity } from "../api/investigation";
import { activityWords } from "../lib/activity";
import { Nothing } from "./labels";
import { Moment } from "./Moment";
import { Failed, Loading } from "./states";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0 },
  line: { display: "grid", gridTemplateColumns: "150px minmax(0, 1fr)", gap: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalS, borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  what: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
});

/** ActivityLog tells who changed an alert, or an incident and its alerts, when, and from what to what. */
export function ActivityLog({ kind, id }: { kind: "alerts" | "incidents"; id: string }) {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(activityOf(kind, id));
  if (isPending) return <Loading what="the activity" rows={5} />;
  if (error) return <Failed error={error} what="activity" retry={() => void refetch()} />;
  if (data.partial) return <Text>You see a part of this incident. What was done to it is told to those who see all of it.</Text>;
  if (data.items.length === 0) return <Nothing>Nobody has changed anything here yet</Nothing>;
  return (
    <ol className={styles.list} aria-label="What was done, newest first">
      {data.items.map((item, i) => (
        <li key={`${item.at} ${i}`} className={styles.line}>
          <Moment at={item.at} />
          <div className={styles.what}>
            <Text>
              <Text weight="semibold">{item.actor}</Text>
              {` ${activityWords(item).does}`}
              {kind === "incidents" && item.kind === "alert" && <OfAlert item={item} />}
            </Text>
            {activityWords(item).changes.map((line) => (
              <Text key={line} size={200}>{line}</Text>
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}

function OfAlert({ item }: { item: Activity }) {
  return (
    <>
      {": alert "}
      <Link href={`/alerts/${encodeURIComponent(item.id)}`}>{item.id}</Link>
    </>
  );
}
