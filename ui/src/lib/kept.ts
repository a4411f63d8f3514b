/**
 * Where the portal was left to be viewed as somebody, and what was on that page: it is found again when the view has
 * ended. It is this window's own.
 */
const key = "bailiwick:viewed-from";

interface Kept {
  path: string;
  state?: unknown;
  /** The view has ended: the page may take its state back. */
  back?: boolean;
}

function read(): Kept | undefined {
  const text = sessionStorage.getItem(key);
  return text ? (JSON.parse(text) as Kept) : undefined;
}

const here = () => location.pathname + location.search;

/** leave notes the page that is left. */
export function leave(state: unknown) {
  sessionStorage.setItem(key, JSON.stringify({ path: here(), state }));
}

/** comeBack gives the address of the page that was left. */
export function comeBack(): string {
  const kept = read();
  if (!kept) return "/access";
  sessionStorage.setItem(key, JSON.stringify({ ...kept, back: true }));
  return kept.path;
}

/** found is what was on this page when it was left, once the view has ended. */
export function found<T>(): T | undefined {
  const kept = read();
  return kept?.back && kept.path === here() ? (kept.state as T | undefined) : undefined;
}

/** forget lets go of it: the page has what was on it. */
export function forget() {
  if (read()?.back) sessionStorage.removeItem(key);
}
