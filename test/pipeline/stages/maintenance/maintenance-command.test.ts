import { describe, expect, inject, it } from 'vitest';
import { addRepository } from '../../../support/community.ts';
import { useDatabase } from '../../../support/databases.ts';
import { projectFolder, runCommand } from '../../../support/run-command.ts';

describe.runIf(inject('postgresUrl'))('npm run maintenance', () => {
  const database = useDatabase('server');

  const run = (...args: string[]) =>
    runCommand('maintenance', args, {
      cwd: projectFolder,
      env: { DATABASE_URL: database.url },
    });

  it('reports the rows that it would delete, and the rows that it deleted', async () => {
    const dryRun = await run('--dry-run');
    expect(dryRun.code).toBe(0);
    expect(dryRun.output).toContain('rows that maintenance would delete; nothing is changed');
    const real = await run();
    expect(real.code).toBe(0);
    expect(real.output).toContain('maintenance completed');
  });

  // Maintenance deletes all jobs, which also show whether the data is invented or real.
  it('distinguishes invented from real data by the windows, too', async () => {
    const repository = await addRepository(database.db, 'octo', 'one');
    await database.db
      .insertInto('scrape_windows')
      .values({
        repository_id: repository,
        source: 'sample',
        window_from: new Date('2025-01-01'),
        window_to: new Date('2025-01-02'),
        completeness: 1,
        gaps: '[]',
      })
      .execute();
    const { code, output } = await run();
    expect(code).toBe(2);
    expect(output).toContain('invented data of the source sample');
  });
});
