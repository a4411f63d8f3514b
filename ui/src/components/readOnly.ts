import { createContext, use } from "react";
import type { PortalView } from "../api/view";

/** ViewingContext holds as whom the portal is viewed; null: as oneself. */
export const ViewingContext = createContext<PortalView | null>(null);

/** useReadOnly is why nothing can be changed while one views the portal as somebody. */
export function useReadOnly(): string | undefined {
  const view = use(ViewingContext);
  return view ? `You view the portal as ${view.name}: nothing can be changed until you end the view.` : undefined;
}
