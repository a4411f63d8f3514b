import type { Facets, FacetCount } from "../../api/investigation";
import { Facet, type FacetValue } from "../../components/Facet";
import { Severity, Status } from "../../components/labels";
import { nobody } from "../../lib/odata";
import { alertStatuses, severities } from "../../lib/triage";
import { sentence } from "../../lib/words";
import type { ReactNode } from "react";

/** The fields the queue is narrowed by, as the filter language names them. */
export const fields = ["status", "severity", "serviceSource", "category", "assignedTo"] as const;
type Field = (typeof fields)[number];

const labels: Record<Field, string> = {
  status: "Status",
  severity: "Severity",
  serviceSource: "Product",
  category: "Category",
  assignedTo: "Assigned to",
};

const shown: Record<Field, (value: string) => ReactNode> = {
  status: (value) => <Status value={value} />,
  severity: (value) => <Severity value={value} />,
  serviceSource: sentence,
  category: sentence,
  assignedTo: (value) => value,
};

const order: Partial<Record<Field, readonly string[]>> = { status: alertStatuses, severity: severities };

interface FiltersProps {
  facets: Facets | undefined;
  chosen: Record<string, string[]>;
  onChange: (chosen: Record<string, string[]>) => void;
}

export function Filters({ facets, chosen, onChange }: FiltersProps) {
  return fields.map((field) => {
    const counts = facets?.[field];
    return (
      <Facet
        key={field}
        label={labels[field]}
        values={Array.isArray(counts) ? values(field, counts) : []}
        chosen={chosen[field] ?? []}
        onChange={(now) => onChange({ ...chosen, [field]: now })}
      />
    );
  });
}

function values(field: Field, counts: readonly FacetCount[]): FacetValue[] {
  const known = order[field];
  const place = (value: string) => (known ? (known.indexOf(value) + 99) % 99 : 0);
  return counts
    .map(({ value, count }) => (value ? { value, count, label: shown[field](value) } : { value: nobody, count, label: field === "assignedTo" ? "Nobody" : "Not set" }))
    .sort((a, b) => place(a.value) - place(b.value));
}
