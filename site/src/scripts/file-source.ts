import type { ColumnsFile } from '../lib/columns-file.ts';
import type { BoardSource } from './board-view.ts';
import { fillRow, type RowFacts, type RowPlace } from './fill-row.ts';
import { fold } from './match.ts';

/** A long board: its columns are fetched once, and a row is made when it is shown. */
export interface FileSourceOptions extends RowPlace {
  readonly url: string;
  readonly perPage: number;
  readonly pattern: HTMLTableRowElement;
}

export async function openFileSource(options: FileSourceOptions): Promise<BoardSource> {
  const response = await fetch(options.url);
  if (!response.ok) throw new Error(`${options.url} answered ${response.status}`);
  const file = (await response.json()) as ColumnsFile;
  const texts = file.username.map((username, row) => fold(`${username} ${file.name[row] || ''}`));
  return {
    size: file.username.length,
    perPage: options.perPage,
    value: (column, row) => readValue(file, column, row),
    text: (row) => texts[row] ?? '',
    element: (row) => {
      const element = options.pattern.cloneNode(true) as HTMLTableRowElement;
      fillRow(element, readRow(file, row), options);
      return element;
    },
  };
}

function readValue(file: ColumnsFile, column: string, row: number): string | number {
  if (column === 'name') return file.name[row] || (file.username[row] ?? '');
  if (column === 'rank' || column === 'score' || column === 'last') return file[column][row] ?? 0;
  return file.numbers[column]?.[row] ?? 0;
}

function readRow(file: ColumnsFile, row: number): RowFacts {
  return {
    username: file.username[row] ?? '',
    name: file.name[row] || null,
    avatar: file.avatar[row] || null,
    rank: file.rank[row] ?? 0,
    previous: file.previous[row] || null,
    score: file.score[row] ?? 0,
    shares: file.shares[row] ?? '',
    lastDay: file.last[row] ?? 0,
    hasPage: file.page[row] === '1',
    numbers: Object.fromEntries(
      Object.entries(file.numbers).map(([id, column]) => [id, column[row] ?? 0]),
    ),
  };
}
