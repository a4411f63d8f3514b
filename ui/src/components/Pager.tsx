import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ChevronLeft20Regular, ChevronRight20Regular } from "@fluentui/react-icons";

const useStyles = makeStyles({
  pager: {
    display: "flex",
    alignItems: "center",
    justifyContent: "flex-end",
    gap: tokens.spacingHorizontalS,
    paddingTop: tokens.spacingVerticalM,
  },
  text: { color: tokens.colorNeutralForeground2, fontVariantNumeric: "tabular-nums" },
});

interface PagerProps {
  /** The first row shown, counted from 0. */
  from: number;
  shown: number;
  total: number;
  size: number;
  /** The last row that paging can reach; a filter reaches the rest. */
  reach?: number;
  onMove: (from: number) => void;
}

/** Pager says which rows of how many are shown, and moves. */
export function Pager({ from, shown, total, size, reach = Infinity, onMove }: PagerProps) {
  const styles = useStyles();
  if (total <= size && from === 0) return null;
  const next = from + size;
  const more = next < total;
  return (
    <nav className={styles.pager} aria-label="Pages">
      <Text className={styles.text}>{`${(from + 1).toLocaleString()}-${(from + shown).toLocaleString()} of ${total.toLocaleString()}`}</Text>
      {more && next > reach && <Text className={styles.text}>Narrow the list with a filter to reach further</Text>}
      <Button appearance="subtle" icon={<ChevronLeft20Regular />} aria-label="Previous page" disabledFocusable={from === 0} onClick={() => onMove(Math.max(0, from - size))} />
      <Button appearance="subtle" icon={<ChevronRight20Regular />} aria-label="Next page" disabledFocusable={!more || next > reach} onClick={() => onMove(next)} />
    </nav>
  );
}
