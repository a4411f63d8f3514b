/** Report is what can be taken as a file: people or roles by what can be done are a matrix. */
export type Report = "roles" | "assignments" | "matrix" | "role-matrix";
export type ReportFormat = "csv" | "json";

/** reportPath answers a report as a file. */
export function reportPath(of: Report, format: ReportFormat, filter: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ of, format });
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value);
  return `/api/v1/reports?${query.toString()}`;
}
