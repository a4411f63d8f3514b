import { Button, Link, Select, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { alertTitles } from "../../api/investigation";
import { notificationLog, notificationRules, type Notification, type NotificationStatus } from "../../api/settings";
import { DeliveryStatus } from "../../components/DeliveryStatus";
import { Details } from "../../components/Details";
import { Grid, type Column } from "../../components/Grid";
import { Facts, PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { Empty, Failed, Loading } from "../../components/states";
import { way } from "../../lib/notifications";
import { count } from "../../lib/words";
import { SettingsCrumbs } from "./SettingsCrumbs";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS, marginBlock: tokens.spacingVerticalM },
  more: { display: "flex", justifyContent: "center", paddingTop: tokens.spacingVerticalM },
});

type Titles = ReadonlyMap<string, string> | undefined;
const about = (n: Notification, titles: Titles) => (n.alertId ? (titles?.get(n.alertId) ?? n.alertId) : n.detectionId ? "A custom detection that paused" : "A test");
const columns = (titles: Titles): readonly Column<Notification>[] => [
  { id: "created", title: "When", cell: (n) => <Moment at={n.createdDateTime} plain />, width: "14.5%" },
  { id: "status", title: "Status", cell: (n) => <DeliveryStatus value={n.status} />, width: "10.5%" },
  { id: "rule", title: "Rule", cell: (n) => n.ruleName, width: "15%" },
  { id: "alert", title: "Of", cell: (n) => about(n, titles), width: "20%" },
  { id: "to", title: "To", cell: (n) => way(n.to), width: "23%" },
  { id: "outcome", title: "Why, or what went wrong", cell: (n) => n.outcome, width: "17%" },
];

const statuses: readonly (readonly [NotificationStatus, string])[] = [
  ["pending", "Pending"],
  ["sent", "Sent"],
  ["withheld", "Withheld"],
  ["failed", "Failed"],
];

/** The delivery log: what was told to whom by which rule. Its address holds what it shows, the open one included. */
export default function DeliveryLogPage() {
  const styles = useStyles();
  const [search, setSearch] = useSearchParams();
  const rules = useQuery(notificationRules);
  const rule = search.get("rule") ?? "";
  const status = statuses.find(([value]) => value === search.get("status"))?.[0];
  const log = useInfiniteQuery(notificationLog({ ...(rule ? { rule } : {}), ...(status ? { status } : {}) }));
  const items = log.data?.pages.flatMap((page) => page.items) ?? [];
  const { data: titles } = useQuery(alertTitles(items.flatMap((one) => one.alertId ?? [])));
  const total = log.data?.pages[0]?.total ?? 0;
  const open = items.find((one) => one.id === search.get("open"));
  const set = (name: string, value: string) =>
    setSearch((now) => {
      const next = new URLSearchParams(now);
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    });
  const names = new Map((rules.data?.items ?? []).map((one) => [one.id, one.name]));
  for (const one of items) if (!names.has(one.rule)) names.set(one.rule, `${one.ruleName} (deleted)`);
  return (
    <>
      <PageHeader
        title="Delivery log"
        above={<SettingsCrumbs here="Delivery log" />}
        below={<span aria-live="polite">{log.data ? `${count(total, "notification")}, kept for 90 days` : "Loading"}</span>}
      />
      <div className={styles.bar} role="group" aria-label="Filters">
        <Select size="small" aria-label="Rule" value={rule} onChange={(_, data) => set("rule", data.value)}>
          <option value="">Every rule</option>
          {[...names].map(([id, name]) => (
            <option key={id} value={id}>{name}</option>
          ))}
        </Select>
        <Select size="small" aria-label="Status" value={status ?? ""} onChange={(_, data) => set("status", data.value)}>
          <option value="">Whatever became of it</option>
          {statuses.map(([value, label]) => (
            <option key={value} value={value}>{label}</option>
          ))}
        </Select>
      </div>
      {log.isPending ? (
        <Loading what="the log" rows={10} />
      ) : log.isError && !log.data ? (
        <Failed error={log.error} what="Delivery log" retry={() => void log.refetch()} />
      ) : items.length === 0 ? (
        <Empty title={rule || status ? "Nothing of this kind" : "Nothing was told yet"}>What rules tell, withhold or fail to tell stands here.</Empty>
      ) : (
        <>
          <Grid label="Delivery log" columns={columns(titles)} items={items} id={(n) => n.id} name={(n) => `${about(n, titles)} to ${way(n.to)}, ${n.status}`} open={open?.id ?? null} onOpen={(n) => set("open", n.id)} />
          {log.hasNextPage && (
            <div className={styles.more}>
              <Button disabledFocusable={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>{`Show more (${items.length.toLocaleString()} of ${total.toLocaleString()})`}</Button>
            </div>
          )}
        </>
      )}
      {open && (
        <Details title={about(open, titles)} row={open.id} onClose={() => set("open", "")}>
          <DeliveryStatus value={open.status} />
          {open.status === "withheld" && <Text>When it was to be sent there was nothing to tell this person: no word of it left the centre.</Text>}
          <Facts
            items={[
              ["To", way(open.to)],
              ["Rule", open.ruleName],
              ["Custom detection", open.detectionId && <Link key="d" href={`/detections/${encodeURIComponent(open.detectionId)}`}>Open it</Link>],
              ["Alert", open.alertId && <Link key="a" href={`/alerts/${encodeURIComponent(open.alertId)}`}>{about(open, titles)}</Link>],
              ["Why, or what went wrong", open.outcome],
              ["Attempts", open.attempts.toLocaleString()],
              ["Made", <Moment key="m" at={open.createdDateTime} />],
              ["Last attempt or end", <Moment key="u" at={open.lastUpdateDateTime} />],
              ["Tried again", open.nextDateTime ? <Moment key="n" at={open.nextDateTime} /> : undefined],
              ["Alert id", open.alertId],
              ["Custom detection id", open.detectionId],
              ["Notification id", open.id],
            ]}
          />
        </Details>
      )}
    </>
  );
}
