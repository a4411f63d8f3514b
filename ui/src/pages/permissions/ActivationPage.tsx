import { Badge, Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Radio, RadioGroup, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { preview, type Change } from "../../api/access";
import { refusalOf, said } from "../../api/errors";
import { workloadInfo, type WorkloadInfo } from "../../api/permissions";
import { useSetActivation, type Activation } from "../../api/unified";
import { Card, PageHeader, Section } from "../../components/layout";
import { useReadOnly } from "../../components/readOnly";
import { Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { WhyButton } from "../../components/WhyButton";
import { workloadLabel } from "../../lib/words";
import { Differences } from "./Differences";
import { PermissionsCrumbs } from "./PermissionsCrumbs";
import { Preview, refused, whoChanges } from "./Preview";
import { RefusableButton } from "../../components/RefusableButton";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXL },
  cards: { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(220px, 1fr))", gap: tokens.spacingHorizontalL },
  card: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "space-between", gap: tokens.spacingHorizontalS },
  title: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const states: readonly { value: Activation; label: string; title: string; does: string }[] = [
  { value: "off", label: "Off", title: "Off", does: "The product's own roles decide." },
  { value: "shadow", label: "Shadow", title: "In shadow", does: "The product's own roles decide; where the unified ones would have answered otherwise is noted below." },
  { value: "on", label: "On", title: "On", does: "The unified roles decide; the product's own open nothing here." },
];

const stateOf = (value: Activation) => states.find((s) => s.value === value) ?? states[0]!;

/** Workload settings: whose roles decide in each product, and what the shadows have found. */
export default function ActivationPage() {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(workloadInfo);
  return (
    <div className={styles.page}>
      <PageHeader
        title="Workload settings"
        above={<PermissionsCrumbs here="Workload settings" />}
        below="Whose roles decide in each product: its own, or the unified ones. Only a Global or Security Administrator changes this, after seeing who gains and who loses what."
      />
      {isPending ? (
        <Loading what="the products" />
      ) : error ? (
        <Failed error={error} what="Workload settings" retry={() => void refetch()} />
      ) : (
        <div className={styles.cards}>
          {data.items.map((info) => (
            <Workload key={info.workload} info={info} />
          ))}
        </div>
      )}
      <Section title="What the shadows have found" level="h2">
        <Differences />
      </Section>
    </div>
  );
}

function Workload({ info }: { info: WorkloadInfo }) {
  const styles = useStyles();
  const [wanted, setWanted] = useState<Activation | null>(null);
  const refusal = refusalOf(info["@bailiwick.actions"].activate);
  const readOnly = useReadOnly();
  const label = workloadLabel(info.workload);
  return (
    <Card className={styles.card}>
      <div className={styles.head}>
        <Text as="h2" size={400} weight="semibold" className={styles.title}>{label}</Text>
        <Badge appearance="tint" shape="rounded" color={info.unified === "on" ? "success" : info.unified === "shadow" ? "warning" : "informative"}>
          {`Unified roles: ${stateOf(info.unified).title.toLowerCase()}`}
        </Badge>
      </div>
      <RadioGroup aria-label={`Unified roles in ${label}`} value={info.unified} disabled={refusal !== undefined || readOnly !== undefined} onChange={(_, chosen) => setWanted(chosen.value as Activation)}>
        {states.map((s) => (
          <Radio key={s.value} value={s.value} label={s.label} />
        ))}
      </RadioGroup>
      <Text size={200} className={styles.quiet}>{stateOf(info.unified).does}</Text>
      {refusal !== undefined && (
        <div className={styles.head}>
          <Text size={200} className={styles.quiet}>{`You can't change this: ${refusal.reason}`}</Text>
          <WhyButton asked={refusal} />
        </div>
      )}
      {wanted !== null && wanted !== info.unified && <Confirm info={info} wanted={wanted} onClose={() => setWanted(null)} />}
    </Card>
  );
}

function Confirm({ info, wanted, onClose }: { info: WorkloadInfo; wanted: Activation; onClose: () => void }) {
  const body = { workload: info.workload as "endpoint", unified: wanted };
  const changes: Change[] = [{ setActivation: body }];
  const { data, isPlaceholderData } = useQuery(preview(changes));
  const [{ etag }] = useState(info);
  const change = useSetActivation();
  const toast = useToast();
  const { title, does } = stateOf(wanted);
  const label = workloadLabel(info.workload);
  // The answer shown may be of an earlier question until the one to this question comes.
  const known = data && !isPlaceholderData ? data : undefined;
  function set() {
    change.mutate({ body, etag }, {
      onSuccess: () => {
        toast("success", `Unified roles in ${label}: ${title.toLowerCase()}`);
        onClose();
      },
    });
  }
  return (
    <Dialog open modalType="alert" onOpenChange={(_, event) => !event.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{`Unified roles in ${label}: ${title.toLowerCase()}?`}</DialogTitle>
          <DialogContent tabIndex={0} role="region" aria-label="What this does">
            <Text block>{does}</Text>
            {wanted === "shadow" && <Text block>What an earlier shadow of this product has found is forgotten.</Text>}
            <Preview changes={changes} />
            {change.error && <Text block role="alert">{said(change.error)}</Text>}
          </DialogContent>
          <DialogActions fluid>
            <RefusableButton refusal={refused(known)} appearance="primary" onClick={set} disabledFocusable={!known?.allowed || change.isPending}>
              {`Set ${title.toLowerCase()}${known ? `: ${whoChanges(known)}` : ""}`}
            </RefusableButton>
            <Button onClick={onClose}>Leave it</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
