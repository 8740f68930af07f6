import { countColumn, pointsFor } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Board } from '../../../pipeline/published/documents.ts';
import { entryAt, type NumberColumn, readNumbers } from '../lib/board-columns.ts';
import { type Counts, GROUPS } from '../lib/kinds.ts';
import { TABLE_COLUMNS } from '../lib/table-columns.ts';
import type { BoardFacts } from '../views/board.ts';
import { boardRow } from '../views/board-row.ts';
import type { BoardSource } from './board-view.ts';
import { fetchJson } from './fetch-json.ts';
import { fold } from './match.ts';

/** Fetches all documents of a board; their columns are read when they are asked for. */
export async function openBoard(facts: BoardFacts): Promise<BoardSource> {
  return readBoard(facts, await Promise.all(facts.documents.map((url) => fetchJson<Board>(url))));
}

const FIELDS: Readonly<Record<string, readonly (NumberColumn | keyof Counts)[]>> = {
  rank: ['rank'],
  score: ['total_score'],
  delta: ['delta_7d'],
  ...Object.fromEntries(TABLE_COLUMNS.map(({ id, fields }) => [id, fields])),
};

/** The columns of a board, ready to be sorted and filtered. */
export function readBoard(facts: BoardFacts, shards: readonly Board[]): BoardSource {
  const usernames = shards.flatMap(({ columns }) => columns.username);
  const names = once(() =>
    shards.flatMap(({ columns: { username, display_name = [] } }) =>
      username.map((login, place) => display_name[place] ?? login),
    ),
  );
  const numbers = new Map<string, Float64Array>();
  return {
    // Those without a rank stand at the end, and are on no board.
    size: shards[0]?.total ?? 0,
    perPage: facts.site.pageSize,
    values(column) {
      if (column === 'name') return names();
      const known = numbers.get(column) ?? sumColumns(shards, FIELDS[column] ?? []);
      numbers.set(column, known);
      return known;
    },
    texts: once(() => usernames.map((login, row) => fold(`${login} ${names()[row]}`))),
    logins: () => usernames,
    entry: (row) => entryAt(shards, row, facts.site.scoring),
    row: (row, byKind) => boardRow(facts, entryAt(shards, row, facts.site.scoring), byKind).text,
    points: (group) => sumPoints(facts, shards, group),
  };
}

function sumColumns(shards: readonly Board[], fields: readonly (NumberColumn | keyof Counts)[]) {
  return addUp(fields.map((field) => readNumbers(shards, field)));
}

function addUp([first = new Float64Array(), ...others]: readonly Float64Array[]): Float64Array {
  for (const other of others)
    for (let row = 0; row < first.length; row++) first[row] = (first[row] ?? 0) + (other[row] ?? 0);
  return first;
}

/** The points of everybody for the kinds of a group, given by its place in GROUPS. */
function sumPoints({ site }: BoardFacts, shards: readonly Board[], group: number): Float64Array {
  const columns = (GROUPS[group]?.parts ?? []).map((part) => {
    if (part === 'line_bonus') return readNumbers(shards, 'line_bonus');
    const weight = site.scoring.base_points[part];
    return readNumbers(shards, countColumn(part)).map((count) => pointsFor(count, weight));
  });
  return addUp(columns);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
