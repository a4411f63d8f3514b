import { Tooltip } from "@fluentui/react-components";
import { ago, parse, show, utc } from "../lib/dates";
import { Nothing } from "./labels";

/** Moment shows a time as the reader's clock does; the tooltip has it in UTC and says how long ago. */
export function Moment({ at, plain = false }: { at: string | null | undefined; plain?: boolean }) {
  const moment = parse(at);
  if (!moment) return <Nothing>Not set</Nothing>;
  const more = `${utc(moment)}, ${ago(moment, new Date())}`;
  const time = <time dateTime={moment.toISOString()}>{show(moment)}</time>;
  // In a grid of a hundred rows the browser's own tooltip is enough, and costs nothing.
  if (plain) return <time dateTime={moment.toISOString()} title={more}>{show(moment)}</time>;
  return (
    <Tooltip content={more} relationship="description">
      {time}
    </Tooltip>
  );
}
