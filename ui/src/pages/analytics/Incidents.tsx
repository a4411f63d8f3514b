import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { reportIncidents, type ReportIncident, type ThreatReport } from "../../api/analytics";
import type { Column } from "../../components/Grid";
import { Name, Severity, Status } from "../../components/labels";
import { Moment } from "../../components/Moment";
import { count } from "../../lib/words";
import { PartList } from "./PartList";

const columns: readonly Column<ReportIncident>[] = [
  { id: "name", title: "Incident", cell: (i) => <Name>{i.name}</Name>, width: "42%" },
  { id: "severity", title: "Severity", cell: (i) => <Severity value={i.severity} />, width: "14%" },
  { id: "status", title: "Status", cell: (i) => <Status value={i.status} />, width: "13%" },
  { id: "alerts", title: "Alerts", cell: (i) => `${count(i.alerts, "alert")}${i.partial ? ", a part" : ""}`, width: "15%" },
  { id: "updated", title: "Updated", cell: (i) => <Moment at={i.lastUpdateDateTime} plain />, width: "16%" },
];

/** Incidents are those of the report's alerts, as their reader sees them (S9). */
export function Incidents({ report }: { report: ThreatReport }) {
  const navigate = useNavigate();
  const rows = useInfiniteQuery(reportIncidents(report.id));
  return (
    <PartList
      label="Related incidents"
      what="incidents"
      none="No alert of this threat that you may see is part of an incident."
      rows={rows}
      columns={columns}
      id={(i) => i.id}
      name={(i) => i.name}
      onOpen={(i) => void navigate(`/incidents/${encodeURIComponent(i.id)}`)}
    />
  );
}
