/** The units that a span of time is typed in, by how many minutes each has. */
export const units = { minutes: 1, hours: 60, days: 1440 } as const;
export type Unit = keyof typeof units;

/** spanOf is a number of minutes as people say it: in the largest unit that it is a whole number of, and a day as 24 hours. */
export function spanOf(minutes: number): { amount: number; unit: Unit } {
  const unit = minutes > units.days && minutes % units.days === 0 ? "days" : minutes > 0 && minutes % units.hours === 0 ? "hours" : "minutes";
  return { amount: minutes / units[unit], unit };
}

/** spanWords says it. */
export function spanWords(minutes: number): string {
  const { amount, unit } = spanOf(minutes);
  return `${amount.toLocaleString()} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}

/** minutesOf reads what was typed: a number of minutes from 0 to most, or what is wrong with it. */
export function minutesOf(typed: string, unit: Unit, most: number): number | string {
  const amount = Number(typed);
  if (!/^\d{1,6}$/.test(typed.trim())) return `Want a whole number of ${unit}, such as ${unit === "minutes" ? 90 : 24}`;
  const minutes = amount * units[unit];
  return minutes > most ? `At most ${spanWords(most)}` : minutes;
}
