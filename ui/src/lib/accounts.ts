/** accountState says whether an account works at a moment. */
export function accountState(account: { disabled: boolean; notAfter?: string | undefined }, now: Date): "Active" | "Disabled" | "Expired" {
  if (account.disabled) return "Disabled";
  return account.notAfter && new Date(account.notAfter) <= now ? "Expired" : "Active";
}

/** clockTime is a moment as a field for date and time wants it, by the reader's clock. */
export function clockTime(at: string | undefined): string {
  if (!at) return "";
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return "";
  const two = (n: number) => String(n).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}T${two(time.getHours())}:${two(time.getMinutes())}`;
}
