import { Badge, Breadcrumb, BreadcrumbButton, BreadcrumbDivider, BreadcrumbItem, Tab, TabList, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Delete20Regular, LockClosed16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { reportById, type Access, type ThreatReport } from "../../api/analytics";
import { refusalOf } from "../../api/errors";
import { cut } from "../../components/CutText";
import { Severity } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { Extent, NotYours } from "../../components/NotYours";
import { Prose } from "../../components/Prose";
import { RefusableButton } from "../../components/RefusableButton";
import { Empty, Failed, Loading } from "../../components/states";
import { day } from "../../lib/dates";
import { Assets } from "./Assets";
import { Incidents } from "./Incidents";
import { Mail } from "./Mail";
import { Mitigations } from "./Mitigations";
import { Overview } from "./Overview";
import { RemoveDialog } from "./RemoveDialog";

const useStyles = makeStyles({
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM, marginBottom: tokens.spacingVerticalM },
  tabs: { flexWrap: "wrap", marginBottom: tokens.spacingVerticalL },
  part: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  lock: { display: "inline-flex", marginLeft: tokens.spacingHorizontalXS, verticalAlign: "middle", color: tokens.colorNeutralForeground3 },
});

/** One report: its text for whoever may open the area, and each part of what it means here on its own right (R21). */
export default function ReportPage() {
  const styles = useStyles();
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [removing, setRemoving] = useState(false);
  const { data: report, error, isPending, refetch } = useQuery(reportById(id));
  if (isPending) return <Loading what="the report" rows={14} />;
  if (error) return <Failed page error={error} what="report" retry={() => void refetch()} />;
  const parts: readonly [name: string, label: string, access: Access | null, content: (report: ThreatReport) => ReactNode][] = [
    ["overview", "Overview", null, (r) => <Overview report={r} />],
    ["text", "Analyst report", null, (r) => (r.content ? <Prose text={r.content} /> : <Empty title="No text">The report came without one.</Empty>)],
    ["incidents", "Related incidents", report.incidents.access, (r) => <Incidents report={r} />],
    ["assets", "Impacted assets", report.assets.access, (r) => <Assets report={r} />],
    // What a report asks for is its text: only the numbers take a right.
    ["mitigations", "Exposure & mitigations", report.exposure.access, (r) => <Mitigations report={r} />],
    ["mail", "Prevented email attempts", report.mail.access, (r) => <Mail report={r} />],
  ];
  const tab = parts.find(([name]) => name === search.get("tab")) ?? parts[0];
  const [name, , access, content] = tab!;
  return (
    <>
      <PageHeader
        title={report.title}
        above={
          <Breadcrumb aria-label="Breadcrumb" size="small">
            <BreadcrumbItem>
              <BreadcrumbButton href="/threat-analytics">Threat analytics</BreadcrumbButton>
            </BreadcrumbItem>
            <BreadcrumbDivider />
            <BreadcrumbItem>
              <BreadcrumbButton current>{cut(report.title, 60)}</BreadcrumbButton>
            </BreadcrumbItem>
          </Breadcrumb>
        }
        commands={
          <RefusableButton icon={<Delete20Regular />} refusal={refusalOf(report["@bailiwick.actions"]?.remove)} onClick={() => setRemoving(true)}>Remove report</RefusableButton>
        }
      />
      <div className={styles.line}>
        <Severity value={report.severity} />
        {report.type && <Text>{report.type}</Text>}
        {report.tags.map((tag) => (
          <Badge key={tag} appearance="outline" color="informative" shape="rounded">{tag}</Badge>
        ))}
        <Text>
          Published {day(report.published)}
        </Text>
        <Text>
          Updated {day(report.updated)}
        </Text>
      </div>
      <TabList className={styles.tabs} size="small" selectedValue={name} aria-label="Parts of the report" onTabSelect={(_, data) => setSearch(data.value === "overview" ? {} : { tab: String(data.value) }, { replace: true })}>
        {parts.map(([value, label, needs]) => (
          <Tab key={value} value={value}>
            {label}
            {needs && !needs.allowed && (
              <span className={styles.lock} role="img" aria-label="not part of your access">
                <LockClosed16Regular />
              </span>
            )}
          </Tab>
        ))}
      </TabList>
      {access && !access.allowed && name !== "mitigations" ? (
        <NotYours page access={access} />
      ) : (
        <div className={styles.part}>
          {access && (access.allowed ? <Extent access={access} /> : <NotYours page access={access} />)}
          {content(report)}
        </div>
      )}
      {removing && <RemoveDialog report={report} onClose={() => setRemoving(false)} onRemoved={() => void navigate("/threat-analytics", { replace: true })} />}
    </>
  );
}
