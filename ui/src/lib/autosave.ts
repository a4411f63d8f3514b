/** What was typed and not saved, by the page it was typed on. It is this window's own, and goes with signing out. */
const prefix = "bailiwick:draft:";

export function keep(page: string, state: unknown) {
  sessionStorage.setItem(prefix + page, JSON.stringify(state));
}

export function kept<T>(page: string): T | undefined {
  const text = sessionStorage.getItem(prefix + page);
  if (!text) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    drop(page); // damaged: it is no draft any more
    return undefined;
  }
}

export function drop(page: string) {
  sessionStorage.removeItem(prefix + page);
}

/** dropAll leaves nothing of one person for the next. */
export function dropAll() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}
