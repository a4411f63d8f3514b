import { Button, MessageBar, MessageBarBody, MessageBarTitle, Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { detection, detectionChoices, detectionQuery, useSaveDetection, type Detection } from "../../api/detections";
import { ApiError, said } from "../../api/errors";
import { PageHeader } from "../../components/layout";
import { RefusableButton } from "../../components/RefusableButton";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { useLater } from "../../components/useLater";
import { draftOf, lacksOf, newDraft, type Draft } from "../../lib/detections";
import { opened } from "../../lib/goHunt";
import { DetectionCrumbs } from "./DetectionCrumbs";
import { ActionsStep, DetailsStep, EntitiesStep, QueryStep, ScopeStep } from "./steps";
import { ReviewStep } from "./ReviewStep";

const useStyles = makeStyles({
  main: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, maxWidth: "980px" },
  steps: { flexWrap: "wrap" },
  commands: { display: "flex", gap: tokens.spacingHorizontalS, flexWrap: "wrap" },
});

/** The address says whether a detection is made or changed, and may bring a query along. */
export default function DetectionWizard() {
  const { id } = useParams();
  const [search] = useSearchParams();
  const { hash } = useLocation();
  if (id) return <Existing key={id} id={id} />;
  return <Wizard start={newDraft(opened(hash)?.query ?? search.get("query") ?? "")} />;
}

function Existing({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useQuery(detection(id));
  if (isPending) return <Loading what="the detection" />;
  if (error) return <Failed page error={error} what="custom detection" retry={() => void refetch()} />;
  return <Wizard of={data} start={draftOf(data)} />;
}

const steps = [
  ["query", "Query"],
  ["details", "Alert details"],
  ["entities", "Impacted entities"],
  ["actions", "Actions"],
  ["scope", "Scope"],
  ["review", "Review"],
] as const;
type Step = (typeof steps)[number][0];

function Wizard({ of, start }: { of?: Detection; start: Draft }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const toast = useToast();
  const choices = useQuery(detectionChoices);
  const save = useSaveDetection();
  const [draft, setDraft] = useState(start);
  const [step, setStep] = useState<Step>("query");
  const inspected = useQuery(detectionQuery(useLater(draft.query), draft.period));
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const at = steps.findIndex(([value]) => value === step);
  const next = steps[at + 1]?.[0];
  const previous = steps[at - 1]?.[0];
  const title = of ? `Edit ${of.name}` : "Create custom detection";
  if (choices.isPending) return <Loading what="what a detection can be made of" />;
  if (choices.error) return <Failed page error={choices.error} what="Custom detections" retry={() => void choices.refetch()} />;
  const lacks = lacksOf(draft);
  const unfit = inspected.data && inspected.data.problems.length > 0 ? ["The query can't be a detection yet: the first step says why."] : [];
  const missing = [...unfit, ...Object.values(lacks)];
  const given = { draft, set, choices: choices.data, inspected: inspected.data };
  return (
    <>
      <PageHeader title={title} above={<DetectionCrumbs here={title} />} />
      <div className={styles.main}>
        <TabList className={styles.steps} selectedValue={step} onTabSelect={(_, data) => setStep(data.value as Step)} aria-label="Steps">
          {steps.map(([value, label], i) => (
            <Tab key={value} value={value} aria-current={step === value ? "step" : undefined}>
              {`${i + 1}. ${label}`}
            </Tab>
          ))}
        </TabList>
        {step === "query" && <QueryStep {...given} asking={inspected.isFetching} error={inspected.error} />}
        {step === "details" && <DetailsStep {...given} />}
        {step === "entities" && <EntitiesStep {...given} />}
        {step === "actions" && <ActionsStep {...given} />}
        {step === "scope" && <ScopeStep {...given} />}
        {step === "review" && <ReviewStep {...given} />}
        {step === "review" && missing.length > 0 && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>Not complete yet</MessageBarTitle>
              {missing.join(" ")}
            </MessageBarBody>
          </MessageBar>
        )}
        {save.error && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>{save.error instanceof ApiError && save.error.status === 412 ? "Changed meanwhile" : "Not saved"}</MessageBarTitle>
              {said(save.error)}
            </MessageBarBody>
          </MessageBar>
        )}
        <div className={styles.commands}>
          {previous && <Button onClick={() => setStep(previous)}>Back</Button>}
          {next ? (
            <Button appearance="primary" onClick={() => setStep(next)}>Next</Button>
          ) : (
            <RefusableButton
              appearance="primary"
              disabledFocusable={missing.length > 0 || save.isPending}
              onClick={() =>
                save.mutate(of ? { id: of.id, etag: of.etag, setting: draft } : { setting: draft }, {
                  onSuccess: (made) => {
                    toast("success", of ? `Saved ${made.name}` : `Created ${made.name}`);
                    void navigate(`/detections/${encodeURIComponent(made.id)}`);
                  },
                })
              }
            >
              {of ? "Save" : "Create detection"}
            </RefusableButton>
          )}
          <Button appearance="subtle" onClick={() => void navigate(of ? `/detections/${encodeURIComponent(of.id)}` : "/detections")}>Cancel</Button>
        </div>
      </div>
    </>
  );
}
