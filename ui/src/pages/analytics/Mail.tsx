import { useInfiniteQuery } from "@tanstack/react-query";
import { preventedMail, type PreventedMail, type ThreatReport } from "../../api/analytics";
import { DayChart } from "../../components/DayChart";
import type { Column } from "../../components/Grid";
import { Name, Nothing } from "../../components/labels";
import { Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { Empty } from "../../components/states";
import { Numbers } from "./Overview";
import { PartList } from "./PartList";

const columns: readonly Column<PreventedMail>[] = [
  { id: "subject", title: "Subject", cell: (m) => (m.subject ? <Name>{m.subject}</Name> : <Nothing>Without subject</Nothing>), width: "25%" },
  { id: "sender", title: "Sender", cell: (m) => m.sender, width: "20%" },
  { id: "recipient", title: "Recipient", cell: (m) => m.recipient, width: "20%" },
  { id: "action", title: "Verdict", cell: (m) => `${m.action}${m.location ? `, ${m.location}` : ""}`, width: "13%" },
  { id: "threats", title: "Found", cell: (m) => m.threats.join(", "), width: "11%" },
  { id: "at", title: "Received", cell: (m) => <Moment at={m.dateTime} plain />, width: "11%" },
];

/** Mail is the messages that were kept from their recipients within a week. */
export function Mail({ report }: { report: ThreatReport }) {
  const rows = useInfiniteQuery({ ...preventedMail(report.id), enabled: Boolean(report.mail.numbers) });
  const numbers = report.mail.numbers;
  if (!numbers) return <Empty title="No data">No message has been loaded, so nothing is known of any.</Empty>;
  const days = numbers.days ?? [];
  return (
    <>
      <Section title="Prevented in the last 7 days" level="h2">
        <Numbers items={[[numbers.blocked, "blocked"], [numbers.junked, "junked"]]} />
        <DayChart title="Prevented messages of the last 7 days" days={days.map(({ date }) => date)} series={[{ name: "Blocked", values: days.map((d) => d.blocked) }, { name: "Junked", values: days.map((d) => d.junked) }]} />
      </Section>
      <Section title="Messages" level="h2">
        <PartList label="Prevented messages" what="messages" none="No message with what this report is about was kept from anybody." rows={rows} columns={columns} id={(m) => `${m.networkMessageId} ${m.recipient}`} name={(m) => m.subject || m.networkMessageId} />
      </Section>
    </>
  );
}
