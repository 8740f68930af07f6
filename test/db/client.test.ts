import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { migrate } from '../../db/migrate.ts';
import { describeOnDatabases } from '../support/databases.ts';

describeOnDatabases('the database', (database) => {
  it('gives dates, bigints and numerics back as the same values', async () => {
    const { rows } = await sql`
      SELECT 9007199254740991::bigint AS big, 12.345::numeric AS amount, '2025-01-02'::date AS day,
        '2025-01-02 03:04:05.678+02'::timestamptz AS moment, ARRAY[1, 2]::bigint[] AS ids,
        '{}'::bigint[] AS none, '{"a": [1.5, null]}'::jsonb AS document, count(*) AS rows,
        NULL::numeric AS nothing
    `.execute(database.db);
    expect(rows).toEqual([
      {
        big: 9007199254740991,
        amount: 12.345,
        day: '2025-01-02',
        moment: new Date('2025-01-02T01:04:05.678Z'),
        ids: [1, 2],
        none: [],
        document: { a: [1.5, null] },
        rows: 1,
        nothing: null,
      },
    ]);
  });

  it('rejects a bigint that a number would round', async () => {
    await expect(sql`SELECT 9007199254740993::bigint AS big`.execute(database.db)).rejects.toThrow(
      'bigint 9007199254740993 does not fit a number',
    );
  });

  it('accepts arrays, JSON and dates as parameters', async () => {
    const { rows } = await sql`
      SELECT ${[3, 4]}::bigint[] AS ids, ${JSON.stringify({ a: 1 })}::jsonb AS document,
        ${new Date('2025-01-02T03:04:05.678Z')}::timestamptz AS moment, ${['ü', null]}::text[] AS texts
    `.execute(database.db);
    expect(rows).toEqual([
      {
        ids: [3, 4],
        document: { a: 1 },
        moment: new Date('2025-01-02T03:04:05.678Z'),
        texts: ['ü', null],
      },
    ]);
  });

  it('runs each migration once', async () => {
    expect(await migrate(database.db)).toEqual([]);
  });
});
