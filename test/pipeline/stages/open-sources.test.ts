import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readBreaker } from '../../../db/queries/breakers.ts';
import type { ReadSource, SourceRequest } from '../../../pipeline/domain/source.ts';
import { UnexpectedAnswerError } from '../../../pipeline/sources/github/errors.ts';
import { withCircuitBreaker } from '../../../pipeline/stages/open-sources.ts';
import { emptyTables, useDatabase } from '../../support/databases.ts';

describe('the circuit breaker of a source', () => {
  const database = useDatabase();
  beforeEach(() => emptyTables(database.db));

  /** Reads some repositories, of which all fail with this error, or none. */
  const open = (state: { error: unknown }) => {
    const read: ReadSource = async function* () {
      yield* [];
      if (state.error) throw state.error;
    };
    const context = {
      db: database.db,
      policy: { failures: 5, resetMs: 1_000 },
      clock: () => new Date(),
    };
    const guarded = withCircuitBreaker('github', read, context);
    return async (...ids: number[]) => {
      const repositories = ids.map((id) => ({ id, owner: 'octo', name: `r${id}` }));
      const request = { repositories, signal: new AbortController().signal };
      for await (const _ of guarded(request as unknown as SourceRequest));
    };
  };
  const failures = async () => (await readBreaker(database.db, 'github'))?.failures;
  const away = new Error('the source is away');

  it('counts the failures of one repository once, until the source has answered', async () => {
    const state: { error: unknown } = { error: away };
    const read = open(state);
    for (let attempt = 0; attempt < 6; attempt++) await expect(read(1)).rejects.toThrow(away);
    expect(await failures()).toBe(1);
    await expect(read(2)).rejects.toThrow(away);
    expect(await failures()).toBe(2);
    state.error = null;
    await read(3);
    expect(await failures()).toBe(0);
    state.error = away;
    await expect(read(1)).rejects.toThrow(away);
    expect(await failures()).toBe(1);
  });

  it('counts each failure to read several repositories at once, and opens', async () => {
    const read = open({ error: away });
    for (let attempt = 0; attempt < 5; attempt++) await expect(read(1, 2)).rejects.toThrow(away);
    expect(await readBreaker(database.db, 'github')).toMatchObject({ state: 'OPEN', failures: 5 });
    await expect(read(1, 2)).rejects.toThrow('github: circuit open after failures');
  });

  it.each([
    ['an answer that is no answer', new UnexpectedAnswerError('no data')],
    ['an item of another shape', z.string().safeParse(1).error],
    [
      'an item that caused an error',
      new Error('no date', { cause: z.string().safeParse(1).error }),
    ],
  ])('counts no failure for %s about one repository', async (_, error) => {
    const read = open({ error });
    for (let id = 1; id <= 6; id++) await expect(read(id)).rejects.toThrow();
    expect(await readBreaker(database.db, 'github')).toMatchObject({
      state: 'CLOSED',
      failures: 0,
    });
  });
});
