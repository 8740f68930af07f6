import type { Db } from '../../db/client.ts';
import { addRepository, addUser, ago, contribute, PEOPLE } from './community.ts';

const { ada, bob, cyd, adaAtWork, gone, quietOne, helper, onlyLogin } = PEOPLE;

/** The name of Bob, hostile and unusual. */
export const HOSTILE_NAME = '<img src=x onerror="alert(1)"> \u202e\u2028 ‘Ünï’ 👩‍💻';

/** People of the fixed community who must appear nowhere. */
export const HIDDEN = [gone.login, 'gone-before', helper.login, quietOne.login] as const;

/** Their configuration: one opted out by login, one by id; one alias. */
export const FIXED_PEOPLE = {
  opt_out: ['Gone', quietOne.id],
  aliases: [{ id: adaAtWork.id, is: ada.id }],
};

/**
 * Two repositories, an archived one and people for all cases that boards must handle.
 * Everything in it is fixed, so that its documents are fixed, too.
 */
export async function addFixedCommunity(db: Db): Promise<void> {
  const one = await addRepository(db, 'octo', 'one', { dataUntil: ago(0.25) });
  const two = await addRepository(db, 'Octo', 'Two.js', { dataUntil: ago(0.5) });
  const old = await addRepository(db, 'octo', 'old', { status: 'ARCHIVED' });
  await addRepository(db, 'octo', 'empty', { status: 'PENDING' });
  await addPeople(db);
  await addWork(db, one, two);
  await contribute(db, old, ada.id, 'RELEASE', 5, { at: ago(3), from: 900 });
  await addTraces(db, one);
  await addUsage(db, one, two, old);
  await addLooks(db, one);
}

const DISPLAY_NAMES = new Map<number, string>([
  [ada.id, 'Ada'],
  [bob.id, HOSTILE_NAME],
  [gone.id, 'Gone Person'],
]);

async function addPeople(db: Db): Promise<void> {
  for (const { id, login, type } of [ada, bob, cyd, adaAtWork, gone, quietOne, helper, onlyLogin]) {
    await addUser(db, id, login, { type, displayName: DISPLAY_NAMES.get(id) });
  }
  await db
    .insertInto('github_user_logins')
    .values({
      github_id: gone.id,
      login: 'gone-before',
      first_seen_at: ago(99),
      last_seen_at: ago(90),
    })
    .execute();
}

async function addWork(db: Db, one: number, two: number): Promise<void> {
  await contribute(db, one, ada.id, 'COMMIT', 3, { at: ago(400), from: 100 });
  await contribute(db, one, ada.id, 'PR_OPENED', 2, { at: ago(40), from: 10 });
  await contribute(db, one, ada.id, 'PR_MERGED', 1, {
    at: ago(39),
    from: 10,
    added: 1234,
    deleted: 7,
  });
  await contribute(db, one, adaAtWork.id, 'PR_REVIEWED', 1, {
    at: ago(39),
    from: 200,
    subject: 10,
  });
  await contribute(db, one, bob.id, 'PR_REVIEWED', 1, { at: ago(39), from: 201, subject: 10 });
  await contribute(db, one, bob.id, 'COMMENT', 4, { at: ago(5), from: 300, subject: 11 });
  await contribute(db, two, cyd.id, 'ISSUE_OPENED', 4, { at: ago(2), from: 20 });
  await contribute(db, two, adaAtWork.id, 'ISSUE_CLOSED', 2, { at: ago(1), from: 20 });
  await contribute(db, two, onlyLogin.id, 'PR_REVIEW_COMMENT', 1, {
    at: ago(8),
    from: 400,
    subject: 12,
  });
  await contribute(db, two, gone.id, 'RELEASE', 3, { at: ago(1), from: 500 });
  await contribute(db, two, quietOne.id, 'COMMIT', 9, { at: ago(1), from: 600 });
  await contribute(db, two, helper.id, 'COMMIT', 99, {
    at: ago(1),
    from: 700,
    source: 'gharchive',
  });
  await contribute(db, two, null, 'COMMIT', 2, { at: ago(1), from: 800 });
}

/** The records of a run: a window, a job, an error with texts that must not be published. */
async function addTraces(db: Db, one: number): Promise<void> {
  const window = { window_from: ago(60), window_to: ago(0.25) };
  const gaps = [{ from: ago(3).toISOString(), to: ago(2).toISOString(), reason: 'no file' }];
  await db
    .insertInto('scrape_windows')
    .values({
      repository_id: one,
      source: 'github',
      ...window,
      completeness: 0.95,
      gaps: JSON.stringify(gaps),
    })
    .execute();
  const runId = await addRun(db);
  const job = await db
    .insertInto('scrape_jobs')
    .values({
      run_id: runId,
      source: 'github',
      job_type: 'full',
      status: 'FAILED',
      repository_ids: [one],
      ...window,
      error_class: 'unknown',
      error_message: 'no connection to postgres://admin:secret@db.example/x for Gone',
      skipped: JSON.stringify({ 'not a contribution': 3 }),
      started_at: ago(0.3),
      finished_at: ago(0.29),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('dead_letters')
    .values({
      job_id: job.id,
      source: 'github',
      error_class: 'unknown',
      error_message: 'gone-before <gone@example.org> could not be stored',
      payload: JSON.stringify({ login: gone.login }),
      created_at: ago(0.29),
    })
    .execute();
}

/** Looks at two lists of a repository; the older one is published. */
async function addLooks(db: Db, one: number): Promise<void> {
  const look = (list: string, days: number) => ({
    ...{ repository_id: one, list, state: '{}' },
    looked_at: ago(days),
  });
  await db
    .insertInto('source_cursors')
    .values([look('issues', 3), look('commits', 12)])
    .execute();
}

/** The usage of GitHub's API, for one repository on more days than are published. */
async function addUsage(db: Db, one: number, two: number, old: number): Promise<void> {
  const day = (repository_id: number, days: number, points: number) => ({
    repository_id,
    used_on: ago(days).toISOString().slice(0, 10),
    points,
    requests: points * 2,
  });
  const many = Array.from({ length: 32 }, (_, index) => day(one, index + 1, index + 1));
  await db
    .insertInto('github_usage')
    .values([...many, day(two, 2, 7), day(two, 1, 1000), day(old, 1, 5)])
    .execute();
}

/** A failed run, whose log names a person who opted out, an address and a password. */
async function addRun(db: Db): Promise<number> {
  const { id } = await db
    .insertInto('pipeline_runs')
    .values({
      status: 'FAILED',
      sources: '["github"]',
      clock: ago(0.3),
      started_at: ago(0.3),
      finished_at: ago(0.29),
      error_message: '1 job failed',
      counts: JSON.stringify({ jobs_completed: 0, jobs_failed: 1 }),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const line = { run_id: id, at: ago(0.29), stage: 'scrape' };
  const failure = 'no connection to postgres://admin:secret@db.example/x';
  const fields = { repository: 'octo/one', login: gone.login, mail: 'gone@example.org' };
  const end = { ended: 'COMPLETED', seconds: 864.2 };
  await db
    .insertInto('run_log')
    .values([
      { ...line, level: 'warn', job_id: 1, message: failure, fields: JSON.stringify(fields) },
      { ...line, level: 'info', message: 'done in 14 min 24 s', fields: JSON.stringify(end) },
    ])
    .execute();
  return id;
}
