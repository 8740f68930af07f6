import { COUNT_COLUMNS } from '../../../domain/contribution-kinds.ts';
import { isoDate, type Period } from '../../../domain/time.ts';
import {
  BOARD_COLUMNS,
  boardCsv,
  DOWNLOADS,
  hasCsv,
  PERSON_COLUMNS,
} from '../../../published/downloads.ts';
import type { BoardEntry } from '../boards.ts';
import type { Report } from '../context.ts';
import { type Cell, toCsv, toNdjson, toParquet } from './formats.ts';

/** The downloads of boards, which take each board as it is written. */
export interface BoardDownloads {
  readonly add: (scope: string, period: Period, entries: readonly BoardEntry[]) => void;
  /** Writes the file of all boards. */
  readonly end: () => void;
}

export function startBoardDownloads({ folder }: Pick<Report, 'folder'>): BoardDownloads {
  const columns: Cell[][] = BOARD_COLUMNS.map(() => []);
  return {
    add: (scope, period, entries) => {
      const rows = entries.map(rowOf);
      for (const row of rows)
        for (const [place, cell] of [scope, period, ...row].entries()) columns[place]?.push(cell);
      if (hasCsv(period)) folder.writeText(boardCsv(scope, period), toCsv(PERSON_COLUMNS, rows));
      if (scope === 'global' && period === 'all')
        folder.writeText(DOWNLOADS.people, toNdjson(PERSON_COLUMNS, rows));
    },
    end: () => folder.writeText(DOWNLOADS.boards, toParquet(BOARD_COLUMNS, columns)),
  };
}

const dayOf = (moment: number) => isoDate(new Date(moment));

/** The cells of `PERSON_COLUMNS`. */
function rowOf({ line, person }: BoardEntry): Cell[] {
  return [
    line.total_score > 0 ? line.rank : null,
    line.previous_rank,
    person.login,
    person.github_id > 0 ? person.github_id : null,
    person.display_name,
    line.total_score,
    line.line_bonus,
    ...COUNT_COLUMNS.map((name) => line[name]),
    line.lines_added,
    line.lines_deleted,
    dayOf(line.first_contribution_at),
    dayOf(line.last_contribution_at),
  ];
}
