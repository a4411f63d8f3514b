import { Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { Access, ThreatReport } from "../../api/analytics";
import { DayChart } from "../../components/DayChart";
import { Nothing } from "../../components/labels";
import { Card, Facts, Section } from "../../components/layout";
import { Extent, NotYours } from "../../components/NotYours";
import { Prose } from "../../components/Prose";
import { levelMeans, techniquePage } from "../../lib/analytics";
import { count } from "../../lib/words";
import { Exposure } from "./Exposure";

const useStyles = makeStyles({
  page: { display: "grid", gridTemplateColumns: "minmax(0, 3fr) minmax(0, 2fr)", gap: tokens.spacingHorizontalL, alignItems: "start", "@media (max-width: 1100px)": { gridTemplateColumns: "minmax(0, 1fr)" } },
  column: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, minWidth: 0 },
  number: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600, fontWeight: tokens.fontWeightSemibold, fontVariantNumeric: "tabular-nums" },
  numbers: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalXXL },
  figure: { display: "flex", flexDirection: "column" },
  quiet: { color: tokens.colorNeutralForeground2 },
  list: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM },
  target: { display: "inline-flex", alignItems: "center", minHeight: "24px" },
});

/** Overview is a report at a glance: what it is about, and each part of what it means here. */
export function Overview({ report }: { report: ThreatReport }) {
  const styles = useStyles();
  const { alerts, incidents, assets, exposure, mail } = report;
  const days = alerts.numbers?.days ?? [];
  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <Card>
          <Section title="Executive summary" level="h2">
            {report.summary ? <Prose text={report.summary} /> : <Nothing>The report came without one</Nothing>}
            <Facts
              items={[
                ["Actors", report.actors.join(", ")],
                [
                  "Techniques",
                  report.techniques.length > 0 && (
                    <span className={styles.list}>
                      {report.techniques.map((id) => (
                        <Link key={id} className={styles.target} href={techniquePage(id)} target="_blank" rel="noopener noreferrer nofollow">{id}</Link>
                      ))}
                    </span>
                  ),
                ],
                ["Detections", report.detections.join("\n")],
              ]}
            />
          </Section>
        </Card>
        <Part title="Alerts over time" access={alerts.access}>
          {alerts.numbers && (
            <>
              <Numbers items={[[alerts.numbers.active, "active"], [alerts.numbers.resolved, "resolved"]]} />
              <DayChart title="Alerts of the last 30 days" days={days.map(({ date }) => date)} series={[{ name: "Active", values: days.map((d) => d.active) }, { name: "Resolved", values: days.map((d) => d.resolved) }]} />
            </>
          )}
        </Part>
      </div>
      <div className={styles.column}>
        <Part title="Related incidents" access={incidents.access}>
          {incidents.numbers && <Numbers items={[[incidents.numbers.total, incidents.numbers.total === 1 ? "incident" : "incidents"]]} />}
        </Part>
        <Part title="Impacted assets" access={assets.access}>
          {assets.numbers && <Numbers items={[[assets.numbers.devices, "devices"], [assets.numbers.mailboxes, "mailboxes"], [assets.numbers.users, "users"]]} />}
        </Part>
        <Part title="Exposure of the organisation" access={exposure.access}>
          <Exposure report={report} />
          {exposure.numbers ? (
            <>
              <Numbers items={[[exposure.numbers.exposed, `of ${count(exposure.numbers.checked, "device")} exposed`], [exposure.numbers.vulnerable, "vulnerable"], [exposure.numbers.misconfigured, "misconfigured"]]} />
            </>
          ) : (
            <Text className={styles.quiet}>{levelMeans(exposure.level)}</Text>
          )}
        </Part>
        <Part title="Prevented email attempts" access={mail.access}>
          {mail.numbers ? <Numbers items={[[mail.numbers.blocked, "blocked"], [mail.numbers.junked, "junked"]]} note="in the last 7 days" /> : <Text className={styles.quiet}>No message has been loaded, so nothing is known.</Text>}
        </Part>
      </div>
    </div>
  );
}

function Part({ title, access, children }: { title: string; access: Access; children: ReactNode }) {
  return (
    <Card>
      <Section title={title} level="h2">
        {access.allowed ? (
          <>
            {children}
            <Extent access={access} />
          </>
        ) : (
          <NotYours access={access} />
        )}
      </Section>
    </Card>
  );
}

/** Numbers are counts with their nouns; what is not counted is left out. */
export function Numbers({ items, note }: { items: readonly (readonly [number | undefined, string])[]; note?: string }) {
  const styles = useStyles();
  return (
    <>
      <div className={styles.numbers}>
        {items.map(
          ([n, noun]) =>
            n !== undefined && (
              <span key={noun} className={styles.figure}>
                <span className={styles.number}>{n.toLocaleString()}</span>
                <Text size={200} className={styles.quiet}>{noun}</Text>
              </span>
            ),
        )}
      </div>
      {note && <Text size={200} className={styles.quiet}>{note}</Text>}
    </>
  );
}
