import { listScopes } from '../lib/boards.ts';
import { readIndex } from '../lib/documents.ts';
import type { Period, Scope } from '../lib/site.ts';
import { filesOfMonths } from '../share/month-files.ts';
import { filesOfPerson } from '../share/person-files.ts';
import { filesOfScope } from '../share/scope-files.ts';
import { listBoardPages } from './board-pages.ts';
import { listMonthPages } from './month-pages.ts';
import type { ManyFile, ManyPage } from './page.ts';
import { listRenamePages, personPage } from './people-pages.ts';

/** Work that one process does at once: the pages of a board, of some people, of all months, of all former logins. */
export type Unit =
  | { readonly kind: 'board'; readonly scope: Scope; readonly period: Period }
  | { readonly kind: 'people'; readonly from: number; readonly to: number }
  | { readonly kind: 'months' }
  | { readonly kind: 'renames' };

/** Each may have a picture, which takes six megabytes while its unit is at work. */
const PEOPLE = 25;

/** The same for every process: each takes the next unit that nobody has taken. */
export function listUnits(): Unit[] {
  const { contributors, periods } = readIndex();
  const boards = listScopes().flatMap((scope) =>
    periods.map((period): Unit => ({ kind: 'board', scope, period })),
  );
  const people = Array.from(
    { length: Math.ceil(contributors.length / PEOPLE) },
    (_, index): Unit => ({ kind: 'people', from: index * PEOPLE, to: (index + 1) * PEOPLE }),
  );
  return [...boards, ...people, { kind: 'months' }, { kind: 'renames' }];
}

export function pagesOf(unit: Unit): ManyPage[] {
  if (unit.kind === 'board') return listBoardPages(unit.scope, unit.period);
  if (unit.kind === 'months') return listMonthPages();
  if (unit.kind === 'renames') return listRenamePages();
  return readIndex().contributors.slice(unit.from, unit.to).map(personPage);
}

/** The files to share of a unit, beside its pages: those of a board with the board of all time. */
export function filesOf(unit: Unit): ManyFile[] {
  if (unit.kind === 'board') return unit.period === 'all' ? filesOfScope(unit.scope) : [];
  if (unit.kind === 'months') return filesOfMonths();
  if (unit.kind === 'renames') return [];
  const people = readIndex().contributors.slice(unit.from, unit.to);
  return people.flatMap((username, index) => filesOfPerson(username, unit.from + index));
}

/** The file to share at a path that is not encoded, for the development server; undefined: none. */
export function findSharedFile(path: string): ManyFile | undefined {
  const people = readIndex().contributors.flatMap((username, from): Unit[] =>
    path.includes(username) ? [{ kind: 'people', from, to: from + 1 }] : [],
  );
  const boards = listScopes().flatMap((scope): Unit[] =>
    scope === 'global' || path.includes(scope) ? [{ kind: 'board', scope, period: 'all' }] : [],
  );
  for (const unit of [...people, ...boards, { kind: 'months' } as const]) {
    const found = filesOf(unit).find((file) => decodeURIComponent(file.path) === path);
    if (found) return found;
  }
  return undefined;
}
