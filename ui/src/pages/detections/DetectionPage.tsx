import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Delete20Regular, Edit20Regular, PersonSwap20Regular, Play20Regular, Power20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { detection, detectionChoices, useHandOver, useRemoveDetection, useRunDetection, useTurnDetection, type Detection } from "../../api/detections";
import { refusalOf, said } from "../../api/errors";
import { useMe } from "../../api/session";
import { Severity, Workloads } from "../../components/labels";
import { Card, Facts, PageHeader, Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { RefusableButton } from "../../components/RefusableButton";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { count, period as sentenceOf, sentence } from "../../lib/words";
import { DetectionCrumbs } from "./DetectionCrumbs";
import { Runs } from "./Runs";
import { RunStatus } from "./RunStatus";

const useStyles = makeStyles({
  page: { display: "grid", gridTemplateColumns: "minmax(0, 3fr) minmax(0, 2fr)", gap: tokens.spacingHorizontalXXL, alignItems: "start", "@media (max-width: 1100px)": { gridTemplateColumns: "minmax(0, 1fr)" } },
  column: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, minWidth: 0 },
  banner: { marginBottom: tokens.spacingVerticalM },
  query: { margin: 0, padding: tokens.spacingHorizontalM, overflowX: "auto", backgroundColor: tokens.colorNeutralBackground2, borderRadius: tokens.borderRadiusMedium, fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

/** One custom detection: what it looks for, with whose rights, what came of it, and why it stands still if it does. */
export default function DetectionPage() {
  const { id = "" } = useParams();
  const { data, error, isPending, refetch } = useQuery(detection(id));
  if (isPending) return <Loading what="the detection" />;
  if (error) return <Failed page error={error} what="custom detection" retry={() => void refetch()} />;
  return <Page d={data} />;
}

function Page({ d }: { d: Detection }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const toast = useToast();
  const choices = useQuery(detectionChoices);
  const run = useRunDetection();
  const turn = useTurnDetection();
  const [asking, setAsking] = useState<"owner" | "delete" | null>(null);
  const may = d["@bailiwick.actions"];
  const period = choices.data?.periods.find((one) => one.name === d.period);
  const titleOf = (name: string) => choices.data?.actions.find((one) => one.name === name)?.title ?? name;
  const failed = (what: string) => (problem: Error) => toast("error", what, said(problem));
  return (
    <>
      <PageHeader
        title={d.name}
        above={<DetectionCrumbs here={d.name} />}
        below={<RunStatus value={d.state} />}
        commands={
          <>
            <RefusableButton
              icon={<Play20Regular />}
              refusal={refusalOf(may["run"])}
              disabledFocusable={run.isPending}
              onClick={() => run.mutate(d.id, { onSuccess: (r) => toast("success", `It found ${count(r.rows, "row")} and raised ${count(r.alerts, "alert")}`), onError: failed("It was not run") })}
            >
              {run.isPending ? "Running" : "Run now"}
            </RefusableButton>
            <RefusableButton icon={<Edit20Regular />} refusal={refusalOf(may["edit"])} onClick={() => void navigate(`/detections/${encodeURIComponent(d.id)}/edit`)}>
              Edit
            </RefusableButton>
            <RefusableButton
              icon={<Power20Regular />}
              refusal={refusalOf(d.state === "on" ? may["delete"] : may["enable"])}
              disabledFocusable={turn.isPending}
              onClick={() => turn.mutate({ id: d.id, etag: d.etag, on: d.state !== "on" }, { onError: failed("It was not changed") })}
            >
              {d.state === "on" ? "Turn off" : d.state === "paused" ? "Resume" : "Turn on"}
            </RefusableButton>
            <RefusableButton icon={<PersonSwap20Regular />} refusal={refusalOf(may["handOver"])} onClick={() => setAsking("owner")}>
              Hand over
            </RefusableButton>
            <RefusableButton appearance="subtle" icon={<Delete20Regular />} refusal={refusalOf(may["delete"])} onClick={() => setAsking("delete")}>
              Delete
            </RefusableButton>
          </>
        }
      />
      {d.state === "paused" && (
        <MessageBar intent="warning" layout="multiline" className={styles.banner}>
          <MessageBarBody>
            <MessageBarTitle>{"Paused "}{d.pausedDateTime && <Moment at={d.pausedDateTime} />}</MessageBarTitle>
            {sentenceOf(d.pausedReason ?? "")}
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.page}>
        <div className={styles.column}>
          <Runs d={d} />
        </div>
        <div className={styles.column}>
          <Card>
            <Section title="Detection" level="h2">
              <Facts
                items={[
                  ["Owner", <span key="o">{d.owner ? `${d.owner}: it runs with their rights` : "Nobody: the owner's account is gone"}</span>],
                  ["Runs", period ? `${period.title}, looking back ${period.lookBack}` : d.period],
                  ["Next run", d.nextRunDateTime && <Moment at={d.nextRunDateTime} />],
                  ["Scope", d.allDevices ? "All devices" : d.deviceGroups.join(", ") || "None: its device groups are gone"],
                  ["Products", <Workloads key="w" names={d.workloads} />],
                  ["Tables", d.tables.join(", ")],
                  ["Changed", <span key="c"><Moment at={d.lastUpdateDateTime} />{` by ${d.updatedBy}`}</span>],
                ]}
              />
            </Section>
          </Card>
          <Card>
            <Section title="Its alerts" level="h2">
              <Facts
                items={[
                  ["Title", d.alert.title],
                  ["Description", d.alert.description],
                  ["Severity", <Severity key="s" value={d.alert.severity} />],
                  ["Category", sentence(d.alert.category)],
                  ["Techniques", d.alert.mitreTechniques?.join(", ")],
                  ["About", d.alert.impactedAssets.map((one) => `${one.kind} (${one.column})`).join(", ")],
                  ["Actions", d.actions.map((one) => titleOf(one.name)).join(", ")],
                  ["What to do", d.alert.recommendedActions],
                ]}
              />
            </Section>
          </Card>
          <Section title="Query" level="h2">
            <pre className={styles.query} tabIndex={0} aria-label="Query">{d.query}</pre>
          </Section>
        </div>
      </div>
      {asking === "owner" && <HandOver d={d} onClose={() => setAsking(null)} />}
      {asking === "delete" && <Remove d={d} onClose={() => setAsking(null)} />}
    </>
  );
}

function HandOver({ d, onClose }: { d: Detection; onClose: () => void }) {
  const toast = useToast();
  const me = useMe();
  const hand = useHandOver();
  const [owner, setOwner] = useState(d.owner === me.user ? "" : me.user);
  return (
    <Dialog open onOpenChange={(_, event) => !event.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{`Hand ${d.name} over`}</DialogTitle>
          <DialogContent>
            <Text block>It runs with its owner&apos;s rights. Both you and the next owner must have all that it takes: a detection gives nobody what they have not got.</Text>
            <Field label="Next owner" hint="The name that they sign in by" required>
              <Input value={owner} onChange={(_, data) => setOwner(data.value)} />
            </Field>
            {hand.error && <Text block role="alert">{said(hand.error)}</Text>}
          </DialogContent>
          <DialogActions fluid>
            <RefusableButton
              appearance="primary"
              disabledFocusable={hand.isPending || owner.trim() === ""}
              onClick={() =>
                hand.mutate({ id: d.id, etag: d.etag, owner: owner.trim() }, {
                  onSuccess: (made) => {
                    toast("success", `${made.owner} owns ${made.name} now`);
                    onClose();
                  },
                })
              }
            >
              Hand over
            </RefusableButton>
            <Button onClick={onClose}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Remove({ d, onClose }: { d: Detection; onClose: () => void }) {
  const toast = useToast();
  const navigate = useNavigate();
  const remove = useRemoveDetection();
  return (
    <Dialog open modalType="alert" onOpenChange={(_, event) => !event.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{`Delete ${d.name}?`}</DialogTitle>
          <DialogContent>
            <Text block>Its alerts and actions stay. What is known of its runs goes with it.</Text>
            {remove.error && <Text block role="alert">{said(remove.error)}</Text>}
          </DialogContent>
          <DialogActions fluid>
            <RefusableButton
              appearance="primary"
              disabledFocusable={remove.isPending}
              onClick={() =>
                remove.mutate(d, {
                  onSuccess: () => {
                    toast("success", `Deleted ${d.name}`);
                    void navigate("/detections");
                  },
                })
              }
            >
              Delete
            </RefusableButton>
            <Button onClick={onClose}>Keep it</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
