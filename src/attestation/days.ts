const japanMs = 9 * 60 * 60 * 1000;

/** The day that an instant falls on in Japan, YYYY-MM-DD: the same on every machine. */
export function dayOf(instant: Date): string {
  return new Date(instant.getTime() + japanMs).toISOString().slice(0, 10);
}

/** Whether a text is a day that exists, YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The day so many months and days later; the last day of the month where that has no such day. */
export function laterDay(day: string, { months, days }: { readonly months: number; readonly days: number }): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const lastDate = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const at = Date.UTC(year, month - 1 + months, Math.min(date, lastDate) + days);
  return new Date(at).toISOString().slice(0, 10);
}
