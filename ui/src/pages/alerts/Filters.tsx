import type { Facets, FacetCount } from "../../api/investigation";
import { Facet, type FacetValue } from "../../components/Facet";
import { Severity, Status } from "../../components/labels";
import { nobody } from "../../lib/odata";
import { alertFields, type AlertField } from "../../lib/queue";
import { alertStatuses, severities } from "../../lib/triage";
import { sentence } from "../../lib/words";
import type { ReactNode } from "react";

const labels: Record<AlertField, string> = {
  status: "Status",
  severity: "Severity",
  serviceSource: "Product",
  category: "Category",
  assignedTo: "Assigned to",
  detectionSource: "Detected by",
  deviceGroup: "Device group",
  tag: "Tag",
  classification: "Classification",
};

const shown: Record<AlertField, (value: string) => ReactNode> = {
  status: (value) => <Status value={value} />,
  severity: (value) => <Severity value={value} />,
  serviceSource: sentence,
  category: sentence,
  assignedTo: (value) => value,
  detectionSource: sentence,
  deviceGroup: (value) => value,
  tag: (value) => value,
  classification: sentence,
};

const order: Partial<Record<AlertField, readonly string[]>> = { status: alertStatuses, severity: severities };

interface FiltersProps {
  facets: Facets | undefined;
  chosen: Record<string, string[]>;
  onChange: (chosen: Record<string, string[]>) => void;
}

export function Filters({ facets, chosen, onChange }: FiltersProps) {
  return alertFields.map((field) => {
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

function values(field: AlertField, counts: readonly FacetCount[]): FacetValue[] {
  const known = order[field];
  const place = (value: string) => (known ? (known.indexOf(value) + 99) % 99 : 0);
  return counts
    .map(({ value, count }) => (value ? { value, count, label: shown[field](value) } : { value: nobody, count, label: field === "assignedTo" ? "Nobody" : "Not set" }))
    .sort((a, b) => place(a.value) - place(b.value));
}
