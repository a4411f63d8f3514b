import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";

const useStyles = makeStyles({
  text: { whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  more: { display: "block", color: tokens.colorNeutralForeground3 },
});

const most = 10_000;

/** CutText is a text that somebody else wrote, as long as it likes: what is too long to be read is cut, and says so. */
export function CutText({ children }: { children: string }) {
  const styles = useStyles();
  return (
    <Text className={styles.text}>
      {cut(children, most)}
      {children.length > most && <Text size={200} className={styles.more}>{`The first ${most.toLocaleString()} of ${children.length.toLocaleString()} characters. The whole is with Raw.`}</Text>}
    </Text>
  );
}

/** cut ends a text early, not within a character. */
export function cut(text: string, at: number): string {
  if (text.length <= at) return text;
  const last = text.charCodeAt(at - 1);
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? at - 1 : at)}…`;
}

const step = 200;

/** useSome shows a long list piece by piece: what is shown of it, and a button for more. */
export function useSome<T>(list: readonly T[], noun: string) {
  const [most, setMost] = useState(step);
  const more =
    list.length > most ? (
      <Button appearance="subtle" onClick={() => setMost(most + step)}>{`Show more ${noun} (${most.toLocaleString()} of ${list.length.toLocaleString()})`}</Button>
    ) : null;
  return [list.slice(0, most), more] as const;
}
