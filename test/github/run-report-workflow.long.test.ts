import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueMarker } from '../../pipeline/actions/failure-issue.ts';
import { FAULTS } from '../support/github/faults.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import {
  NO_PIPELINE,
  outputOf,
  resultsOf,
  stepsOf,
  useCopy,
} from '../support/workflow-runner/copy-of-project.ts';

/** `run-report.yml`, executed after runs of `pipeline.yml`. */

/** Nor is a run planned: what is reported of it is tested. */
const NO_PLAN = {
  ...NO_PIPELINE,
  'actions:plan': `printf '%s\\n' database=embedded mode=all pages=true >> "$GITHUB_OUTPUT"`,
};
const GOOD = { commands: NO_PLAN };
const hostile = '<img src=x onerror=alert(1)> | @everyone ```';
const BAD = {
  commands: {
    ...NO_PLAN,
    pipeline: `echo 'GitHub refuses the token in GITHUB_TOKEN: ${hostile}'; exit 1`,
  },
};

describe('an issue about failed runs', () => {
  const project = useCopy();
  const { copy, run, report } = project;
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(() => receiver.close());
  const reported = (finished: Parameters<typeof report>[0]) =>
    report(finished, { secrets: { WEBHOOK_URL: receiver.url } });
  const memory = () => issueMarker.read(copy.issues[0]?.body ?? '');

  it('is not opened after a good run', async () => {
    const end = await reported(await run('pipeline.yml', GOOD));
    expect(resultsOf(end), outputOf(end)).toEqual({ issue: 'success', webhook: 'success' });
    expect(copy.issues).toEqual([]);
    expect(receiver.bodies).toEqual([]);
  });

  it('is opened after a failed one, and says what to do', async () => {
    const end = await reported(await run('pipeline.yml', BAD));
    expect(resultsOf(end), outputOf(end)).toEqual({ issue: 'success', webhook: 'success' });
    const [issue] = copy.issues;
    expect(issue).toMatchObject({ title: 'The workflow Pipeline fails', state: 'open' });
    expect(issue?.labels).toEqual(['leaderboard-run']);
    expect([...copy.labels]).toEqual(['leaderboard-run']);
    expect(issue?.body).toContain(
      '[Run 2, attempt 1](https://github.com/guild/leaderboard/actions',
    );
    expect(issue?.body).toContain('- Stage: Publish: Pipeline');
    expect(issue?.body).toContain('- Error class: unauthorized');
    expect(issue?.body).toContain('or the workflow Set-up check');
    // What came from outside stands in a block of code that it can't end.
    expect(issue?.body).toMatch(/^````text\n(?:.*\n)*.*@everyone ```\n(?:.*\n)*````$/m);
    expect(memory()).toMatchObject({ workflow: 'Pipeline', run: 2, failures: 1 });
    expect(receiver.bodies).toMatchObject([
      { kind: 'failure', title: 'leaderboard: the workflow Pipeline failed' },
    ]);
    expect(project.github.violations).toEqual([]);
  });

  it('counts a failure of the same day, and makes no comment', async () => {
    await reported(await run('pipeline.yml', BAD));
    expect(copy.issues).toHaveLength(1);
    expect(copy.issues[0]?.comments).toEqual([]);
    expect(memory()).toMatchObject({ run: 3, failures: 2 });
  });

  it('is commented on the next day', async () => {
    const [issue] = copy.issues;
    const yesterday = { ...memory(), commented_at: '2026-01-01T00:00:00.000Z' } as never;
    if (issue) issue.body = issueMarker.replace(issue.body, yesterday);
    await reported(await run('pipeline.yml', BAD));
    expect(issue?.comments).toHaveLength(1);
    expect(issue?.comments[0]).toContain('It failed 3 times since this issue was opened.');
  });

  it('does not count an event that arrives twice', async () => {
    const bad = await run('pipeline.yml', BAD);
    await report(bad);
    await report(bad);
    expect(memory()).toMatchObject({ run: 5, failures: 4 });
  });

  it('stays open for a success of an earlier run that is reported late', async () => {
    const late = { id: 1, number: 4, attempt: 2, conclusion: 'success', jobs: {}, deployed: null };
    await report(late as never);
    expect(copy.issues[0]?.state).toBe('open');
  });

  it('is closed with a comment by a later attempt that succeeds', async () => {
    const bad = await run('pipeline.yml', BAD);
    await report(bad);
    const end = await report(await run('pipeline.yml', { ...GOOD, again: bad }));
    expect(outputOf(end)).toContain('Closed issue 1.');
    expect(copy.issues[0]).toMatchObject({ state: 'closed' });
    expect(copy.issues[0]?.comments.at(-1)).toContain('succeeded, after 5 failed before it.');
  });

  it('is not opened for a failure that a later run has made good', async () => {
    const bad = await run('pipeline.yml', BAD);
    await run('pipeline.yml', GOOD);
    const end = await report(bad);
    expect(outputOf(end)).toContain('A run after 7 succeeded.');
    expect(copy.issues).toHaveLength(1);
  });

  it('is opened anew for the next failure', async () => {
    await report(await run('pipeline.yml', BAD));
    expect(copy.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('is that of the workflow, whatever a person has copied', async () => {
    const [, own] = copy.issues;
    copy.issues.unshift({ ...(own as NonNullable<typeof own>), number: 9, by: 'User' });
    await report(await run('pipeline.yml', GOOD));
    expect(copy.issues.map(({ number, state }) => [number, state])).toEqual([
      [9, 'open'],
      [1, 'closed'],
      [2, 'closed'],
    ]);
  });
});

describe('where GitHub does not help', () => {
  const project = useCopy();
  const { copy, run, report } = project;

  it('no issue is opened when the issues can not be listed', async () => {
    const bad = await run('pipeline.yml', BAD);
    project.github.setFault(({ name }) =>
      name.endsWith('/issues') ? FAULTS.serverError : undefined,
    );
    const end = await report(bad);
    project.github.setFault(() => undefined);
    expect(resultsOf(end)).toMatchObject({ issue: 'failure' });
    expect(copy.issues).toEqual([]);
  });

  it('a sentence says that issues are off', async () => {
    copy.hasIssues = false;
    const end = await report(await run('pipeline.yml', BAD));
    expect(stepsOf(end, 'issue')).toMatchObject({ 'Report the run': 'success' });
    expect(outputOf(end)).toContain('Issues are off in this repository: switch them on at');
    copy.hasIssues = true;
  });

  it('an issue without an excerpt is opened when the log is gone', async () => {
    const bad = await run('pipeline.yml', BAD);
    project.github.setFault(({ name }) => (name.endsWith('/logs') ? FAULTS.forbidden : undefined));
    await report(bad);
    project.github.setFault(() => undefined);
    expect(copy.issues[0]?.body).toContain('- Error class: unknown');
    expect(copy.issues[0]?.body).not.toContain('```');
  });

  it('a receiver that does not answer is a warning', async () => {
    const bad = await run('pipeline.yml', BAD);
    const secret = 'http://127.0.0.1:9/hook/a-secret-part';
    const end = await report(bad, { secrets: { WEBHOOK_URL: secret } });
    expect(resultsOf(end)).toMatchObject({ webhook: 'success' });
    expect(outputOf(end)).toContain('::warning::The webhook was not delivered: no answer.');
    expect(outputOf(end)).not.toContain('a-secret-part');
  });
});

describe('a run that left a record', () => {
  const { copy, run, report } = useCopy();
  const RECORD = {
    stages: [{ stage: 'scrape', status: 'FAILED', error_class: 'quota', message: 'used up' }],
    repositories: [
      { full_name: 'guild/engine', status: 'FAILED', error_class: 'quota', message: '|@ada|' },
      { full_name: 'guild/other', status: 'COMPLETED' },
    ],
    warnings: ['The budget of this month is nearly used.'],
    new_in_a_later_version: true,
  };
  const write = `mkdir -p .data; echo '${JSON.stringify(RECORD)}' > .data/run.json`;
  const withRecord = (end: string) => ({
    commands: { ...NO_PLAN, pipeline: `${NO_PLAN.pipeline}; ${write}; ${end}` },
  });

  it('is reported with its stages and repositories', async () => {
    await report(await run('pipeline.yml', withRecord('exit 1')));
    const body = copy.issues[0]?.body ?? '';
    expect(body).toContain('- Stage: scrape\n- Repositories: guild/engine\n- Error class: quota');
    expect(body).toContain('guild/engine: |@ada|');
  });

  it('has its warnings sent when it was good', async () => {
    const receiver = await startReceiver();
    const good = await run('pipeline.yml', withRecord('exit 0'));
    await report(good, { secrets: { WEBHOOK_URL: receiver.url } });
    expect(receiver.bodies).toMatchObject([{ kind: 'warning', lines: RECORD.warnings }]);
    await receiver.close();
  });
});

describe('a run of several workers', () => {
  const { copy, run, report } = useCopy();
  const recordOf = (repository: string) =>
    JSON.stringify({
      stages: [{ stage: 'scrape', status: 'FAILED', error_class: 'quota', message: 'used up' }],
      repositories: [{ full_name: repository, status: 'FAILED', message: 'no answer' }],
    });
  const ofWorker = (repository: string) => `echo '${recordOf(repository)}' > .data/run.json`;
  const workers = {
    ...NO_PLAN,
    'actions:plan': `printf '%s\\n' database=server mode=all pages=true >> "$GITHUB_OUTPUT"`,
    preflight: ':',
    discovery: ':',
    'actions:workers': `echo 'workers=[1,2]' >> "$GITHUB_OUTPUT"`,
    scrape: `mkdir -p .data
      if mkdir "$RUNNER_TEMP/first" 2>/dev/null; then ${ofWorker('guild/engine')}
      else ${ofWorker('guild/other')}; fi
      exit 1`,
  };

  it('is reported with what each of them left', async () => {
    const red = await run('pipeline.yml', { commands: workers });
    await report(red);
    const body = copy.issues[0]?.body ?? '';
    expect(body).toMatch(/- Stage: scrape\n- Repositories: guild\/(engine|other), guild\/(?!\1)/);
    expect(body.match(/^scrape: used up$/gm)).toHaveLength(1);
  });

  it('is reported without what another attempt left', async () => {
    const first = await run('pipeline.yml', { commands: workers });
    const commands = { ...workers, scrape: 'echo nothing is left; exit 1' };
    copy.issues.length = 0;
    await report(await run('pipeline.yml', { commands, again: first }));
    const body = copy.issues[0]?.body ?? '';
    expect(body).toContain(
      '- Stage: Scrape 1: Scrape, Scrape 2: Scrape\n- Repositories: none named',
    );
  });
});
