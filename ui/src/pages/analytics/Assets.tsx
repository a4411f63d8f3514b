import { Tab, TabList } from "@fluentui/react-components";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { reportAssets, type AssetKind, type ReportAsset, type ThreatReport } from "../../api/analytics";
import { DayChart } from "../../components/DayChart";
import type { Column } from "../../components/Grid";
import { Nothing } from "../../components/labels";
import { Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { NotYours } from "../../components/NotYours";
import { PartList } from "./PartList";
import { ToPage } from "./ToPage";

const rest: readonly Column<ReportAsset>[] = [
  { id: "alerts", title: "Active alerts", cell: (a) => `${a.activeAlerts.toLocaleString()} of ${a.alerts.toLocaleString()}`, width: "16%" },
  { id: "first", title: "First alert", cell: (a) => <Moment at={a.firstDateTime} plain />, width: "17%" },
  { id: "last", title: "Last alert", cell: (a) => <Moment at={a.lastDateTime} plain />, width: "17%" },
];
const named = (title: string, width: string): Column<ReportAsset> => ({ id: "name", title, cell: (a) => <ToPage kind={a.kind as AssetKind} id={a.id} has={a.hasPage}>{a.name || a.id}</ToPage>, width });
const columns: Record<AssetKind, readonly Column<ReportAsset>[]> = {
  device: [named("Device", "30%"), { id: "group", title: "Device group", cell: (a) => a.deviceGroup || <Nothing>Unknown</Nothing>, width: "20%" }, ...rest],
  mailbox: [named("Mailbox", "50%"), ...rest],
  user: [named("User", "50%"), ...rest],
};
const kinds: readonly (readonly [AssetKind, string])[] = [
  ["device", "Devices"],
  ["mailbox", "Mailboxes"],
  ["user", "Users"],
];

/** Assets are what the report's alerts are about, by day and one by one. Of what is another product's to tell there is no number. */
export function Assets({ report }: { report: ThreatReport }) {
  const { access, numbers } = report.assets;
  const total = { device: numbers?.devices, mailbox: numbers?.mailboxes, user: numbers?.users };
  const [kind, setKind] = useState<AssetKind>(total.device === undefined ? "mailbox" : "device");
  const days = numbers?.days ?? [];
  const series = [
    { kind: "device" as const, name: "Devices", values: days.map((d) => d.devices) },
    { kind: "mailbox" as const, name: "Mailboxes", values: days.map((d) => d.mailboxes) },
    { kind: "user" as const, name: "Users", values: days.map((d) => d.users) },
  ];
  return (
    <>
      <Section title="Impacted assets over time" level="h2">
        <DayChart title="Assets of the alerts made on each of the last 30 days" days={days.map(({ date }) => date)} series={series.filter((one) => total[one.kind] !== undefined)} />
      </Section>
      <Section title="Impacted assets" level="h2">
        <TabList size="small" selectedValue={kind} aria-label="Kinds of assets" onTabSelect={(_, data) => setKind(data.value as AssetKind)}>
          {kinds.map(([value, label]) => (
            <Tab key={value} value={value}>{total[value] === undefined ? label : `${label} (${total[value].toLocaleString()})`}</Tab>
          ))}
        </TabList>
        {total[kind] === undefined ? <NotYours access={access} /> : <OfKind report={report} kind={kind} />}
      </Section>
    </>
  );
}

function OfKind({ report, kind }: { report: ThreatReport; kind: AssetKind }) {
  const rows = useInfiniteQuery(reportAssets(report.id, kind));
  return <PartList label="Impacted assets" what="assets" none="No alert of this threat that you may know of names one." rows={rows} columns={columns[kind]} id={(a) => a.id} name={(a) => a.name || a.id} />;
}
