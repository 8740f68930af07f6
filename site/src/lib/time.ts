/** Days and months in UTC. Shared with the browser. */

export const DAY_MS = 86_400_000;

/** `YYYY-MM-DD` of a moment, given in milliseconds since 1970. */
export const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** `YYYY-MM` of a moment, given in milliseconds since 1970. */
export const monthOf = (ms: number): string => dateOf(ms).slice(0, 7);
