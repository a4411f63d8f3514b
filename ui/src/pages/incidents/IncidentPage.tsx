import {
  Breadcrumb,
  BreadcrumbButton,
  BreadcrumbDivider,
  BreadcrumbItem,
  Link,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Tab,
  TabList,
  Text,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearchParams } from "react-router";
import type { Alert, Incident } from "../../api/graph";
import { incidentById, useManageIncident } from "../../api/investigation";
import { refusalOf } from "../../api/errors";
import { useMe } from "../../api/session";
import { ActivityLog } from "../../components/ActivityLog";
import { Comments } from "../../components/Comments";
import { EvidenceList } from "../../components/EvidenceList";
import { IncidentActions } from "../../components/IncidentActions";
import { Grid, type Column } from "../../components/Grid";
import { GoHunt } from "../../components/GoHunt";
import { huntForAlerts } from "../../lib/goHunt";
import { Name, Nothing, Severity, Status, Workloads } from "../../components/labels";
import { Card, Facts, PageHeader, Section } from "../../components/layout";
import { ManagePane } from "../../components/ManagePane";
import { Moment } from "../../components/Moment";
import { RawJson } from "../../components/RawJson";
import { Failed, Loading } from "../../components/states";
import { WhoMay } from "../../components/WhoMay";
import { WhyICanSee } from "../../components/WhyICanSee";
import { families } from "../../lib/evidence";
import { assetFamilies } from "../../lib/story";
import { incidentStatuses } from "../../lib/triage";
import { count, sentence, shortProduct } from "../../lib/words";
import { AttackStory } from "./AttackStory";
import { IncidentAssets } from "./IncidentAssets";
import { Members } from "./Members";
import { MergeSplit } from "./MergeSplit";

const useStyles = makeStyles({
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalL, marginBottom: tokens.spacingVerticalM },
  page: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) 380px", gap: tokens.spacingHorizontalXXL, alignItems: "start", "@media (max-width: 1500px)": { gridTemplateColumns: "minmax(0, 1fr) 320px", gap: tokens.spacingHorizontalL }, "@media (max-width: 1100px)": { gridTemplateColumns: "minmax(0, 1fr)" } },
  tabs: { flexWrap: "wrap", marginBottom: tokens.spacingVerticalM },
  main: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  text: { whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  bar: { marginBottom: tokens.spacingVerticalM },
});

const columns: readonly Column<Alert>[] = [
  { id: "title", title: "Alert", cell: (a) => <Name>{a.title ?? a.id}</Name>, width: "29%" },
  { id: "severity", title: "Severity", cell: (a) => <Severity value={a.severity} />, width: "17%" },
  { id: "status", title: "Status", cell: (a) => <Status value={a.status} />, width: "17%" },
  { id: "serviceSource", title: "Product", cell: (a) => shortProduct(a.serviceSource), width: "15%" },
  { id: "createdDateTime", title: "Created", cell: (a) => <Moment at={a.createdDateTime} plain />, width: "22%" },
];

/** One incident: of its alerts, those this reader may see, and what they rest on. */
/** What can be done to an incident, as who-may asks. */
const acts = [
  ["investigation.view", "See it, or a part of it"],
  ["alerts.manage", "Change it"],
] as const;

export default function IncidentPage() {
  const styles = useStyles();
  const { id = "" } = useParams();
  const { data: incident, error, isPending, refetch } = useQuery(incidentById(id));
  if (isPending) return <Loading what="the incident" rows={14} />;
  if (error) return <Failed page error={error} what="incident" retry={() => void refetch()} />;
  const name = incident.displayName ?? `Incident ${incident.id}`;
  const hidden = incident["@bailiwick.hiddenAlertCount"];
  const shown = incident.alerts.length;
  const total = incident["alerts@odata.count"] ?? shown;
  const leftOut = (incident.alerts ?? []).filter((alert) => alert["@bailiwick.leftOut"]).length;
  return (
    <>
      <PageHeader
        title={name}
        commands={
          <>
            <GoHunt query={huntForAlerts((incident.alerts ?? []).map((alert) => alert.id))} />
            <MergeSplit incident={incident} />
          </>
        }
        above={
          <Breadcrumb aria-label="Breadcrumb" size="small">
            <BreadcrumbItem>
              <BreadcrumbButton href="/incidents">Incidents</BreadcrumbButton>
            </BreadcrumbItem>
            <BreadcrumbDivider />
            <BreadcrumbItem>
              <BreadcrumbButton current>{incident.id}</BreadcrumbButton>
            </BreadcrumbItem>
          </Breadcrumb>
        }
      />
      {incident.status === "redirected" && (
        <MessageBar intent="warning" layout="multiline" className={styles.bar}>
          <MessageBarBody>
            <MessageBarTitle>This incident was merged into another</MessageBarTitle>
            {incident.redirectIncidentId && <Link href={`/incidents/${encodeURIComponent(incident.redirectIncidentId)}`}>{`Open incident ${incident.redirectIncidentId}`}</Link>}
          </MessageBarBody>
        </MessageBar>
      )}
      {incident["@bailiwick.partial"] && (
        <MessageBar intent="info" layout="multiline" className={styles.bar}>
          <MessageBarBody>
            <MessageBarTitle>You see part of this incident</MessageBarTitle>
            Everything here is computed from the alerts you may see; the name is made from them too.
            {hidden !== undefined && ` ${count(hidden, "alert")} of it ${hidden === 1 ? "is" : "are"} not part of your access.`}
          </MessageBarBody>
        </MessageBar>
      )}
      {shown < total && (
        <MessageBar intent="info" layout="multiline" className={styles.bar}>
          <MessageBarBody>
            <MessageBarTitle>{`The first ${shown.toLocaleString()} of ${count(total, "alert")} are here`}</MessageBarTitle>
            The parts below are computed from these. The alert queue lists all of them by this incident.
          </MessageBarBody>
        </MessageBar>
      )}
      {leftOut > 0 && (
        <MessageBar intent="warning" layout="multiline" className={styles.bar}>
          <MessageBarBody>
            <MessageBarTitle>{`${count(leftOut, "alert")} of it ${leftOut === 1 ? "is" : "are"} too large to stand here whole`}</MessageBarTitle>
            Their evidence is in none of the parts below. Open such an alert to see it.
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.line}>
        <Severity value={incident.severity} />
        <Status value={incident.status} />
        <Workloads names={incident["@bailiwick.workloads"] ?? []} />
        <Text>{count(total, "alert")}</Text>
        <Text>
          Created <Moment at={incident.createdDateTime} />
        </Text>
      </div>
      <Tabs incident={incident} />
      <div className={styles.page}>
        <Main incident={incident} />
        <Card>
          <Section title="Manage incident" level="h2">
            <Manage incident={incident} />
          </Section>
        </Card>
      </div>
    </>
  );
}

function Tabs({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const [search, setSearch] = useSearchParams();
  const me = useMe();
  return (
    <TabList size="small" className={styles.tabs} selectedValue={search.get("tab") ?? "alerts"} onTabSelect={(_, data) => setSearch({ tab: String(data.value) }, { replace: true })} aria-label="Parts of the incident">
      <Tab value="alerts">{`Alerts (${incident.alerts?.length ?? 0})`}</Tab>
      <Tab value="story">Attack story</Tab>
      <Tab value="assets">Assets</Tab>
      <Tab value="evidence">Evidence and response</Tab>
      <Tab value="summary">Summary</Tab>
      <Tab value="comments">{`Comments (${incident.comments?.length ?? 0})`}</Tab>
      <Tab value="activity">Activity log</Tab>
      <Tab value="why">Why can I see this?</Tab>
      {me.viewsOthers && <Tab value="who">Who else?</Tab>}
      <Tab value="raw">Raw</Tab>
    </TabList>
  );
}

function Main({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const tab = search.get("tab") ?? "alerts";
  const alerts = incident.alerts ?? [];
  const evidence = alerts.flatMap((alert) => alert.evidence ?? []);
  return (
    <div className={styles.main}>
      {tab === "alerts" && (
        <>
          <Grid
            narrow
            label="Alerts of this incident"
            columns={columns}
            items={alerts}
            id={(alert) => alert.id}
            name={(alert) => alert.title ?? alert.id}
            onOpen={(alert) => void navigate(`/alerts/${encodeURIComponent(alert.id)}`)}
          />
          <Members incident={incident.id} alerts={alerts} />
        </>
      )}
      {tab === "story" && <AttackStory alerts={alerts} />}
      {tab === "assets" && (
        <>
          <IncidentAssets alerts={alerts} />
          <Section title="What the alerts tell of them" level="h2">
            <EvidenceList evidence={evidence} only={assetFamilies} />
          </Section>
        </>
      )}
      {tab === "evidence" && (
        <>
          <IncidentActions incident={incident.id} />
          <EvidenceList evidence={evidence} only={families.map(([family]) => family).filter((family) => !assetFamilies.includes(family))} />
        </>
      )}
      {tab === "summary" && <Summary incident={incident} />}
      {tab === "comments" && <Comments comments={incident.comments ?? []} />}
      {tab === "activity" && <ActivityLog kind="incidents" id={incident.id} />}
      {tab === "why" && <WhyICanSee workloads={incident["@bailiwick.workloads"] ?? []} evidence={evidence} said="You see an incident if you see one of its alerts: that takes the right in every product the alert belongs to; on endpoint, on any of its devices' groups. All that is here comes from the alerts you see." />}
      {tab === "who" &&
        (incident["@bailiwick.partial"] ? (
          <Text>You see a part of this incident. Who may see or change it is told to those who see all of it.</Text>
        ) : (
          <WhoMay thing="incident" id={incident.id} acts={acts} />
        ))}
      {tab === "raw" && <RawJson value={incident} name={`incident-${incident.id}`} />}
    </div>
  );
}

function Summary({ incident }: { incident: Incident }) {
  const styles = useStyles();
  return (
    <>
      {incident.description ? <Text className={styles.text}>{incident.description}</Text> : <Nothing>No description</Nothing>}
      {incident.summary && <Text className={styles.text}>{incident.summary}</Text>}
      <Facts
        items={[
          ["Incident id", incident.id],
          ["Assigned to", incident.assignedTo ?? "Nobody"],
          ["Classification", sentence(incident.classification)],
          ["Determination", sentence(incident.determination)],
          ["Tags", [...(incident.customTags ?? []), ...(incident.systemTags ?? [])].join(", ")],
          ["Resolving comment", incident.resolvingComment],
          ["Last modified by", incident.lastModifiedBy],
          ["Updated", <Moment key="t" at={incident.lastUpdateDateTime} />],
          ["Merged into", incident.redirectIncidentId && <a href={`/incidents/${encodeURIComponent(incident.redirectIncidentId)}`}>{incident.redirectIncidentId}</a>],
        ]}
      />
    </>
  );
}

function Manage({ incident }: { incident: Incident }) {
  const me = useMe();
  const manage = useManageIncident(incident.id);
  const action = incident["@bailiwick.actions"]?.manage;
  return (
    <ManagePane
      thing={incident}
      statuses={incidentStatuses}
      me={me.user}
      refusal={refusalOf(action)}
      tags={incident["@bailiwick.partial"] ? undefined : (incident.customTags ?? [])}
      resolution={incident["@bailiwick.partial"] ? undefined : (incident.resolvingComment ?? "")}
      saving={manage.isPending}
      error={manage.error}
      onSave={(change, comment, etag) => manage.mutateAsync({ change, comment, etag })}
    />
  );
}
