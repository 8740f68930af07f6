/** Lengths of time, and moments as text. Everything is UTC. */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** `YYYY-MM-DDTHH:MM:SS.sssZ`; null stays null. */
export function iso(moment: Date | null): string | null {
  return moment === null ? null : moment.toISOString();
}

/** The UTC date, `YYYY-MM-DD`. */
export function isoDate(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The UTC month, `YYYY-MM`. */
export function isoMonth(moment: Date): string {
  return moment.toISOString().slice(0, 7);
}
