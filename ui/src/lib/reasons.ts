import { list } from "./words";

const words: Record<string, string> = {
  allowed: "Open.",
  "unknown-principal": "There is nobody by that name.",
  disabled: "The account is disabled.",
  expired: "The account has ended.",
  "not-applicable": "This product has no such thing.",
  nobody: "No role of this product grants it.",
  "roles-off": "The product's roles are switched off.",
  "unified-off": "A unified role would open it, but unified roles are not on there.",
  "unified-on": "A role of the product would open it, but unified roles decide there.",
  "not-now": "Granted, but not at this time.",
  "no-permission": "No role of theirs grants it.",
  "out-of-reach": "Granted, but not on these devices.",
  "unknown-device-group": "There is no such device group.",
  "beyond-view": "The view does not reach there: it is never more than your own access, in the products whose roles you may view.",
  invalid: "The question is not a valid one.",
};

/** reasonWords says a decision's reason. */
export function reasonWords(reason: string): string {
  return words[reason] ?? reason;
}

export type CellState = "yes" | "some" | "no" | "inapplicable";

interface Cell {
  everywhere: boolean;
  somewhere: boolean;
  reason: string;
  deviceGroups?: string[];
}

/** cellState is how a cell of the matrix looks; what the server did not say is no. */
export function cellState(cell: Cell | undefined): { state: CellState; note: string } {
  if (!cell) return { state: "no", note: "" };
  if (cell.everywhere) return { state: "yes", note: "" };
  if (cell.somewhere) return { state: "some", note: cell.deviceGroups?.length ? `On ${list(cell.deviceGroups)}.` : "" };
  if (cell.reason === "not-applicable") return { state: "inapplicable", note: reasonWords(cell.reason) };
  return { state: "no", note: reasonWords(cell.reason) };
}
