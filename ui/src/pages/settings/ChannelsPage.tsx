import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { actionTypes } from "../../api/actions";
import { actionExecutors, notificationChannels } from "../../api/settings";
import { Nothing } from "../../components/labels";
import { Card, Facts, PageHeader, Section } from "../../components/layout";
import { Failed, Loading } from "../../components/states";
import { list, workloadLabel } from "../../lib/words";
import { SettingsCrumbs } from "./SettingsCrumbs";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXL },
  cards: { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(340px, 1fr))", gap: tokens.spacingHorizontalL },
  card: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  title: { margin: 0, overflowWrap: "anywhere" },
});

const safe: Record<string, string> = { starttls: "STARTTLS, and not without", implicit: "TLS from the beginning", none: "None: this machine only" };
const kinds: Record<string, string> = { webhook: "A signed webhook", graph: "The product's own API", manual: "People, with a checklist" };

/** Channels: by what people are told, and who carries actions out. The configuration says so; secrets are in no answer of the server. */
export default function ChannelsPage() {
  const styles = useStyles();
  return (
    <div className={styles.page}>
      <PageHeader title="Channels" above={<SettingsCrumbs here="Channels" />} below="As the server's configuration has them. They are changed there; secrets stand in files of their own and are not shown." />
      <Notifications />
      <Executors />
    </div>
  );
}

function Notifications() {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(notificationChannels);
  return (
    <Section title="Notifications" level="h2">
      {isPending ? (
        <Loading what="the channels" rows={3} />
      ) : error ? (
        <Failed error={error} what="Channels" retry={() => void refetch()} />
      ) : (
        <>
          <div className={styles.cards}>
            <Card className={styles.card}>
              <Text as="h3" weight="semibold" className={styles.title}>Mail</Text>
              {data.mail ? (
                <Facts
                  items={[
                    ["Server", data.mail.server],
                    ["Encryption", safe[data.mail.tls] ?? data.mail.tls],
                    ["Signs in", data.mail.signsIn ? "With an account of its own" : "No: the server asks for none"],
                    ["From", data.mail.from],
                    ["Goes to", data.mail.domains.length > 0 ? list(data.mail.domains) : "Any domain"],
                  ]}
                />
              ) : (
                <Nothing>There is no mail server: mail fails, and says so.</Nothing>
              )}
            </Card>
            {data.webhooks.map((hook) => (
              <Card key={hook.name} className={styles.card}>
                <Text as="h3" weight="semibold" className={styles.title}>{`Webhook ${hook.name}`}</Text>
                <Facts
                  items={[
                    ["Address", `${hook.host}/…`],
                    ["May lead", hook.privateNetwork ? "Into the centre's own network" : "To the internet only"],
                    ["Signed", "HMAC-SHA-256"],
                  ]}
                />
              </Card>
            ))}
          </div>
          <Text>{data.portal ? `Links in messages lead to ${data.portal}.` : "Messages hold no links: publicUrl is not set."}</Text>
        </>
      )}
    </Section>
  );
}

function Executors() {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(actionExecutors);
  const types = useQuery(actionTypes);
  const title = (name: string) => types.data?.items.find((type) => type.name === name)?.title ?? name;
  return (
    <Section title="Executors of actions" level="h2">
      <Text>The first that takes an action gets it.</Text>
      {isPending ? (
        <Loading what="the executors" rows={3} />
      ) : error ? (
        <Failed error={error} what="Executors" retry={() => void refetch()} />
      ) : (
        <div className={styles.cards}>
          {data.items.map((one) => (
            <Card key={one.name} className={styles.card}>
              <Text as="h3" weight="semibold" className={styles.title}>{one.name}</Text>
              <Facts
                items={[
                  ["Kind", kinds[one.kind] ?? one.kind],
                  ["Address", one.host ? `${one.host}/…` : ""],
                  ["Products", one.workloads.length > 0 ? list(one.workloads.map(workloadLabel)) : "All"],
                  ["Actions", one.actionTypes.length > 0 ? list(one.actionTypes.map(title)) : one.kind === "manual" ? "All that nobody else takes" : "All"],
                  ["Times out after", duration(one.timeoutSeconds)],
                ]}
              />
            </Card>
          ))}
        </div>
      )}
    </Section>
  );
}

function duration(seconds: number): string {
  for (const [unit, size] of [["day", 86_400], ["hour", 3_600], ["minute", 60]] as const) {
    if (seconds >= size && seconds % size === 0) return `${seconds / size} ${unit}${seconds === size ? "" : "s"}`;
  }
  return `${seconds} seconds`;
}
