import { Badge, Link, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircle16Filled } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { requirements, type Requirement } from "../../api/permissions";
import { PageHeader } from "../../components/layout";
import { Failed, Loading } from "../../components/states";
import { workloadLabel, workloads } from "../../lib/words";
import { PermissionsCrumbs } from "./PermissionsCrumbs";

const useStyles = makeStyles({
  scroll: { overflowX: "auto" },
  table: { borderCollapse: "collapse", minWidth: "960px", width: "100%", tableLayout: "fixed" },
  head: { textAlign: "left", padding: tokens.spacingHorizontalM, borderBottom: `2px solid ${tokens.colorNeutralStroke1}` },
  cell: { verticalAlign: "top", textAlign: "left", padding: tokens.spacingHorizontalM, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, fontWeight: tokens.fontWeightRegular },
  mine: { backgroundColor: tokens.colorPaletteGreenBackground1 },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS },
  quiet: { color: tokens.colorNeutralForeground3 },
  have: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalS, paddingBottom: tokens.spacingVerticalXS },
  mark: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, color: tokens.colorPaletteGreenForeground1 },
  own: { fontWeight: tokens.fontWeightSemibold },
  task: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, alignItems: "flex-start" },
});

/** The table of the document, with what this reader has marked in it. */
export default function RequirementsPage() {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(requirements);
  return (
    <>
      <PageHeader title="Requirements" above={<PermissionsCrumbs here="Requirements" />} below="For each task, any one of the named permissions of a product opens that product's part. What you have is marked." />
      {isPending ? (
        <Loading what="the requirements" />
      ) : error ? (
        <Failed error={error} what="Requirements" retry={() => void refetch()} />
      ) : (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label="Requirements table">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col" className={styles.head}>
                  Task
                </th>
                {workloads.map((w) => (
                  <th key={w.name} scope="col" className={styles.head}>
                    {w.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map((row) => (
                <tr key={row.capability}>
                  <th scope="row" className={styles.cell}>
                    <Task row={row} />
                  </th>
                  {workloads.map((w) => {
                    const cell = row.cells.find((c) => c.workload === w.name);
                    const open = cell?.mine.somewhere;
                    return (
                      <td key={w.name} className={mergeClasses(styles.cell, open && styles.mine)}>
                        {open && (
                          <div className={styles.have}>
                            <Link href={`/access?capability=${row.capability}&workload=${w.name}`} className={styles.mark}>
                              <CheckmarkCircle16Filled aria-hidden />
                              {cell.mine.everywhere ? "You have this" : "You have this on some devices"}
                            </Link>
                            {/* What is open without any of the cell's permissions is open on the other path there is. */}
                            {![...cell.anyOf, ...(cell.unified ?? [])].some((permission) => permission.held) && <Text size={200}>By a global role</Text>}
                          </div>
                        )}
                        <Cell cell={cell} />
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Task({ row }: { row: Requirement }) {
  const styles = useStyles();
  return (
    <span className={styles.task}>
      <Badge appearance="outline" color="informative" shape="rounded">
        {row.id}
      </Badge>
      <Text weight="semibold">{row.part ? `${row.task}: ${row.part}` : row.task}</Text>
      {(row.surfaces ?? []).length > 0 && <Text size={200} className={styles.quiet}>{(row.surfaces ?? []).join(", ")}</Text>}
    </span>
  );
}

function Cell({ cell }: { cell: Requirement["cells"][number] | undefined }) {
  const styles = useStyles();
  if (!cell?.applies) return <Text className={styles.quiet}>Not applicable</Text>;
  const on = cell.state === "on";
  const names = on ? (cell.unified ?? []) : cell.anyOf;
  if (names.length === 0) return <Text className={styles.quiet}>No role grants this</Text>;
  return (
    <ul className={styles.list}>
      {on && <li className={styles.quiet}>By unified roles</li>}
      {!on && cell.by && cell.by !== cell.workload && <li className={styles.quiet}>{`By roles of ${workloadLabel(cell.by)}`}</li>}
      {names.map(({ name, held }) => (
        <li key={name} className={held ? styles.own : undefined}>
          {name}
          {held && " (yours)"}
        </li>
      ))}
    </ul>
  );
}
