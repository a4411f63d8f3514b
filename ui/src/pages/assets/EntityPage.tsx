import { useQuery } from "@tanstack/react-query";
import { makeStyles, tokens } from "@fluentui/react-components";
import { entityByKey, type EntityKind, type EntityPage as Entity } from "../../api/assets";
import type { Evidence } from "../../api/graph";
import { AssetLinks } from "../../components/AssetLinks";
import { Card, Facts, Section } from "../../components/layout";
import { Failed, Loading } from "../../components/states";
import { WhyICanSee } from "../../components/WhyICanSee";
import { kindLabel } from "../../lib/assets";
import { tell } from "../../lib/evidence";
import { AssetFrame } from "./AssetFrame";
import { ItsAlerts } from "./Told";

const useStyles = makeStyles({ two: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)", gap: tokens.spacingHorizontalXXL, alignItems: "start", "@media (max-width: 1100px)": { gridTemplateColumns: "minmax(0, 1fr)" } } });

// Whose own evidence says what a thing is.
const own: Record<EntityKind, RegExp> = { user: /\.userEvidence$/, mailbox: /\.mailboxEvidence$/, app: /\.(cloudApplication|oauthApplication|servicePrincipal)Evidence$/ };

/** A user, a mailbox or an app. */
export function EntityPage({ kind, assetKey }: { kind: EntityKind; assetKey: string }) {
  const { data, error, isPending, refetch } = useQuery(entityByKey(kind, assetKey));
  if (isPending) return <Loading what={`the ${kind}`} rows={14} />;
  if (error) return <Failed page error={error} what={kindLabel(kind).toLowerCase()} retry={() => void refetch()} />;
  return (
    <AssetFrame
      kind={kind}
      assetKey={data.key}
      name={data.name || data.key}
      asset={data}
      overview={<Overview entity={data} />}
      more={[["why", "Why can I see this?", <WhyICanSee key="w" workloads={data.workloads} evidence={data.evidence.map(({ evidence }) => evidence as Evidence)} said={`You see this ${kind} because alerts that you may see name it, in evidence that you may see. An alert takes the right in every product it belongs to.`} />]]}
    />
  );
}

function Overview({ entity }: { entity: Entity }) {
  const styles = useStyles();
  const told = entity.evidence.find(({ evidence }) => own[entity.kind].test(evidence["@odata.type"]));
  return (
    <>
      <div className={styles.two}>
        <Card>
          <Section title={`About the ${entity.kind}`} level="h2">
            <Facts items={[["Name", entity.name], [entity.kind === "app" ? "App id" : "Address", entity.key], ...(told ? tell(told.evidence as Evidence).facts.filter(([term]) => !["Display name", "App id", "UPN"].includes(term)) : [])]} />
        </Section>
      </Card>
      <Card>
        <Section title="In the same alerts" level="h2">
          <AssetLinks items={entity.related} label="In the same alerts" />
        </Section>
      </Card>
      </div>
      <Section title="Latest alerts" level="h2">
        <ItsAlerts items={entity.latestAlerts.slice(0, 6)} kind={entity.kind} assetKey={entity.key} total={entity.alerts} />
      </Section>
    </>
  );
}
