import { Avatar, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { Comment } from "../api/graph";
import { Nothing } from "./labels";
import { Moment } from "./Moment";

const useStyles = makeStyles({
  list: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, margin: 0, padding: 0, listStyleType: "none" },
  comment: { display: "grid", gridTemplateColumns: "auto 1fr", gap: tokens.spacingHorizontalM },
  text: { overflowWrap: "anywhere", whiteSpace: "pre-wrap" },
  said: { display: "flex", flexDirection: "column" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Comments shows who said what, the newest first. */
export function Comments({ comments }: { comments: readonly Comment[] }) {
  const styles = useStyles();
  if (comments.length === 0) return <Nothing>No comments yet</Nothing>;
  const newest = [...comments].sort((a, b) => (b.createdDateTime ?? "").localeCompare(a.createdDateTime ?? ""));
  return (
    <ul className={styles.list}>
      {newest.map((c, i) => (
        <li key={`${c.createdDateTime ?? ""}${i}`} className={styles.comment}>
          <Avatar name={c.createdByDisplayName ?? "Unknown"} size={24} color="colorful" aria-hidden />
          <div className={styles.said}>
            <Text size={200} className={styles.quiet}>
              <Text size={200} weight="semibold">{c.createdByDisplayName ?? "Unknown"}</Text> <Moment at={c.createdDateTime} plain />
            </Text>
            <Text className={styles.text}>{c.comment}</Text>
          </div>
        </li>
      ))}
    </ul>
  );
}
