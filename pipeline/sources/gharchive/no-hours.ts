import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ARCHIVE_BEGINS } from '../../domain/archive-event.ts';
import { SourceError } from '../../domain/error-class.ts';
import { HOUR_MS } from '../../domain/time.ts';

/** None of the hours that were asked for is there: nothing is wrong with a file, but with the request. */
export class NoHoursError extends SourceError {
  override readonly name = 'NoHoursError';
  constructor(message: string) {
    super('not_found', message);
  }
}

const HOUR_FILE = /^(\d{4}-\d\d-\d\d)-(\d|1\d|2[0-3])\.json\.gz$/;

/** The start of the hour of a file, by its name; null for another file. */
function hourOf(name: string): Date | null {
  const [, day, hour = ''] = HOUR_FILE.exec(name) ?? [];
  const start = new Date(`${day}T${hour.padStart(2, '0')}:00:00Z`);
  return Number.isNaN(start.getTime()) ? null : start;
}

/** The hours that a folder holds, oldest first. */
export async function hoursOfFolder(path: string): Promise<Date[]> {
  const hours = (await readdir(path)).map(hourOf).filter((hour) => hour !== null);
  return hours.sort((a, b) => a.getTime() - b.getTime());
}

const text = (moment: Date) => moment.toISOString().replace('.000Z', 'Z');
const endOf = (hour: Date) => new Date(hour.getTime() + HOUR_MS);
const count = (hours: number) =>
  `${hours.toLocaleString('en-US')} ${hours === 1 ? 'hour' : 'hours'}`;

/**
 * What to say when an archive has none of the hours that were asked for.
 * @param asked not empty, oldest first
 */
export async function noHours(address: string, asked: readonly Date[]): Promise<NoHoursError> {
  const [first, last] = [asked[0], asked.at(-1)] as [Date, Date];
  const what = `of the ${count(asked.length)} from ${text(first)} to ${text(endOf(last))}`;
  const url = new URL(address);
  if (url.protocol !== 'file:') {
    return new NoHoursError(
      `the archive has no file ${what}: check GHARCHIVE_URL, the clock and --now, ` +
        'or give --from and --to with hours that it has',
    );
  }
  const held = await hoursOfFolder(fileURLToPath(url));
  return new NoHoursError(`the folder of GHARCHIVE_URL has no file ${what}: ${describe(held)}`);
}

/** The hours that a folder holds, and how to read them. */
function describe(held: readonly Date[]): string {
  const usable = held.filter((hour) => hour >= ARCHIVE_BEGINS);
  const [first, last] = [usable[0], usable.at(-1)];
  if (first === undefined || last === undefined) {
    return held.length === 0
      ? 'it holds no hour file (YYYY-MM-DD-H.json.gz)'
      : `it holds ${count(held.length)}, all before 2015, whose format is not read`;
  }
  const [from, to] = [text(first), text(endOf(last))];
  return (
    `it holds ${count(usable.length)} from ${from} to ${to}; ` +
    `give --from ${from} --to ${to} to read them, and --now ${to} for the boards of that time`
  );
}
