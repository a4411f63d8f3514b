import { Button, Field, Input, Popover, PopoverSurface, PopoverTrigger, Radio, RadioGroup, makeStyles, tokens } from "@fluentui/react-components";
import { ChevronDown16Regular } from "@fluentui/react-icons";
import { ages, ageWords, between } from "../lib/queue";

const useStyles = makeStyles({
  active: { backgroundColor: tokens.colorBrandBackground2, color: tokens.colorBrandForeground2, ":hover": { backgroundColor: tokens.colorBrandBackground2Hover } },
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  days: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: tokens.spacingHorizontalM },
});

/** AgeFilter narrows a queue by when its alerts were created. */
export function AgeFilter({ age, onChange }: { age: string; onChange: (age: string) => void }) {
  const styles = useStyles();
  const words = ageWords(age);
  const { from, to } = between(age);
  const known = ages.some(([name]) => name === age);
  const days = (begin: string, end: string) => onChange(begin || end ? `${begin}..${end}` : "");
  return (
    <Popover trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <Button size="small" shape="circular" className={words ? styles.active : undefined} icon={<ChevronDown16Regular />} iconPosition="after">
          {words ? `Created: ${words}` : "Created"}
        </Button>
      </PopoverTrigger>
      <PopoverSurface aria-label="Filter by when it was created">
        <div className={styles.form}>
          <RadioGroup aria-label="Created" value={known ? age : words ? "days" : ""} onChange={(_, data) => onChange(data.value)}>
            <Radio value="" label="Any time" />
            {ages.map(([name, label]) => (
              <Radio key={name} value={name} label={label} />
            ))}
          </RadioGroup>
          <div className={styles.days}>
            <Field label="From">
              <Input type="date" value={from} onChange={(_, data) => days(data.value, to)} />
            </Field>
            <Field label="To, this day too">
              <Input type="date" value={to} onChange={(_, data) => days(from, data.value)} />
            </Field>
          </div>
        </div>
      </PopoverSurface>
    </Popover>
  );
}
