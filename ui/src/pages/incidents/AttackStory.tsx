import { Badge, Button, Link, Text, ToggleButton, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useMemo, useState } from "react";
import type { Alert } from "../../api/graph";
import { Severity, Verdict } from "../../components/labels";
import { Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { storyOf, type Story, type Thing } from "../../lib/story";
import { count, sentence, shortProduct } from "../../lib/words";
import { StoryGraph } from "./StoryGraph";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  line: { display: "grid", gridTemplateColumns: "150px minmax(0, 1fr)", gap: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalXS, borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  what: { display: "flex", flexDirection: "column", minWidth: 0 },
  facts: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "center" },
  quiet: { color: tokens.colorNeutralForeground3, overflowWrap: "anywhere" },
  // In columns, so that an eye runs down the kinds and the numbers.
  thing: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) 150px 80px 110px", alignItems: "center", justifyItems: "start", gap: tokens.spacingHorizontalM, maxWidth: "860px" },
  name: { overflowWrap: "anywhere" },
  lit: { backgroundColor: tokens.colorNeutralBackground1Selected },
});

// What a picture holds and an eye takes in; the lists below have all.
const mostAlerts = 40;
const mostThings = 40;
const listed = 20;

/** AttackStory tells what the visible alerts of an incident tell together: as a picture, as what ties them, and in time. */
export function AttackStory({ alerts }: { alerts: readonly Alert[] }) {
  const styles = useStyles();
  const story = useMemo(() => storyOf(alerts), [alerts]);
  const [chosen, setChosen] = useState<string | null>(null);
  const shared = story.things.filter((thing) => thing.alerts.length > 1);
  const drawn: Story = { alerts: story.alerts.slice(0, mostAlerts), things: (shared.length > 0 ? shared : story.things).slice(0, mostThings).filter((thing) => thing.alerts.some((at) => at < mostAlerts)) };
  const thing = story.things.find(({ key }) => key === chosen);
  return (
    <div className={styles.page}>
      {drawn.things.length > 0 && <StoryGraph story={drawn} chosen={chosen} onChoose={(key) => setChosen(key === chosen ? null : key)} />}
      {(drawn.alerts.length < story.alerts.length || shared.length > mostThings) && <Text size={200}>The picture shows the first {drawn.alerts.length} alerts and what most of them share; the lists below have all.</Text>}
      <Ties things={story.things} shared={shared.length > 0} chosen={chosen} onChoose={setChosen} />
      <Section title="In time" level="h2">
        <ol className={styles.list} aria-label="Alerts in the order in which they began">
          {story.alerts.map((alert, at) => (
            <li key={alert.id} className={mergeClasses(styles.line, thing?.alerts.includes(at) && styles.lit)}>
              <Moment at={alert.firstActivityDateTime ?? alert.createdDateTime} />
              <div className={styles.what}>
                <Link href={`/alerts/${encodeURIComponent(alert.id)}`}>{alert.title ?? alert.id}</Link>
                <span className={styles.facts}>
                  <Severity value={alert.severity} />
                  {thing?.alerts.includes(at) && <Badge appearance="tint" shape="rounded">Names it</Badge>}
                  <Text size={200}>{shortProduct(alert.serviceSource)}</Text>
                  <Text size={200}>{sentence(alert.category)}</Text>
                </span>
                <Text size={200} className={styles.quiet}>{names(story.things, at)}</Text>
              </div>
            </li>
          ))}
        </ol>
      </Section>
    </div>
  );
}

/** names are what an alert names, those first that others name too. */
function names(things: readonly Thing[], at: number): string {
  const here = things.filter((thing) => thing.alerts.includes(at)).map(({ name }) => name);
  return here.slice(0, 5).join(", ") + (here.length > 5 ? ` and ${here.length - 5} more` : "");
}

interface TiesProps {
  things: readonly Thing[];
  shared: boolean;
  chosen: string | null;
  onChoose: (key: string | null) => void;
}

/** Ties is the picture as a list: each thing with how many alerts name it. */
function Ties({ things, shared, chosen, onChoose }: TiesProps) {
  const styles = useStyles();
  const [all, setAll] = useState(false);
  const most = (shared ? things.filter((thing) => thing.alerts.length > 1) : things).slice(0, listed);
  const shown = all ? things : most;
  if (things.length === 0) return <Text>These alerts name nothing that you may see.</Text>;
  return (
    <Section title={shared ? "What ties the alerts together" : "What the alerts name"} level="h2">
      <ul className={styles.list}>
        {shown.map((thing) => (
          <li key={thing.key} className={styles.thing}>
            <ToggleButton size="small" checked={chosen === thing.key} onClick={() => onChoose(chosen === thing.key ? null : thing.key)}>
              <span className={styles.name}>{thing.name}</span>
            </ToggleButton>
            <Text size={200}>{thing.kind}</Text>
            <Text size={200}>{`in ${count(thing.alerts.length, "alert")}`}</Text>
            <Verdict value={thing.evidence.verdict} />
          </li>
        ))}
      </ul>
      {things.length > most.length && (
        <div>
          <Button size="small" appearance="subtle" onClick={() => setAll(!all)}>{all ? "Show fewer" : `Show all ${things.length.toLocaleString()}`}</Button>
        </div>
      )}
    </Section>
  );
}
