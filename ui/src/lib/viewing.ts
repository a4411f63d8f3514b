/**
 * The server says with every answer until when this session views the portal as somebody. Another window may begin or
 * end the view: whoever listens here hears of it with the next answer, whatever was asked.
 */
let until: string | null = null;
const listeners = new Set<() => void>();

export const viewingUntil = {
  get: () => until,
  set(now: string | null) {
    if (now === until) return;
    until = now;
    listeners.forEach((listener) => listener());
  },
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** timeLeft is what is left until a moment, as minutes and seconds; "0:00" when it is past. */
export function timeLeft(end: string | undefined, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(end ?? "") - now) / 1000));
  if (!Number.isFinite(seconds)) return "0:00";
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
