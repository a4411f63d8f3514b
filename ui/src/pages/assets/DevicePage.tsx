import { Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { actionList } from "../../api/actions";
import { deviceActions, deviceById, type DevicePage as Device } from "../../api/assets";
import type { Evidence } from "../../api/graph";
import { refusalOf } from "../../api/errors";
import { useMe } from "../../api/session";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ActionStatus } from "../../components/ActionStatus";
import { AssetLinks } from "../../components/AssetLinks";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing } from "../../components/labels";
import { Card, Facts, Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { RefusableButton } from "../../components/RefusableButton";
import { Failed, Loading } from "../../components/states";
import { WhoMay } from "../../components/WhoMay";
import { WhyICanSee } from "../../components/WhyICanSee";
import { assetPath, kindTab, propertyLabel } from "../../lib/assets";
import { tell } from "../../lib/evidence";
import { AssetFrame } from "./AssetFrame";
import { DeviceTags } from "./DeviceTags";

const useStyles = makeStyles({
  two: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)", gap: tokens.spacingHorizontalXXL, alignItems: "start", "@media (max-width: 1100px)": { gridTemplateColumns: "minmax(0, 1fr)" } },
  column: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, minWidth: 0 },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  buttons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const acts = [
  ["investigation.view", "See it"],
  ["alerts.manage", "Change its alerts and tags"],
  ["actions.remediate", "Act on it"],
] as const;

/** A device: what its group makes of it, and what evidence in sight tells. */
export function DevicePage({ id }: { id: string }) {
  const me = useMe();
  const [gone, setGone] = useState(false);
  const { data, error, isPending, refetch } = useQuery({ ...deviceById(id), enabled: !gone });
  if (gone) return <Gone />;
  if (isPending) return <Loading what="the device" rows={14} />;
  if (error) return <Failed page error={error} what="device" retry={() => void refetch()} />;
  const where = data.deviceGroup ? [{ "@odata.type": "", rbacGroupName: data.deviceGroup } as unknown as Evidence] : [];
  return (
    <AssetFrame
      kind="device"
      assetKey={data.id}
      name={data.name || data.id}
      asset={data}
      overview={<Overview device={data} onGone={() => setGone(true)} />}
      more={[
        ["actions", "Actions", <DeviceActions key="x" device={data} />],
        ["why", "Why can I see this?", <WhyICanSee key="w" workloads={["endpoint"]} evidence={where} said="You see a device if you may view investigation data of endpoint on the device group that it is in now." />],
        ...(me.viewsOthers ? [["who", "Who else?", <WhoMay key="o" thing="device" id={data.id} acts={acts} />] as const] : []),
      ]}
    />
  );
}

function Gone() {
  return (
    <Section title="The device has moved" level="h2">
      <Text>By its new tags it is in a device group that is not part of what you may see.</Text>
      <Link href={`/entities/${kindTab("device")}`}>To the devices</Link>
    </Section>
  );
}

function Overview({ device, onGone }: { device: Device; onGone: () => void }) {
  const styles = useStyles();
  const facts = device.described ? tell(device.described as Evidence).facts.filter(([term]) => !["Device group", "Signed in", "System"].includes(term)).map(([term, value]) => [term === "Risk" ? "Risk in the product" : term, value] as const) : [];
  return (
    <div className={styles.two}>
      <div className={styles.column}>
        <Card>
          <Section title="Device group" level="h2">
            <Why device={device} />
          </Section>
        </Card>
        <Card>
          <Section title="Tags" level="h2">
            <DeviceTags device={device} onGone={onGone} />
          </Section>
        </Card>
        <Card>
          <Section title="Act on it" level="h2">
            <Requests device={device.id} />
          </Section>
        </Card>
      </div>
      <div className={styles.column}>
        <Card>
          <Section title="About the device" level="h2">
            <Facts items={[["Name", device.name], ["Domain", device.domain], ["System", device.os], ...facts, ["Device id", device.id]]} />
            {device.namesakes.map((other) => (
              <Text key={other} size={200}>
                Another device in your reach has this name: <Link href={assetPath("device", other)}>{other}</Link>
              </Text>
            ))}
          </Section>
        </Card>
        <Card>
          <Section title="Signed in" level="h2">
            {device.signedIn.length === 0 ? (
              <Nothing>Nobody that the alerts you may see tell of</Nothing>
            ) : (
              <ul className={styles.list}>
                {device.signedIn.map(({ account, at }) => (
                  <li key={account}>
                    {account} <Text size={200} className={styles.quiet}>told <Moment at={at} plain /></Text>
                  </li>
                ))}
              </ul>
            )}
          </Section>
        </Card>
        <Card>
          <Section title="In the same alerts" level="h2">
            <AssetLinks items={device.related} label="In the same alerts" />
          </Section>
        </Card>
      </div>
    </div>
  );
}

/** Why says which group the device is in, and what of it its rule looks at. */
function Why({ device }: { device: Device }) {
  const styles = useStyles();
  const { why } = device;
  if (!device.deviceGroup) return <Text>No evidence has described it yet: it is for who may see every device group.</Text>;
  return (
    <>
      <Text weight="semibold">{device.deviceGroup}</Text>
      {why?.ungrouped && <Text>No rule of a device group matches it.</Text>}
      {why && why.terms.length > 0 && (
        <>
          <Text>{why.rank ? `It is the first, in rank order, whose rule the device matches: rank ${why.rank} of ${why.of ?? why.rank}.` : "Its rule is the first that the device matches, by:"}</Text>
          <ul className={styles.list} aria-label="What its rule looks at">
            {why.terms.map((term) => (
              <li key={term.property}>
                {`${propertyLabel(term.property)} ${term.value}`}
                {term.pattern && term.pattern !== term.value && <Text size={200} className={styles.quiet}>{` matches ${term.pattern}`}</Text>}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** Requests are the actions that one may ask for on a device, and why not the others. */
function Requests({ device }: { device: string }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { data, error } = useQuery(deviceActions(device));
  if (error) return <Failed error={error} what="actions" />;
  return (
    <div className={styles.buttons}>
      {(data?.items ?? []).map((type) => (
        <RefusableButton key={type.name} size="small" refusal={refusalOf(type.request)} onClick={() => void navigate(`/actions?${new URLSearchParams({ request: type.name, device })}`)}>{type.title}</RefusableButton>
      ))}
    </div>
  );
}

type Row = NonNullable<ReturnType<typeof useActions>["data"]>["pages"][number]["items"][number];
const useActions = (device: string) => useInfiniteQuery(actionList({ device }));

const columns: readonly Column<Row>[] = [
  { id: "type", title: "Action", cell: (a) => <Name>{a.actionTypeDisplayName}</Name>, width: "40%" },
  { id: "status", title: "Status", cell: (a) => <ActionStatus value={a.status} />, width: "25%" },
  { id: "by", title: "Requested by", cell: (a) => a.createdBy ?? <Nothing>Automation</Nothing>, width: "20%" },
  { id: "at", title: "Changed", cell: (a) => <Moment at={a.lastUpdateDateTime} plain />, width: "15%" },
];

function DeviceActions({ device }: { device: Device }) {
  const navigate = useNavigate();
  const { data, error, isPending } = useActions(device.id);
  if (isPending) return <Loading what="its actions" rows={4} />;
  if (error) return <Failed error={error} what="actions" />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Nothing>Nothing was done to it, and nothing waits</Nothing>;
  return <Grid narrow label="Actions on this device" columns={columns} items={items} id={(a) => a.id} name={(a) => a.actionTypeDisplayName} onOpen={(a) => void navigate(`/actions/${encodeURIComponent(a.id)}`)} />;
}
