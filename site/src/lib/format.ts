/** Formats of numbers and times, in UTC, for the whole site. Shared with the browser. */

/** A formatter that is made when it is first used: a browser takes some milliseconds for each. */
function lazily<V>(make: () => { format(value: V): string }): (value: V) => string {
  let made: ReturnType<typeof make> | undefined;
  return (value) => {
    made ??= make();
    return made.format(value);
  };
}

const numbers = (options: Intl.NumberFormatOptions) =>
  lazily<number>(() => new Intl.NumberFormat('en', options));
const dates = (options: Intl.DateTimeFormatOptions) =>
  lazily<Date>(() => new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }));

const whole = numbers({ maximumFractionDigits: 0 });
const exact = numbers({ maximumFractionDigits: 3 });
const day = dates({ dateStyle: 'medium' });
export const formatCount = (value: number) => formatShort(Math.round(value)) ?? whole(value);

/** How a count is shown: a 0 of what is not known is a dash, another number is the least it can be. */
export function describeCount(value: number, isUnknown: boolean) {
  if (isUnknown && value === 0) return { text: '–', className: 'n' };
  if (isUnknown) return { text: `${formatCount(value)}+`, className: 'ge' };
  return { text: formatCount(value), className: value === 0 ? 'z' : undefined };
}

/** A score is shown whole wherever it stands: two pages never show two numbers. */
export const formatScore = (value: number) => formatShort(value) ?? exact(value);

/** What has at most three decimals needs no formatter, which would take its time: pages are full of numbers. */
function formatShort(value: number): string | null {
  if (value !== 0 && !(value >= 0.001 && value < 1e9)) return null;
  const [digits = '', decimals] = String(value).split('.');
  if (decimals !== undefined && decimals.length > 3) return null;
  const grouped = digits.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

export const formatCompact = numbers({ notation: 'compact', maximumFractionDigits: 1 });
export const formatShare = numbers({ style: 'percent', maximumFractionDigits: 1 });
export const formatDollars = numbers({ style: 'currency', currency: 'USD' });

/** By `YYYY-MM-DD`: thousands of pages show the same days. */
const days = new Map<string, string>();

/** The day of a date or of a time in UTC. */
export function formatDay(iso: string): string {
  const date = iso.slice(0, 10);
  let text = days.get(date);
  if (text === undefined) {
    text = day(new Date(date));
    days.set(date, text);
  }
  return text;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Wed 25 Nov 2026`, of a date. */
export const formatWeekday = (date: string) =>
  `${WEEKDAYS[new Date(date).getUTCDay()]} ${formatDay(date)}`;

/** A time in UTC as documents have it: `2025-11-20T02:10:00.000Z`. */
export const formatMinute = (iso: string) =>
  `${formatDay(iso)}, ${iso.slice(11, 16) || '00:00'} UTC`;

export const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const plural = (count: number, one: string, many = `${one}s`) =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${exact(Math.round((bytes / 1024 ** power) * 10) / 10)} ${units[power]}`;
}

export function formatDuration(from: string, to: string): string {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A span of time in its two largest units: `3 d 4 h`, `6 h 20 min`, `12 min`. */
export function formatSpan(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return hours > 0 ? `${formatCount(days)} d ${hours} h` : `${formatCount(days)} d`;
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 > 0 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}

export const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;

/** `YYYY-MM-DD` of a moment, given in milliseconds since 1970. */
export const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** `YYYY-MM` of a moment, given in milliseconds since 1970. */
export const monthOf = (ms: number): string => dateOf(ms).slice(0, 7);

const short = dates({ day: 'numeric', month: 'short' });

/** `20–26 Nov`, `27 Oct – 26 Nov`: two days of one year at most. */
export function formatRange(from: string, to: string): string {
  const [first, last] = [from, to].map((iso) => short(new Date(iso.slice(0, 10))));
  if (first === last) return first ?? '';
  const [day, month] = first?.split(' ') ?? [];
  return last?.endsWith(` ${month}`) ? `${day}–${last}` : `${first} – ${last}`;
}
