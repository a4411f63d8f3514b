import type { Effective } from "../../api/access";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing } from "../../components/labels";
import { Moment } from "../../components/Moment";
import { count, list, workloadLabel } from "../../lib/words";

type Holding = Effective["holdings"][number];

const columns: readonly Column<Holding>[] = [
  { id: "permission", title: "Permission", cell: (h) => <Name>{h.permission}</Name>, width: "26%" },
  { id: "workload", title: "Product", cell: (h) => (h.workload ? workloadLabel(h.workload) : "As it opens them"), width: "14%" },
  { id: "role", title: "Role", cell: (h) => <span title={by(h)}>{by(h)}</span>, width: "18%" },
  { id: "group", title: "By the group", cell: (h) => h.group ?? <Nothing>Directly</Nothing>, width: "14%" },
  { id: "reach", title: "Reaches", cell: (h) => <span title={reach(h)}>{reach(h)}</span>, width: "14%" },
  { id: "until", title: "Until", cell: (h) => (h.notAfter ? <Moment at={h.notAfter} plain /> : <Nothing>No end</Nothing>), width: "14%" },
];

function by(h: Holding): string {
  return h.role?.name ?? "Global role";
}

function reach(h: Holding): string {
  if (h.everywhere) return "Everything";
  const groups = h.deviceGroups ?? [];
  return groups.length > 3 ? count(groups.length, "device group") : list(groups) || "Nothing";
}

/** Holdings are the permissions a person has, each with the way it came. */
export function Holdings({ holdings }: { holdings: readonly Holding[] }) {
  if (holdings.length === 0) return <Nothing>No permission by any role</Nothing>;
  return <Grid label="Permissions held" columns={columns} items={holdings} id={(h) => `${h.workload ?? ""}|${h.permission}|${h.assignment ?? ""}|${h.group ?? ""}|${by(h)}`} />;
}
