import {
  type ClosedMonth,
  readClosedMonths,
  readMonth,
  readMonthAccounts,
} from '../../../db/queries/months.ts';
import type { Person } from '../../../db/queries/report/boards.ts';
import { readNamesById } from '../../../db/queries/run-facts.ts';
import { listOpen, type TrackedRepository, waitsFor } from '../../domain/month-closing.ts';
import type { MonthAccount } from '../../domain/month-standings.ts';
import { type Month, type Months, monthSchema, monthsSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { countMonth } from '../months/count.ts';
import type { Report } from './context.ts';
import { buildMonth, type MonthBefore, type MonthParts } from './month-document.ts';

/**
 * Writes the months of the calendar: those that are closed as they were stored, and the present one as
 * far as it goes.
 * @param people everybody on the boards
 */
export async function writeMonths(
  report: Report,
  people: ReadonlyMap<number, Person>,
  tracked: readonly TrackedRepository[],
): Promise<void> {
  const { db, now, head, folder, knowledge } = report;
  // Read
  const closed = new Map((await readClosedMonths(db)).map((one) => [one.month, one]));
  const open = listOpen(tracked, new Set(closed.keys()), now);
  const names = await readNamesById(db);
  const accounts = new Map([...accountsOf(people), ...(await readMonthAccounts(db))]);
  const dataUntil = head.data_until === null ? null : new Date(head.data_until);
  const inputs = { tracked, knowledge, weightsVersion: head.weights_version, now, dataUntil };
  const months: Months['months'] = [];
  let before: MonthBefore | null = null;
  for (const month of [...closed.keys(), ...open].sort()) {
    const own = closed.get(month) ?? null;
    const record = own ? await readMonth(db, month) : await countMonth(db, month, inputs);
    // Decide
    const parts = { record, closed: own, accounts, names, waitsFor: waitsOf(own, month, tracked) };
    const built = buildMonth(report, parts, before);
    // Write
    folder.write(documentPath('month', { month }), monthSchema, built.document);
    months.unshift(summarize(built.document));
    before = built.before;
  }
  folder.write(documentPath('months'), monthsSchema, { ...head, months });
}

/** The people of a month that is counted now. */
function accountsOf(people: ReadonlyMap<number, Person>): [number, MonthAccount][] {
  return [...people].map(([id, { login, display_name }]) => [
    id,
    { personId: id, login, displayName: display_name },
  ]);
}

const waitsOf = (
  closed: ClosedMonth | null,
  month: string,
  tracked: readonly TrackedRepository[],
): MonthParts['waitsFor'] => (closed ? [] : waitsFor(month, tracked));

function summarize(document: Month): Months['months'][number] {
  const { month, closed_at, contributions, people, counts, coverage, unknown_kinds, newcomers } =
    document;
  const [best] = closed_at === null ? [] : document.places;
  const tied = document.places.filter(({ rank }) => rank === 1);
  return {
    ...{ month, closed_at, contributions, people, counts, coverage, unknown_kinds },
    newcomers: newcomers?.total ?? null,
    first: best
      ? {
          score: best.score,
          tied: tied.length,
          people: tied
            .slice(0, 3)
            .map(({ username, display_name }) => ({ username, display_name })),
        }
      : null,
  };
}
