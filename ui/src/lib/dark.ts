import { useSyncExternalStore } from "react";

function subscribe(changed: () => void) {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  return () => observer.disconnect();
}

/** useDark tells whether the portal is dark, for what draws itself without the portal's components. */
export const useDark = () => useSyncExternalStore(subscribe, () => document.documentElement.style.colorScheme === "dark");
