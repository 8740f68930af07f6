import { beforeEach, expect, it } from 'vitest';
import type { Db } from '../../../../db/client.ts';
import { GLOBAL_BOARD } from '../../../../db/queries/leaderboards.ts';
import { readGlobalLines, readPeople } from '../../../../db/queries/report/boards.ts';
import { DAY_MS, HOUR_MS, PERIODS, type Period } from '../../../../pipeline/domain/time.ts';
import { startOfDay } from '../../../../pipeline/domain/window.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { orderBoards } from '../../../../pipeline/stages/report/boards.ts';
import { readCalculation } from '../../../../pipeline/stages/report/calculation.ts';
import { readMovements } from '../../../../pipeline/stages/report/movements.ts';
import { createStandings } from '../../../../pipeline/stages/report/standings.ts';
import { writePastRanks } from '../../../../pipeline/stages/sample-past/index.ts';
import {
  addRepository,
  addUser,
  ago,
  configOf,
  contribute,
  NOW,
  quiet,
} from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

const [WORKS, RELEASES, LATE, LATE_LONG_AGO, DELETED] = [1, 2, 3, 4, 5];
const noon = (days: number) => new Date(+startOfDay(NOW) - days * DAY_MS + 12 * HOUR_MS);

async function addWork(db: Db): Promise<void> {
  const one = await addRepository(db, 'octo', 'one', { dataUntil: NOW });
  for (const id of [WORKS, RELEASES, LATE, LATE_LONG_AGO, DELETED]) {
    await addUser(db, id, `person-${id}`);
    await contribute(db, one, id, 'COMMIT', id, { at: ago(40) });
    await contribute(db, one, id, 'COMMIT', id, { at: ago(15) });
  }
  await contribute(db, one, WORKS, 'COMMIT', 2, { at: ago(2) });
  await contribute(db, one, RELEASES, 'RELEASE', 1, { at: ago(40) });
  await contribute(db, one, RELEASES, 'RELEASE', 3, { at: ago(15) });
  await contribute(db, one, LATE, 'COMMIT', 3, { at: noon(10) });
  await contribute(db, one, LATE_LONG_AGO, 'COMMIT', 4, { at: noon(33) });
  await contribute(db, one, DELETED, 'COMMENT', 2, { at: ago(40), subject: 7 });
  await contribute(db, one, DELETED, 'COMMENT', 5, { at: ago(14), subject: 7 });
}

describeOnDatabases('what the nights before the sample knew otherwise', (database) => {
  const context = () => ({ db: database.db, now: NOW, log: quiet, config: configOf() });

  async function readParts() {
    const global = orderBoards(await readGlobalLines(database.db), await readPeople(database.db));
    const standings = createStandings(global, []);
    const scopes = [{ repositoryId: GLOBAL_BOARD, scope: 'global' }];
    const calculation = await readCalculation(database.db, scopes, NOW);
    const movementOf = await readMovements({ db: database.db, ...calculation }, standings);
    return {
      standings,
      movementOf,
      partsOf: (id: number, period: Period) => movementOf(id, period)?.parts,
    };
  }

  beforeEach(async () => {
    await emptyTables(database.db);
    await addWork(database.db);
    await writePastRanks(context());
    await calculate(context());
  });

  it('moves scores by each reason that there is', async () => {
    const { partsOf } = await readParts();
    expect(partsOf(WORKS, 'month')).toEqual({ own_work: 20 });
    // 30 points each, and 24 before.
    expect(partsOf(RELEASES, 'month')).toEqual({ weights: 18 });
    expect(partsOf(RELEASES, 'all')).toEqual({ own_work: 92, weights: 24 });
    expect(partsOf(LATE, 'month')).toEqual({ late_data: 30 });
    expect(partsOf(LATE_LONG_AGO, 'month')).toEqual({ left_period: -40 });
    expect(partsOf(LATE_LONG_AGO, 'all')).toEqual({ own_work: 40, late_data: 40 });
    expect(partsOf(DELETED, 'month')).toEqual({ corrections: -15 });
    expect(partsOf(DELETED, 'all')).toEqual({ own_work: 50, corrections: -6 });
  });

  it('moves them by parts that sum to the difference', async () => {
    const { standings, movementOf } = await readParts();
    const differences = PERIODS.flatMap((period) =>
      standings.onBoard(period).flatMap(({ user_id, total_score }) => {
        const { previous_score = null, parts = {} } = movementOf(user_id, period) ?? {};
        if (previous_score === null) return [];
        const sum = Object.values(parts).reduce<number>((all, part) => all + (part ?? 0), 0);
        return [[previous_score + sum, total_score]];
      }),
    );
    expect(differences.length).toBeGreaterThan(8);
    for (const [summed, score] of differences) expect(summed).toBe(score);
  });
});
