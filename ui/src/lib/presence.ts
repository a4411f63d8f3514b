/** How long after the last key or movement somebody still counts as being there. */
const lingers = 60_000;

let last = Date.now();

/** present tells whether somebody is at the page: what it asks without anybody there must keep no session alive. */
export function present(now = Date.now()): boolean {
  return now - last < lingers;
}

/** seen notes that somebody is there. */
export function seen(now = Date.now()) {
  last = now;
}

/** watchPresence notes every sign of life on a page. */
export function watchPresence(page: Pick<Window, "addEventListener">) {
  for (const sign of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) page.addEventListener(sign, () => seen(), { passive: true, capture: true });
}
