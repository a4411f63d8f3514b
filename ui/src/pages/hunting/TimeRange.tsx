import { Field, Input, Select, makeStyles } from "@fluentui/react-components";
import { isCustom, presets } from "../../lib/huntTabs";

const useStyles = makeStyles({ time: { width: "178px" } });

const local = (moment: string) => moment.slice(0, 16);
const whole = (text: string) => (text ? `${text}:00Z` : "");

/** TimeRange says from when the rows are. What the query says itself narrows that. */
export function TimeRange({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const styles = useStyles();
  const custom = isCustom(value);
  const [from = "", to = ""] = value.split("/");
  function choose(next: string) {
    if (next !== "custom") return onChange(next);
    const now = new Date();
    return onChange(`${whole(local(new Date(now.getTime() - 86_400_000).toISOString()))}/${whole(local(now.toISOString()))}`);
  }
  return (
    <>
      <Select size="small" aria-label="Time range" value={custom ? "custom" : value} onChange={(_, data) => choose(data.value)}>
        {presets.map(([preset, label]) => <option key={preset} value={preset}>{label}</option>)}
        <option value="">All that is kept</option>
        <option value="custom">Custom range (UTC)</option>
      </Select>
      {custom && (
        <>
          <Field label={{ children: "From, in UTC", style: { display: "none" } }}><Input size="small" className={styles.time} type="datetime-local" aria-label="From, in UTC" value={local(from)} onChange={(_, data) => data.value && onChange(`${whole(data.value)}/${to}`)} /></Field>
          <Field label={{ children: "To, in UTC", style: { display: "none" } }}><Input size="small" className={styles.time} type="datetime-local" aria-label="To, in UTC" value={local(to)} onChange={(_, data) => data.value && onChange(`${from}/${whole(data.value)}`)} /></Field>
        </>
      )}
    </>
  );
}
