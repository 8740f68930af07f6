import { afterEach, expect, it } from 'vitest';
import {
  admitCall,
  readBreaker,
  recordFailure,
  recordSuccess,
} from '../../../db/queries/breakers.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const policy = { failures: 5, resetMs: 300_000 };
const NOW = new Date('2026-03-14T12:00:00Z');
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

describeOnDatabases('circuit breakers', (database) => {
  afterEach(() => emptyTables(database.db));

  async function fail(times: number, at = NOW) {
    for (let i = 0; i < times; i++) await recordFailure(database.db, 'bigquery', policy, at);
  }

  it('open after 5 failures in a row, and only then', async () => {
    await fail(4);
    expect(await admitCall(database.db, 'bigquery', policy, NOW)).toMatchObject({
      isAdmitted: true,
    });
    await fail(1);
    expect(await admitCall(database.db, 'bigquery', policy, after(299))).toEqual({
      isAdmitted: false,
      retryAt: after(300),
    });
    expect(await admitCall(database.db, 'github', policy, NOW)).toMatchObject({ isAdmitted: true });
  });

  it('count failures in a row: a success sets the count to 0', async () => {
    await fail(4);
    await recordSuccess(database.db, 'bigquery', NOW);
    await fail(4);
    expect(await readBreaker(database.db, 'bigquery')).toMatchObject({
      state: 'CLOSED',
      failures: 4,
    });
  });

  it('admit one trial call after 5 minutes, and close when it succeeds', async () => {
    await fail(5);
    const admissions = await Promise.all(
      [1, 2, 3].map(() => admitCall(database.db, 'bigquery', policy, after(300))),
    );
    expect(admissions.filter((admission) => admission.isAdmitted)).toHaveLength(1);
    await recordSuccess(database.db, 'bigquery', after(310));
    expect(await readBreaker(database.db, 'bigquery')).toMatchObject({
      state: 'CLOSED',
      failures: 0,
    });
    const entries = await database.db
      .selectFrom('audit_log')
      .select('action')
      .orderBy('id')
      .execute();
    expect(entries.map((entry) => entry.action)).toEqual(['BREAKER_OPENED', 'BREAKER_CLOSED']);
  });

  it('open again when the trial call fails, and admit another when its worker died', async () => {
    await fail(5);
    await admitCall(database.db, 'bigquery', policy, after(300));
    await fail(1, after(310));
    expect(await admitCall(database.db, 'bigquery', policy, after(600))).toMatchObject({
      isAdmitted: false,
    });
    expect(await admitCall(database.db, 'bigquery', policy, after(610))).toMatchObject({
      isAdmitted: true,
    });
    expect(await admitCall(database.db, 'bigquery', policy, after(620))).toMatchObject({
      isAdmitted: false,
    });
    expect(await admitCall(database.db, 'bigquery', policy, after(911))).toMatchObject({
      isAdmitted: true,
    });
  });

  it('open at once for a failure that will last', async () => {
    await recordFailure(database.db, 'bigquery', policy, NOW, true);
    expect(await readBreaker(database.db, 'bigquery')).toMatchObject({
      state: 'OPEN',
      failures: 1,
    });
  });
});
