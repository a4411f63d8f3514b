import { useEffect, useRef, useState } from "react";

const key = "bailiwick.letters";

/** writing tells whether a key belongs to a field the person is writing in. */
export function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** nextLandmark moves the keyboard to the next part of the page: bar, navigation, content, drawer. */
function nextLandmark(back: boolean) {
  const parts = [...document.querySelectorAll<HTMLElement>("[data-landmark], [role=dialog]")];
  const here = parts.findLastIndex((part) => part.contains(document.activeElement));
  const next = parts[(here + (back ? -1 : 1) + parts.length) % parts.length];
  if (!next) return;
  if (next.tabIndex < 0 && !next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus();
}

interface Keys {
  /** What `g` and a letter opens. */
  go: Readonly<Record<string, string>>;
  onGo: (path: string) => void;
  onSheet: () => void;
}

/** useKeys listens for the portal's own keys, everywhere but in fields and menus. */
export function useKeys({ go, onGo, onSheet }: Keys) {
  const [letters, setLetters] = useState(() => localStorage.getItem(key) !== "off");
  const waiting = useRef(0);

  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      if (event.key === "F6") {
        event.preventDefault();
        nextLandmark(event.shiftKey);
        return;
      }
      if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && letters && !writing(event.target))) {
        // A page without a search field has filters in its place.
        const search = document.querySelector<HTMLElement>("[data-search]");
        if (!search) return;
        event.preventDefault();
        (search.querySelector<HTMLElement>("input, button") ?? search).focus();
        return;
      }
      if (!letters || writing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.closest("[role=menu]")) return;
      if (event.key === "?") {
        event.preventDefault();
        onSheet();
      } else if (event.key === "g") {
        waiting.current = Date.now();
      } else if (Date.now() - waiting.current < 1500) {
        waiting.current = 0;
        const path = go[event.key];
        if (path) onGo(path);
      }
    }
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [letters, go, onGo, onSheet]);

  function choose(on: boolean) {
    localStorage.setItem(key, on ? "on" : "off");
    setLetters(on);
  }
  return { letters, choose };
}
