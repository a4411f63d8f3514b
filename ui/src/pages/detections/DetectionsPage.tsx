import { Link, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { detectionChoices, detections, type Detection } from "../../api/detections";
import { refusalOf } from "../../api/errors";
import { Grid, type Column } from "../../components/Grid";
import { Nothing, Severity, Workloads } from "../../components/labels";
import { PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { RefusableButton } from "../../components/RefusableButton";
import { Empty, Failed, Loading } from "../../components/states";
import { count } from "../../lib/words";
import { RunStatus } from "./RunStatus";

export const pageOf = (id: string) => `/detections/${encodeURIComponent(id)}`;

/** Custom detections that this reader may set, and their own. */
export default function DetectionsPage() {
  const navigate = useNavigate();
  const list = useQuery(detections);
  const choices = useQuery(detectionChoices);
  const { data } = list;
  const every = (name: string) => choices.data?.periods.find((one) => one.name === name)?.title ?? name;
  const paused = data?.items.filter((one) => one.state === "paused") ?? [];
  const columns: Column<Detection>[] = [
    { id: "name", title: "Name", width: "21%", cell: (d) => <Link href={pageOf(d.id)} onClick={(event) => event.stopPropagation()}>{d.name}</Link> },
    { id: "state", title: "State", width: "11%", cell: (d) => <RunStatus value={d.state} /> },
    { id: "severity", title: "Severity", width: "9%", cell: (d) => <Severity value={d.alert.severity} /> },
    { id: "workloads", title: "Products", width: "11%", cell: (d) => <Workloads names={d.workloads} /> },
    { id: "period", title: "Runs", width: "11%", cell: (d) => every(d.period) },
    { id: "last", title: "Last run", width: "14%", cell: (d) => (d.lastRunDateTime ? <Moment plain at={d.lastRunDateTime} /> : <Nothing>Has not run</Nothing>) },
    { id: "found", title: "Last found", width: "9%", cell: (d) => (d.lastRun ? count(d.lastRun.alerts, "alert") : <Nothing>{d.lastRunDateTime ? "Not part of your access" : "Nothing yet"}</Nothing>) },
    { id: "next", title: "Next run", width: "14%", cell: (d) => (d.nextRunDateTime ? <Moment plain at={d.nextRunDateTime} /> : <Nothing>None</Nothing>) },
  ];
  return (
    <>
      <PageHeader
        title="Custom detections"
        below="Queries that are asked again and again, and make alerts of what they find. Each runs with its owner's rights of that moment."
        commands={
          <RefusableButton appearance="primary" icon={<Add20Regular />} refusal={refusalOf(data?.["@bailiwick.actions"]["create"])} onClick={() => void navigate("/detections/new")}>
            Create detection
          </RefusableButton>
        }
      />
      {paused.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{`${count(paused.length, "detection is", "detections are")} paused`}</MessageBarTitle>
            {`${paused.map((one) => one.name).join(", ")}: ${paused.length === 1 ? "its owner has lost what it takes. Hand it over, or give the right back and resume it." : "their owners have lost what it takes. Hand them over, or give the rights back and resume them."}`}
          </MessageBarBody>
        </MessageBar>
      )}
      {list.isPending || choices.isPending ? (
        <Loading what="the detections" />
      ) : list.error || choices.error ? (
        <Failed error={list.error ?? choices.error} what="Custom detections" retry={() => void Promise.all([list.refetch(), choices.refetch()])} />
      ) : list.data.items.length === 0 ? (
        <Empty title="No custom detections">Write a query, say what an alert about its rows looks like, and the centre asks it for you.</Empty>
      ) : (
        <Grid label="Custom detections" columns={columns} items={list.data.items} id={(d) => d.id} name={(d) => d.name} onOpen={(d) => void navigate(pageOf(d.id))} />
      )}
    </>
  );
}
