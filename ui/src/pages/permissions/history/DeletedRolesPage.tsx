import { Link, makeStyles, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text, tokens } from "@fluentui/react-components";
import { History16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { refusalOf } from "../../../api/errors";
import { deletedRoles, type DeletedRole } from "../../../api/history";
import { Details } from "../../../components/Details";
import { PageHeader } from "../../../components/layout";
import { Moment } from "../../../components/Moment";
import { RefusableButton } from "../../../components/RefusableButton";
import { Empty, Failed, Loading } from "../../../components/states";
import { workloadLabel } from "../../../lib/words";
import { PermissionsCrumbs } from "../PermissionsCrumbs";
import { RestoreRole } from "./RestoreRole";
import { RoleHistory } from "./RoleHistory";

const useStyles = makeStyles({
  scroll: { overflowX: "auto" },
  table: { minWidth: "820px" },
  name: { overflowWrap: "anywhere", paddingBlock: tokens.spacingVerticalXS },
});

/** The roles that were deleted and can be brought back. */
export default function DeletedRolesPage() {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(deletedRoles);
  const [back, setBack] = useState<DeletedRole | null>(null);
  const [shown, setShown] = useState<DeletedRole | null>(null);
  return (
    <>
      <PageHeader title="Deleted roles" above={<PermissionsCrumbs here="Deleted roles" />} below="A deleted role can be brought back for 30 days, with its assignments as far as the people and groups are still there." />
      {isPending ? (
        <Loading what="the deleted roles" />
      ) : error ? (
        <Failed error={error} what="Deleted roles" retry={() => void refetch()} />
      ) : data.items.length === 0 ? (
        <Empty title="None">No role was deleted within the last 30 days.</Empty>
      ) : (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label="Deleted roles">
          <Table className={styles.table} aria-label="Deleted roles">
            <TableHeader>
              <TableRow>
                {["Role", "Product", "Deleted", "By", "Can be brought back until", "Undo"].map((title) => (
                  <TableHeaderCell key={title}>
                    <Text weight="semibold">{title}</Text>
                  </TableHeaderCell>
                ))}
              </TableRow>
            </TableHeader>
            <TableBody>
              {data.items.map((role) => (
                <TableRow key={role.id}>
                  <TableCell>
                    <Link as="button" className={styles.name} onClick={() => setShown(role)}>
                      {role.name}
                    </Link>
                  </TableCell>
                  <TableCell>{role.workload === "unified" ? "Unified" : workloadLabel(role.workload)}</TableCell>
                  <TableCell>
                    <Moment at={role.deletedAt} />
                  </TableCell>
                  <TableCell>{role.deletedBy}</TableCell>
                  <TableCell>
                    <Moment at={role.until} />
                  </TableCell>
                  <TableCell>
                    <RefusableButton size="small" icon={<History16Regular />} refusal={refusalOf(role["@bailiwick.actions"].restore)} aria-label={`Bring back ${role.name}`} onClick={() => setBack(role)}>
                      Bring back
                    </RefusableButton>
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
      {shown && (
        <Details title={shown.name} onClose={() => setShown(null)}>
          <RoleHistory role={shown} />
        </Details>
      )}
      {back && <RestoreRole id={back.id} name={back.name} onClose={() => setBack(null)} />}
    </>
  );
}
