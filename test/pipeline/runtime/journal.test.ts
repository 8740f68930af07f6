import { expect, it } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { readRunLog } from '../../../db/queries/run-log.ts';
import { insertRun } from '../../../db/queries/runs.ts';
import type { LogLine } from '../../../pipeline/domain/run.ts';
import { createJournal } from '../../../pipeline/runtime/journal.ts';
import { NOW } from '../../support/community.ts';
import { useDatabase } from '../../support/databases.ts';

const database = useDatabase();

const line = (message: string): LogLine => ({
  at: NOW,
  level: 'info',
  stage: null,
  jobId: null,
  message,
  fields: {},
});

async function stored(runId: number) {
  return (await readRunLog(database.db, runId, 100_000)).map(({ message }) => message);
}

it('stores the lines of a run in their order, also those from before it began', async () => {
  const runId = await insertRun(database.db, [], NOW);
  const journal = createJournal('pipeline');
  journal.note(line('before'));
  await journal.flush();
  expect(await stored(runId)).toEqual([]);
  await journal.attach(database.db, runId);
  for (let count = 1; count <= 1_203; count += 1) journal.note(line(`line ${count}`));
  await journal.close();
  const all = await stored(runId);
  expect(all).toHaveLength(1_204);
  expect(all.slice(0, 2)).toEqual(['before', 'line 1']);
  expect(all.at(-1)).toBe('line 1203');
  expect(journal.lines).toHaveLength(200);
  journal.note(line('after'));
  await journal.flush();
  expect(await stored(runId)).toHaveLength(1_204);
});

it('does not wait for a transaction of the run, which may take the only connection', async () => {
  const runId = await insertRun(database.db, [], NOW);
  const journal = createJournal('pipeline');
  await journal.attach(database.db, runId);
  await database.db.transaction().execute(async () => {
    for (let count = 0; count < 1_000; count += 1) journal.note(line('x'));
  });
  await journal.close();
  expect(await stored(runId)).toHaveLength(1_000);
});

it('keeps the lines while the database is away, and never fails', async () => {
  const runId = await insertRun(database.db, [], NOW);
  const journal = createJournal('pipeline');
  const away = await openDatabase('memory:');
  await journal.attach(away, runId);
  journal.note(line('kept'));
  await journal.flush();
  await away.destroy();
  await journal.flush();
  await journal.attach(database.db, runId);
  await journal.close();
  expect(await stored(runId)).toEqual(['kept']);
});
