import { Breadcrumb, BreadcrumbButton, BreadcrumbDivider, BreadcrumbItem, Tab, TabList, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import type { AssetTold } from "../../api/assets";
import { GoHunt } from "../../components/GoHunt";
import { Workloads } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { kindTab, kindsLabel, type AssetKind } from "../../lib/assets";
import { huntFor } from "../../lib/goHunt";
import { count } from "../../lib/words";
import { Risk } from "./AssetsPage";
import { ItsAlerts, ItsEvidence, ItsIncidents } from "./Told";

const useStyles = makeStyles({
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalL, marginBottom: tokens.spacingVerticalM },
  tabs: { flexWrap: "wrap", marginBottom: tokens.spacingVerticalL },
  body: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, maxWidth: "1400px" },
});

interface Asset extends AssetTold {
  risk: string;
  alerts: number;
  openAlerts: number;
  incidents: number;
  firstSeen?: string;
  lastSeen?: string;
}

interface FrameProps {
  kind: AssetKind;
  assetKey: string;
  name: string;
  asset: Asset;
  overview: ReactNode;
  /** Further tabs: their address, what they are called, what they show. */
  more?: readonly (readonly [string, string, ReactNode])[];
}

/** AssetFrame is the page of a thing: what is known of every kind, around what is known of this one. */
export function AssetFrame({ kind, assetKey, name, asset, overview, more = [] }: FrameProps) {
  const styles = useStyles();
  const [search, setSearch] = useSearchParams();
  const tabs: readonly (readonly [string, string, ReactNode])[] = [
    ["overview", "Overview", overview],
    ["alerts", `Alerts (${asset.alerts.toLocaleString()})`, <ItsAlerts key="a" items={asset.latestAlerts} kind={kind} assetKey={assetKey} total={asset.alerts} />],
    ["incidents", `Incidents (${asset.incidents.toLocaleString()})`, <ItsIncidents key="i" items={asset.latestIncidents} kind={kind} assetKey={assetKey} total={asset.incidents} />],
    ["evidence", "Evidence", <ItsEvidence key="e" evidence={asset.evidence} />],
    ...more,
  ];
  const tab = tabs.find(([value]) => value === search.get("tab")) ?? tabs[0];
  return (
    <>
      <PageHeader
        title={name}
        commands={<GoHunt query={huntFor(kind, assetKey)} />}
        above={
          <Breadcrumb aria-label="Breadcrumb" size="small">
            <BreadcrumbItem>
              <BreadcrumbButton href={`/entities/${kindTab(kind)}`}>{kindsLabel(kind)}</BreadcrumbButton>
            </BreadcrumbItem>
            <BreadcrumbDivider />
            <BreadcrumbItem>
              <BreadcrumbButton current>{name.length > 60 ? `${name.slice(0, 59)}…` : name}</BreadcrumbButton>
            </BreadcrumbItem>
          </Breadcrumb>
        }
      />
      <div className={styles.line}>
        <Risk value={asset.risk} />
        <Text>{count(asset.openAlerts, "open alert")}</Text>
        <Workloads names={asset.workloads} />
        {asset.firstSeen && (
          <Text>
            First alert <Moment at={asset.firstSeen} />
          </Text>
        )}
        {asset.lastSeen && (
          <Text>
            Last alert <Moment at={asset.lastSeen} />
          </Text>
        )}
      </div>
      <TabList size="small" className={styles.tabs} selectedValue={tab?.[0]} onTabSelect={(_, data) => setSearch(data.value === "overview" ? {} : { tab: String(data.value) }, { replace: true })} aria-label="Parts of the page">
        {tabs.map(([value, label]) => (
          <Tab key={value} value={value}>{label}</Tab>
        ))}
      </TabList>
      <div className={styles.body}>{tab?.[2]}</div>
    </>
  );
}
