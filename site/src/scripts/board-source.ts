import type { Board } from '../../../pipeline/published/documents.ts';
import { entryAt, type NumberColumn, readNumbers } from '../lib/board-columns.ts';
import type { Counts } from '../lib/kinds.ts';
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
  last: ['last_contribution_day'],
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
    row: (row) => boardRow(facts, entryAt(shards, row, facts.site.scoring)).text,
  };
}

function sumColumns(shards: readonly Board[], fields: readonly (NumberColumn | keyof Counts)[]) {
  const [first = new Float64Array(), ...others] = fields.map((field) => readNumbers(shards, field));
  for (const other of others)
    for (let row = 0; row < first.length; row++) first[row] = (first[row] ?? 0) + (other[row] ?? 0);
  return first;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
