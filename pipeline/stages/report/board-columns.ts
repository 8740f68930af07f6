import { COUNT_COLUMNS } from '../../domain/contribution-kinds.ts';
import { PICTURE_TYPES, type PictureType } from '../../domain/picture.ts';
import { DAY_MS } from '../../domain/time.ts';
import { type Board, type BoardColumns, boardSchema } from '../../published/documents.ts';
import { boardDocument, documentPath } from '../../published/paths.ts';
import type { PacedEntry } from './boards.ts';
import type { Appearance, Report } from './context.ts';
import { addressesOf } from './entry.ts';

/** What a document of a board by columns says besides its columns. */
export type BoardFacts = Pick<
  Board,
  'scope' | 'period' | 'shard' | 'shards' | 'total' | 'previous_on' | 'unknown_kinds' | 'unranked'
>;

/** Writes a part of a board by columns. */
export function writeBoardColumns(
  { head, folder, appearance, withPage }: Report,
  facts: BoardFacts,
  rows: readonly PacedEntry[],
): void {
  const document: Board = {
    ...head,
    ...facts,
    ...addressesOf(appearance),
    columns: buildColumns(rows, withPage, appearance.pictures),
  };
  const { scope, period, shard } = facts;
  folder.write(documentPath(...boardDocument(scope, period, shard)), boardSchema, document);
}

const dayOf = (moment: number) => Math.floor(moment / DAY_MS);

/** The columns, without those whose values are all 0, null or empty. */
function buildColumns(
  rows: readonly PacedEntry[],
  withPage: Report['withPage'],
  pictures: Appearance['pictures'],
): BoardColumns {
  const people = rows.map(({ person }) => person);
  const lines = rows.map(({ line }) => line);
  const counts = COUNT_COLUMNS.map((name) => [name, lines.map((line) => line[name])] as const);
  const columns = {
    github_id: people.map(({ github_id }) => (github_id > 0 ? github_id : null)),
    display_name: people.map((person) => person.display_name),
    rank: lines.map((line) => (line.total_score > 0 ? line.rank : null)),
    previous_rank: lines.map((line) => line.previous_rank),
    total_score: lines.map((line) => line.total_score),
    delta_7d: rows.map((row) => row.delta_7d),
    trend: rows.map((row) => row.trend),
    line_bonus: lines.map((line) => line.line_bonus),
    lines_added: lines.map((line) => line.lines_added),
    lines_deleted: lines.map((line) => line.lines_deleted),
    first_contribution_day: lines.map((line) => dayOf(line.first_contribution_at)),
    last_contribution_day: lines.map((line) => dayOf(line.last_contribution_at)),
    repositories_contributed: lines.map((line) => line.repositories_contributed ?? 0),
    page: people.map(({ github_id }) => (withPage.has(github_id) ? 1 : 0)),
    avatar: people.map(({ github_id }) => placeOf(pictures.get(github_id))),
  };
  return {
    username: people.map(({ login }) => login),
    ...Object.fromEntries(Object.entries(columns).filter(([, column]) => saysAnything(column))),
    counts: Object.fromEntries(counts.filter(([, column]) => saysAnything(column))),
  };
}

/** The kind of a picture as its place in the list, from 1; 0: no picture. */
const placeOf = (type: PictureType | undefined) => (type ? PICTURE_TYPES.indexOf(type) + 1 : 0);

const saysAnything = (column: readonly (number | string | null | readonly number[])[]) =>
  column.some((value) => (typeof value === 'object' ? value?.length : value !== 0));
