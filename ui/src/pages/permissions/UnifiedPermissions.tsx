import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Badge, Checkbox, Radio, RadioGroup, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { permissions, type Permission } from "../../api/permissions";
import { Failed, Loading } from "../../components/states";
import { useTasks } from "../../components/useTasks";
import { categoriesOf, levelOf, withLevel, type Category, type Level } from "../../lib/unified";
import { count, list, workloadLabel } from "../../lib/words";

const useStyles = makeStyles({
  steps: { maxWidth: "760px" },
  level: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, paddingBottom: tokens.spacingVerticalM },
  group: { display: "flex", flexDirection: "column", paddingTop: tokens.spacingVerticalS },
  permission: { display: "flex", flexDirection: "column", paddingBottom: tokens.spacingVerticalXS },
  allows: { color: tokens.colorNeutralForeground3, paddingLeft: "36px" },
  label: { display: "inline-flex", gap: tokens.spacingHorizontalS, alignItems: "center" },
  header: { display: "inline-flex", gap: tokens.spacingHorizontalM, alignItems: "center" },
});

interface Props {
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

const levels: readonly [Level, string][] = [
  ["none", "None"],
  ["read", "All read-only permissions, those that come later too"],
  ["manage", "All read and manage permissions, those that come later too"],
  ["custom", "Custom: those that are ticked, and no others"],
];

const short: Record<Level, string> = { none: "None", read: "All read-only", manage: "All read and manage", custom: "Custom" };

/** UnifiedPermissions chooses what a unified role holds, category by category. */
export function UnifiedPermissions({ chosen, onChange }: Props) {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(permissions("unified"));
  if (isPending) return <Loading what="the permissions" />;
  if (error) return <Failed error={error} what="permissions" retry={() => void refetch()} />;
  const categories = categoriesOf(data.items);
  const grantable = new Map(data.items.map((permission) => [permission.name, permission.grantable]));
  return (
    <Accordion multiple collapsible defaultOpenItems={categories[0]?.name} className={styles.steps}>
      {categories.map((category) => (
        <OneCategory key={category.name} category={category} grantable={grantable} chosen={chosen} onChange={onChange} />
      ))}
    </Accordion>
  );
}

function OneCategory({ category, grantable, chosen, onChange }: Props & { category: Category; grantable: ReadonlyMap<string, Permission["grantable"]> }) {
  const styles = useStyles();
  const found = levelOf(category, chosen);
  // Who has asked for custom keeps it, also while what is ticked is what another choice means.
  const [custom, setCustom] = useState(found === "custom");
  const level = custom || found === "custom" ? "custom" : found;
  const refusal = (name: string) => (grantable.get(name)?.allowed === false && !chosen.includes(name) ? (grantable.get(name)?.reason ?? "") : "");
  function pick(next: Level) {
    setCustom(next === "custom");
    onChange(withLevel(category, next, chosen));
  }
  const held = category.groups.flatMap((g) => g.permissions).filter((p) => chosen.includes(p.name)).length;
  return (
    <AccordionItem value={category.name}>
      <AccordionHeader as="h2">
        <span className={styles.header}>
          <Text weight="semibold">{category.name}</Text>
          <Badge appearance="tint" color={level === "none" ? "informative" : "brand"} shape="rounded">
            {level === "custom" ? `Custom, ${count(held, "permission")}` : short[level]}
          </Badge>
        </span>
      </AccordionHeader>
      <AccordionPanel>
        <div className={styles.level}>
          <RadioGroup aria-label={category.name} value={level} onChange={(_, data) => pick(data.value as Level)}>
            {levels.map(([value, label]) => {
              const why = value === "read" ? refusal(category.read) : value === "manage" ? refusal(category.manage) : "";
              return <Radio key={value} value={value} disabled={why !== ""} label={why ? `${label}. You can't give it: ${why}` : label} />;
            })}
          </RadioGroup>
          {level === "custom" && <Custom category={category} refusal={refusal} chosen={chosen} onChange={onChange} />}
        </div>
      </AccordionPanel>
    </AccordionItem>
  );
}

function Custom({ category, refusal, chosen, onChange }: Props & { category: Category; refusal: (name: string) => string }) {
  const styles = useStyles();
  const task = useTasks();
  const toggle = (name: string, on: boolean) => onChange(on ? [...chosen, name] : chosen.filter((other) => other !== name));
  const included = new Set(
    category.groups.flatMap((g) => g.permissions).filter((p) => chosen.includes(p.name)).flatMap((p) => p.includes ?? []),
  );
  const allRead = chosen.includes(category.read);
  return (
    <>
      <Checkbox label="All read-only permissions, those that come later too" checked={allRead} disabled={refusal(category.read) !== ""} onChange={(_, data) => toggle(category.read, data.checked === true)} />
      {category.groups.map((group) => (
        <div key={group.name} className={styles.group} role="group" aria-label={group.name}>
          <Text weight="semibold">{group.name}</Text>
          {group.permissions.map((permission) => {
            const along = included.has(permission.name) || (allRead && !permission.manage);
            const why = refusal(permission.name);
            return (
              <div key={permission.name} className={styles.permission}>
                <Checkbox
                  checked={along || chosen.includes(permission.name)}
                  disabled={along || why !== ""}
                  onChange={(_, data) => toggle(permission.name, data.checked === true)}
                  label={
                    <span className={styles.label}>
                      {permission.name}
                      {permission.manage && <Badge appearance="tint" color="warning" shape="rounded">Changes things</Badge>}
                    </span>
                  }
                />
                <Text size={200} className={styles.allows}>
                  {[permission.allows, opensWords(permission, task), along ? "Comes along with what is chosen." : "", why ? `You can't give it: ${why}` : ""].filter(Boolean).join(" ")}
                </Text>
              </div>
            );
          })}
        </div>
      ))}
    </>
  );
}

/** opensWords says which tasks a permission opens, and in which products. */
function opensWords({ opens }: Permission, task: (capability: string) => string): string {
  const where = new Map<string, string[]>();
  for (const { capability, workload } of opens) where.set(capability, [...(where.get(capability) ?? []), workloadLabel(workload)]);
  if (where.size === 0) return "Opens nothing in this centre.";
  const tasks = [...where].map(([capability, products]) => (products.length === 4 ? task(capability) : `${task(capability)} (${products.join(", ")})`));
  return `Opens ${list(tasks)}.`;
}
