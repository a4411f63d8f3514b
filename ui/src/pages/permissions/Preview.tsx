import { MessageBar, MessageBarBody, MessageBarTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { AddCircle16Regular, SubtractCircle16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { preview, type Access, type Change } from "../../api/access";
import type { Schema } from "../../api/client";
import { said } from "../../api/errors";
import { Nothing } from "../../components/labels";
import { Moment } from "../../components/Moment";
import { Loading } from "../../components/states";
import { useLater } from "../../components/useLater";
import { useTasks } from "../../components/useTasks";
import { count, list, workloadLabel } from "../../lib/words";
import { Opens } from "./Opens";

const useStyles = makeStyles({
  rail: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  people: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  line: { display: "flex", gap: tokens.spacingHorizontalXS, alignItems: "flex-start" },
  gain: { color: tokens.colorPaletteGreenForeground1, display: "inline-flex", marginTop: "2px" },
  loss: { color: tokens.colorPaletteRedForeground1, display: "inline-flex", marginTop: "2px" },
});

const most = 12;

/** Preview says what a change would do before it is saved: what it opens, who gains, who loses, what stands in its way. */
export function Preview({ changes }: { changes: Change[] }) {
  const styles = useStyles();
  const task = useTasks();
  const { data, error, isPending } = useQuery(preview(useLater(changes)));
  if (isPending) return <Loading what="the preview" rows={3} />;
  if (error) {
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>No preview</MessageBarTitle>
          {said(error)}
        </MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <div className={styles.rail} aria-live="polite">
      {!data.allowed && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>You can't save this</MessageBarTitle>
            {whyNot(data)}
          </MessageBarBody>
        </MessageBar>
      )}
      {(data.losingAll ?? 0) > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{`${count(data.losingAll ?? 0, "person loses", "people lose")} their last access`}</MessageBarTitle>
            {`${list(data.users.filter((user) => user.losesAll).slice(0, most).map((user) => user.displayName || user.user))}: no access is left that you may know of.`}
          </MessageBarBody>
        </MessageBar>
      )}
      {(data.notes ?? []).length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>Not all of it comes back</MessageBarTitle>
            {(data.notes ?? []).map(sentence).join(" ")}
          </MessageBarBody>
        </MessageBar>
      )}
      {data.opens.length > 0 && (
        <>
          <Text weight="semibold">What it opens</Text>
          <Opens opens={data.opens} />
        </>
      )}
      <Text weight="semibold">{whoChanges(data)}</Text>
      {data.gaining + data.losing === 0 && <Nothing>Nobody's access changes</Nothing>}
      <People users={data.users} total={data.total} task={task} />
      {(data.later ?? []).map((later) => (
        <section key={later.at} className={styles.rail}>
          <Text weight="semibold">
            {"From "}
            <Moment at={later.at} />
            {" on"}
          </Text>
          <People users={later.users} total={later.total} task={task} />
        </section>
      ))}
      {data.more && <Text size={200}>More begins and ends later than is shown here.</Text>}
      {data.uncounted && <Text size={200}>{sentence(data.uncounted)}</Text>}
    </div>
  );
}

/** People are those for whom something changes, with what comes into their sight and goes out of it. */
export function People({ users, total, task }: { users: readonly Schema["UserChange"][]; total: number; task: (capability: string) => string }) {
  const styles = useStyles();
  return (
    <>
      <ul className={styles.people}>
        {users.slice(0, most).map((user) => (
          <li key={user.user}>
            <Text weight="semibold" size={200}>{user.displayName && user.displayName !== user.user ? `${user.displayName} (${user.user})` : user.user}</Text>
            {user.gains.map((access, i) => (
              <div key={`g${i}`} className={styles.line}>
                <span className={styles.gain}>
                  <AddCircle16Regular aria-label="gains" />
                </span>
                <Text size={200}>{accessWords(access, task)}</Text>
              </div>
            ))}
            {user.losses.map((access, i) => (
              <div key={`l${i}`} className={styles.line}>
                <span className={styles.loss}>
                  <SubtractCircle16Regular aria-label="loses" />
                </span>
                <Text size={200}>{accessWords(access, task)}</Text>
              </div>
            ))}
            {user.data && <Text block size={200}>{sightWords(user.data)}</Text>}
          </li>
        ))}
      </ul>
      {total > most && <Text size={200}>{`And ${count(total - most, "other person", "other people")}.`}</Text>}
    </>
  );
}

/** sightWords says how much of the queue comes into somebody's sight and goes out of it. */
export function sightWords(data: Schema["SightChange"]): string {
  const both = (alerts: number, incidents: number) => `${count(alerts, "alert", "alerts")} and ${count(incidents, "incident", "incidents")}`;
  const parts = [];
  if (data.alertsGained + data.incidentsGained > 0) parts.push(`sees ${both(data.alertsGained, data.incidentsGained)} more`);
  if (data.alertsLost + data.incidentsLost > 0) parts.push(`no longer sees ${both(data.alertsLost, data.incidentsLost)}`);
  return parts.length > 0 ? `${sentence(parts.join("; "))}` : "Sees the same alerts and incidents.";
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** whyNot says what stands in the way: the bounds of a ceiling, what one does not hold, or whatever else it is. */
function whyNot({ breaches = [], lacks, reason }: Schema["Preview"]) {
  const sentences = [...breaches.map((sentence) => `Beyond your delegation ceiling: ${sentence}.`), ...lacks.map((lack) => lack.sentence)];
  return sentences.length > 0 ? sentences.join(" ") : reason;
}

/** refused is why what is previewed can't be done; undefined if it can, or if that is not known yet. */
export const refused = (known: Schema["Preview"] | undefined) => (known && !known.allowed ? whyNot(known) : undefined);

/** whoChanges counts those who gain and those who lose, now or later. */
export function whoChanges({ gaining: gains, losing: losses }: Pick<Schema["Preview"], "gaining" | "losing">): string {
  return `${count(gains, "person gains", "people gain")}, ${count(losses, "person loses", "people lose")}`;
}

function accessWords(access: Access, task: (capability: string) => string): string {
  const where = access.everywhere || access.workload !== "endpoint" ? workloadLabel(access.workload) : `${workloadLabel(access.workload)}, on ${list(access.deviceGroups ?? [])}`;
  return `${task(access.capability)} (${where})`;
}
