import { createDarkTheme, createLightTheme, type BrandVariants, type Theme } from "@fluentui/react-components";
import { useEffect, useState, useSyncExternalStore } from "react";

// A deep teal: calm beside the reds and ambers that severity needs for itself.
const teal: BrandVariants = {
  10: "#021112",
  20: "#06201f",
  30: "#08302f",
  40: "#093d3e",
  50: "#0a4a4d",
  60: "#0b575c",
  70: "#0b646a",
  80: "#0b6e75",
  90: "#1f7c83",
  100: "#348b92",
  110: "#4a9aa1",
  120: "#61a9b0",
  130: "#79b9bf",
  140: "#93c9ce",
  150: "#afd9dd",
  160: "#ccebee",
};

export const light: Theme = createLightTheme(teal);
export const dark: Theme = {
  ...createDarkTheme(teal),
  colorBrandForeground1: teal[130],
  colorBrandForeground2: teal[140],
  colorBrandForegroundLink: teal[130],
  colorBrandForegroundLinkHover: teal[140],
  colorBrandForegroundLinkPressed: teal[120],
  colorCompoundBrandForeground1: teal[130],
  colorCompoundBrandForeground1Hover: teal[140],
  colorNeutralForeground2BrandSelected: teal[130],
  colorNeutralForeground2BrandHover: teal[130],
};

export type Choice = "light" | "dark" | "system";
const key = "bailiwick.theme";

function stored(): Choice {
  const value = localStorage.getItem(key);
  return value === "light" || value === "dark" ? value : "system";
}

const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");

function subscribe(changed: () => void) {
  wantsDark.addEventListener("change", changed);
  return () => wantsDark.removeEventListener("change", changed);
}

/** useTheme is the look: what the person chose, or what their system prefers. */
export function useTheme() {
  const [choice, setChoice] = useState<Choice>(stored);
  const systemDark = useSyncExternalStore(subscribe, () => wantsDark.matches);
  const isDark = choice === "dark" || (choice === "system" && systemDark);

  useEffect(() => {
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  }, [isDark]);

  function choose(next: Choice) {
    if (next === "system") localStorage.removeItem(key);
    else localStorage.setItem(key, next);
    setChoice(next);
  }
  return { choice, choose, theme: isDark ? dark : light };
}
