import { Button, MessageBar, MessageBarBody, MessageBarTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowSwap20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import type { Access, CapabilityAt } from "../../../api/access";
import type { Schema } from "../../../api/client";
import { comparison, type Comparison } from "../../../api/history";
import { Nothing } from "../../../components/labels";
import { Card, PageHeader, Section } from "../../../components/layout";
import { Empty, Failed, Loading } from "../../../components/states";
import { useTasks } from "../../../components/useTasks";
import { list, period, workloadLabel } from "../../../lib/words";
import { PermissionsCrumbs } from "../PermissionsCrumbs";
import { SidePicker } from "./SidePicker";

const useStyles = makeStyles({
  sides: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) auto minmax(0, 1fr)", gap: tokens.spacingHorizontalL, alignItems: "start", marginBottom: tokens.spacingVerticalXL },
  swap: { marginTop: "24px" },
  parts: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXL },
  columns: { display: "grid", gridTemplateColumns: "repeat(3, minmax(0, 1fr))", gap: tokens.spacingHorizontalL, "@media (max-width: 800px)": { gridTemplateColumns: "minmax(0, 1fr)" } },
  items: { margin: 0, paddingLeft: tokens.spacingHorizontalL, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, overflowWrap: "anywhere" },
  column: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  title: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Two roles, two versions of one, or two people, in three columns. The address has both sides. */
export default function ComparePage() {
  const styles = useStyles();
  const [search, setSearch] = useSearchParams();
  const left = search.get("left") ?? "";
  const right = search.get("right") ?? "";
  const { data, error, isPending, refetch } = useQuery(comparison(left, right));
  const set = (sides: Record<string, string>) => {
    const next = new URLSearchParams(search);
    for (const [side, key] of Object.entries(sides)) {
      if (key) next.set(side, key);
      else next.delete(side);
    }
    setSearch(next, { replace: true });
  };
  return (
    <>
      <PageHeader title="Compare" above={<PermissionsCrumbs here="Compare" />} below="Two roles, two versions of one, or two people: what only one of them has, and what both have." />
      <div className={styles.sides}>
        <SidePicker key={`left ${left}`} label="Left" value={left} onPick={(key) => set({ left: key })} />
        <Button className={styles.swap} icon={<ArrowSwap20Regular />} aria-label="Swap the sides" disabledFocusable={!left && !right} onClick={() => set({ left: right, right: left })} />
        <SidePicker key={`right ${right}`} label="Right" value={right} onPick={(key) => set({ right: key })} />
      </div>
      {!left || !right ? (
        <Empty title="Pick two">Pick what stands on the left and what stands on the right.</Empty>
      ) : isPending ? (
        <Loading what="the comparison" />
      ) : error ? (
        <Failed error={error} what="The comparison" retry={() => void refetch()} />
      ) : (
        <Parts of={data} />
      )}
    </>
  );
}

function Parts({ of }: { of: Comparison }) {
  const styles = useStyles();
  const task = useTasks();
  const notes = [...of.left.notes.map((note) => `${of.left.title}: ${note}`), ...of.right.notes.map((note) => `${of.right.title}: ${note}`)];
  const where = (access: Access) => (access.workload !== "endpoint" || access.everywhere ? workloadLabel(access.workload) : `${workloadLabel(access.workload)}, on ${list(access.deviceGroups ?? [])}`);
  const permission = (held: Schema["HeldPermission"]) => (held.workload ? `${held.permission} (${held.workload === "unified" ? "Unified" : workloadLabel(held.workload)})` : `Global role ${held.permission}`);
  return (
    <div className={styles.parts}>
      {of.same && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>No difference</MessageBarTitle>
            {`${of.left.title} and ${of.right.title} come to the same.`}
          </MessageBarBody>
        </MessageBar>
      )}
      {(of.leftOut ?? []).length > 0 && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>You see part of this comparison</MessageBarTitle>
            {`Left out, since you do not view the roles there: ${list((of.leftOut ?? []).map(workloadLabel))}.`}
          </MessageBarBody>
        </MessageBar>
      )}
      {notes.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>Not counted: it could not be brought back now</MessageBarTitle>
            {notes.map(period).join(" ")}
          </MessageBarBody>
        </MessageBar>
      )}
      <Section level="h2" title="In effect now">
        <Text className={styles.quiet}>What it lets people do at this moment: as it is assigned, and as products are switched and activated. A version counts as if it were restored now.</Text>
        <Columns sides={of} of={of.effect} name="in effect" show={(access: Access) => `${task(access.capability)} (${where(access)})`} />
      </Section>
      <Section level="h2" title="Permissions">
        <Columns sides={of} of={of.permissions} name="permissions" show={permission} />
      </Section>
      {(of.left.role || of.right.role) && (
        <Section level="h2" title="What the permissions open">
          <Text className={styles.quiet}>Wherever that is, and whether or not it is assigned.</Text>
          <Columns sides={of} of={of.opens} name="what the permissions open" show={({ capability, workload }: CapabilityAt) => `${task(capability)} (${workloadLabel(workload)})`} />
        </Section>
      )}
    </div>
  );
}

interface ColumnsProps<T> {
  sides: Comparison;
  of: { left: T[]; both: T[]; right: T[] };
  name: string;
  show: (item: T) => string;
}

/** Columns are what only the left has, what both have, what only the right has. */
function Columns<T>({ sides, of, name, show }: ColumnsProps<T>): ReactNode {
  const styles = useStyles();
  const columns: [string, T[]][] = [
    [`Only ${sides.left.title}`, of.left],
    ["Both", of.both],
    [`Only ${sides.right.title}`, of.right],
  ];
  return (
    <div className={styles.columns}>
      {columns.map(([title, items], i) => (
        <Card key={i}>
          <div className={styles.column} role="group" aria-label={`${title}, ${name}`}>
            <h3 className={styles.title}>{`${title} (${items.length})`}</h3>
            {items.length === 0 ? (
              <Nothing>Nothing</Nothing>
            ) : (
              <ul className={styles.items}>
                {items.map((item) => (
                  <li key={show(item)}>{show(item)}</li>
                ))}
              </ul>
            )}
          </div>
        </Card>
      ))}
    </div>
  );
}
