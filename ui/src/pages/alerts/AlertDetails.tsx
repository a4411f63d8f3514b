import { Link, Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Alert } from "../../api/graph";
import { alertById, membersOf, useManageAlert } from "../../api/investigation";
import { refusalOf } from "../../api/errors";
import { useMe } from "../../api/session";
import { ActivityLog } from "../../components/ActivityLog";
import { CutText } from "../../components/CutText";
import { Comments } from "../../components/Comments";
import { Details } from "../../components/Details";
import { EvidenceList } from "../../components/EvidenceList";
import { Severity, Status, Workloads } from "../../components/labels";
import { Facts, Section } from "../../components/layout";
import { ManagePane } from "../../components/ManagePane";
import { Moment } from "../../components/Moment";
import { RawJson } from "../../components/RawJson";
import { GoHunt } from "../../components/GoHunt";
import { Failed, Loading } from "../../components/states";
import { WhoMay } from "../../components/WhoMay";
import { WhyICanSee } from "../../components/WhyICanSee";
import { membersWords } from "../../lib/members";
import { alertStatuses } from "../../lib/triage";
import { huntForAlerts } from "../../lib/goHunt";
import { sentence } from "../../lib/words";
import { AlertStory } from "./AlertStory";

const tabs = [
  ["overview", "Overview"],
  ["story", "Story"],
  ["evidence", "Evidence"],
  ["manage", "Manage"],
  ["activity", "Activity"],
  ["why", "Why can I see this?"],
  ["who", "Who else?"],
  ["raw", "Raw"],
] as const;
/** What can be done to an alert, as who-may asks. */
const acts = [
  ["investigation.view", "See it"],
  ["alerts.manage", "Change it"],
] as const;
type TabName = (typeof tabs)[number][0];

const useStyles = makeStyles({
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalL },
});

interface AlertDetailsProps {
  id: string;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

export function AlertDetails({ id, onClose, onPrevious, onNext }: AlertDetailsProps) {
  const styles = useStyles();
  const me = useMe();
  const [tab, setTab] = useState<TabName>("overview");
  const { data: alert, error, isPending, refetch } = useQuery(alertById(id));
  return (
    <Details title={alert ? (alert.title ?? alert.id) : "Alert"} row={id} onClose={onClose} onPrevious={onPrevious} onNext={onNext}>
      {isPending ? (
        <Loading what="the alert" />
      ) : error ? (
        <Failed error={error} what="alert" retry={() => void refetch()} />
      ) : (
        <>
          <div className={styles.line}>
            <Severity value={alert.severity} />
            <Status value={alert.status} />
            <Workloads names={alert["@bailiwick.workloads"] ?? []} />
            <GoHunt size="small" query={huntForAlerts([alert.id])} />
          </div>
          <TabList size="small" selectedValue={tab} onTabSelect={(_, data) => setTab(data.value as TabName)} aria-label="Parts of the alert">
            {tabs.filter(([value]) => value !== "who" || me.viewsOthers).map(([value, label]) => (
              <Tab key={value} value={value}>
                {label}
              </Tab>
            ))}
          </TabList>
          <Part tab={tab} alert={alert} />
        </>
      )}
    </Details>
  );
}

function Part({ tab, alert }: { tab: TabName; alert: Alert }) {
  switch (tab) {
    case "overview":
      return <Overview alert={alert} />;
    case "story":
      return <AlertStory alert={alert} />;
    case "evidence":
      return <EvidenceList evidence={alert.evidence ?? []} />;
    case "manage":
      return <Manage alert={alert} />;
    case "activity":
      return <ActivityLog kind="alerts" id={alert.id} />;
    case "why":
      return <WhyICanSee workloads={alert["@bailiwick.workloads"] ?? []} evidence={alert.evidence ?? []} />;
    case "who":
      return <WhoMay thing="alert" id={alert.id} acts={acts} />;
    case "raw":
      return <RawJson value={alert} name={`alert-${alert.id}`} />;
  }
}

function Overview({ alert }: { alert: Alert }) {
  const details = Object.entries(alert.customDetails ?? {});
  const members = useQuery({ ...membersOf(alert.incidentId ?? ""), enabled: Boolean(alert.incidentId) });
  const member = members.data?.items.find((one) => one.alert === alert.id);
  const why = member && member.how !== "record" ? membersWords(member, (id) => id) : "";
  return (
    <>
      {alert.description && <CutText>{alert.description}</CutText>}
      <Facts
        items={[
          ["Incident", alert.incidentId && <Link href={`/incidents/${encodeURIComponent(alert.incidentId)}`}>{alert.incidentId}</Link>],
          ["In it because", why],
          ["Product", sentence(alert.serviceSource)],
          ["Detected by", sentence(alert.detectionSource)],
          ["Category", sentence(alert.category)],
          ["Techniques", (alert.mitreTechniques ?? []).join(", ")],
          ["Threat", alert.threatDisplayName],
          ["Actor", alert.actorDisplayName],
          ["Assigned to", alert.assignedTo ?? "Nobody"],
          ["Classification", sentence(alert.classification)],
          ["Determination", sentence(alert.determination)],
          ["Investigation", sentence(alert.investigationState)],
          ["First activity", alert.firstActivityDateTime && <Moment at={alert.firstActivityDateTime} />],
          ["Last activity", alert.lastActivityDateTime && <Moment at={alert.lastActivityDateTime} />],
          ["Created", <Moment key="t" at={alert.createdDateTime} />],
          ["Updated", <Moment key="t" at={alert.lastUpdateDateTime} />],
          ["Resolved", alert.resolvedDateTime && <Moment at={alert.resolvedDateTime} />],
          ["Tags", (alert.systemTags ?? []).join(", ")],
          ["Alert id", alert.id],
        ]}
      />
      {details.length > 0 && (
        <Section title="Custom details">
          <Facts items={details.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)] as const)} />
        </Section>
      )}
      {alert.recommendedActions && (
        <Section title="Recommended actions">
          <CutText>{alert.recommendedActions}</CutText>
        </Section>
      )}
      <Section title="Comments">
        <Comments comments={alert.comments ?? []} />
      </Section>
    </>
  );
}

function Manage({ alert }: { alert: Alert }) {
  const me = useMe();
  const manage = useManageAlert(alert.id);
  const action = alert["@bailiwick.actions"]?.manage;
  const groups = [...new Set((alert.evidence ?? []).map((e) => e.rbacGroupName).filter((name): name is string => typeof name === "string" && name !== ""))];
  return (
    <ManagePane
      thing={alert}
      statuses={alertStatuses}
      me={me.user}
      refusal={refusalOf(action)}
      deviceGroup={groups.length === 1 ? groups[0] : undefined}
      saving={manage.isPending}
      error={manage.error}
      onSave={(change, comment, etag) => manage.mutateAsync({ change, comment, etag })}
    />
  );
}
