import { Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { Alert } from "../../api/graph";
import { membersOf } from "../../api/investigation";
import { Section } from "../../components/layout";
import { membersWords } from "../../lib/members";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  line: { overflowWrap: "anywhere" },
});

/** Members tells why these alerts are one incident, where somebody or something here has made it so. */
export function Members({ incident, alerts }: { incident: string; alerts: readonly Alert[] }) {
  const styles = useStyles();
  const { data } = useQuery(membersOf(incident));
  const name = (id: string) => alerts.find((alert) => alert.id === id)?.title ?? id;
  const told = (data?.items ?? []).flatMap((member) => {
    const why = member.how === "record" ? "" : membersWords(member, name);
    return why ? [{ ...member, why }] : [];
  });
  if (told.length === 0 || (told.length === 1 && told[0]?.how === "opened")) return null;
  return (
    <Section title="Why these are one incident" level="h2">
      <ul className={styles.list}>
        {told.map((member) => (
          <li key={member.alert} className={styles.line}>
            <Link href={`/alerts/${encodeURIComponent(member.alert)}`}>{name(member.alert)}</Link>
            <Text>{`: ${member.why}`}</Text>
          </li>
        ))}
      </ul>
    </Section>
  );
}
