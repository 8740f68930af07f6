import { z } from 'zod';
import { readDailyCounts } from '../../../../db/queries/report/daily-counts.ts';
import {
  CONTRIBUTION_KINDS,
  COUNT_COLUMNS,
  countColumn,
} from '../../../domain/contribution-kinds.ts';
import { DAY_COLUMNS, DOWNLOADS, PERSON_COLUMNS } from '../../../published/downloads.ts';
import type { Report } from '../context.ts';
import { buildDictionary, schemaOf } from './dictionary.ts';
import { type Cell, toCsv, toParquet } from './formats.ts';

/** The downloads besides those of boards: contributions by day, and the data dictionary. */
export async function writeDownloads(report: Report): Promise<void> {
  const { folder } = report;
  const rows = await readDays(report);
  const columns = DAY_COLUMNS.map((_, place) => rows.map((row) => row[place] ?? null));
  folder.writeText(DOWNLOADS.days, toCsv(DAY_COLUMNS, rows));
  folder.writeText(DOWNLOADS.daysParquet, toParquet(DAY_COLUMNS, columns));
  folder.write(DOWNLOADS.personSchema, z.looseObject({}), schemaOf(PERSON_COLUMNS));
  folder.write(DOWNLOADS.dictionary, z.looseObject({}), buildDictionary(report));
}

async function readDays({ db, now, repositoryNames }: Report): Promise<Cell[][]> {
  const rows = await readDailyCounts(db, now);
  return rows.flatMap(([repositoryId, day, ...counts]) => {
    const name = repositoryNames.get(repositoryId);
    if (name === undefined) return [];
    const byColumn = new Map(
      CONTRIBUTION_KINDS.map((kind, place) => [countColumn(kind), counts[place] ?? 0]),
    );
    return [[name, day, ...COUNT_COLUMNS.map((column) => byColumn.get(column) ?? 0)]];
  });
}
