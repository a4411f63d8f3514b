import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Badge, Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import {
  AppGeneric20Regular,
  Box20Regular,
  Cloud20Regular,
  Desktop20Regular,
  Document20Regular,
  Globe20Regular,
  Key20Regular,
  Link20Regular,
  Mail20Regular,
  MailInbox20Regular,
  Person20Regular,
  WindowConsole20Regular,
} from "@fluentui/react-icons";
import type { ReactElement } from "react";
import type { Evidence } from "../api/graph";
import { entities, families, type Entity, type Family } from "../lib/evidence";
import { sentence } from "../lib/words";
import { namedIn } from "../lib/assets";
import { AssetLinks } from "./AssetLinks";
import { cut, useSome } from "./CutText";
import { Facts } from "./layout";
import { Nothing, Verdict } from "./labels";

const icons: Record<Family, ReactElement> = {
  devices: <Desktop20Regular />,
  users: <Person20Regular />,
  mailboxes: <MailInbox20Regular />,
  mails: <Mail20Regular />,
  files: <Document20Regular />,
  processes: <WindowConsole20Regular />,
  registry: <Key20Regular />,
  apps: <AppGeneric20Regular />,
  addresses: <Globe20Regular />,
  urls: <Link20Regular />,
  cloud: <Cloud20Regular />,
  other: <Box20Regular />,
};

const useStyles = makeStyles({
  family: { color: tokens.colorNeutralForeground3, display: "block", paddingTop: tokens.spacingVerticalM },
  name: { overflowWrap: "anywhere", textAlign: "left" },
  head: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, flexWrap: "wrap", paddingBlock: tokens.spacingVerticalXS },
  panel: { paddingBottom: tokens.spacingVerticalM, fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
});

/** EvidenceList shows what alerts rest on, by family, each thing once; only some families, if they are named; open, where it is one thing that is looked at. */
export function EvidenceList({ evidence, only, open = false }: { evidence: readonly Evidence[]; only?: readonly Family[]; open?: boolean }) {
  const grouped = entities(evidence);
  const shown = families.filter(([family]) => grouped.has(family) && (!only || only.includes(family)));
  if (shown.length === 0) return <Nothing>None that you may see</Nothing>;
  return (
    <div>
      {shown.map(([family, label]) => {
        const members = grouped.get(family);
        if (!members) return null;
        return <OneFamily key={family} label={label} members={members} open={open} />;
      })}
    </div>
  );
}

function OneFamily({ label, members, open }: { label: string; members: readonly Entity[]; open: boolean }) {
  const styles = useStyles();
  const [some, more] = useSome(members, label.toLowerCase());
  return (
    <section aria-label={label}>
      <Text size={200} weight="semibold" className={styles.family}>{`${label} (${members.length.toLocaleString()})`}</Text>
      <Accordion multiple collapsible defaultOpenItems={open ? some.map(({ key }) => key) : []}>
        {some.map((entity) => (
          <Item key={entity.key} entity={entity} />
        ))}
      </Accordion>
      {more}
    </section>
  );
}

function Item({ entity }: { entity: Entity }) {
  const styles = useStyles();
  const { evidence } = entity;
  const remediation = evidence.remediationStatus && evidence.remediationStatus !== "none" ? sentence(evidence.remediationStatus) : "";
  return (
    <AccordionItem value={entity.key}>
      <AccordionHeader size="small" icon={icons[entity.family]}>
        <span className={styles.head}>
          <span className={styles.name}>{cut(entity.name, 300)}</span>
          <Verdict value={evidence.verdict} />
          {remediation && <Badge appearance="outline" color="informative" shape="rounded">{remediation}</Badge>}
        </span>
      </AccordionHeader>
      <AccordionPanel className={styles.panel}>
        <Facts
          items={[
            ["Kind", entity.kind],
            ...entity.facts,
            ["Part in it", [...(evidence.roles ?? []), ...(evidence.detailedRoles ?? [])].map((role) => sentence(role)).join(", ")],
            ["Tags", (evidence.tags ?? []).join(", ")],
          ]}
        />
        {namedIn(evidence).length > 0 && <AssetLinks items={namedIn(evidence)} label={`What ${entity.name} is about`} />}
        {entity.family === "devices" && typeof evidence.mdeDeviceId === "string" && evidence.mdeDeviceId !== "" && (
          <Link href={`/actions?${new URLSearchParams({ request: "", device: evidence.mdeDeviceId })}`}>Request an action on this device</Link>
        )}
      </AccordionPanel>
    </AccordionItem>
  );
}
