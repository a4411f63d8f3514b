import { Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { said } from "../../api/errors";
import { deviceMoves, type DeviceGroupInput } from "../../api/permissions";
import { Nothing } from "../../components/labels";
import { Loading } from "../../components/states";
import { useLater } from "../../components/useLater";
import { count } from "../../lib/words";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, maxHeight: "220px", overflowY: "auto" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const most = 50;

/** DeviceMoves says which devices other rules or ranks would move, of those that the reader sees, while they are written. */
export function DeviceMoves({ items }: { items: DeviceGroupInput[] }) {
  const styles = useStyles();
  const { data, error, isPending } = useQuery(deviceMoves(useLater(items)));
  if (isPending) return <Loading what="the devices" rows={2} />;
  if (error) return <Text>{said(error)}</Text>;
  if (data.seen === 0) return <Nothing>You see no devices, so none can be told</Nothing>;
  return (
    <div aria-live="polite">
      <Text weight="semibold">{data.total === 0 ? `None of the ${count(data.seen, "device")} that you see moves` : `${count(data.total, "device moves", "devices move")}, of ${data.seen.toLocaleString()} that you see`}</Text>
      {data.moves.length > 0 && (
        <ul className={styles.list} tabIndex={0} aria-label="Devices that move">
          {data.moves.slice(0, most).map(({ id, name, from, to }) => (
            <li key={id}>
              <Text>{name || id}</Text> <Text size={200} className={styles.quiet}>{`from ${from} to ${to}`}</Text>
            </li>
          ))}
          {data.total > most && <li><Text size={200} className={styles.quiet}>{`and ${(data.total - most).toLocaleString()} more`}</Text></li>}
        </ul>
      )}
    </div>
  );
}
