import { expect, onTestFinished, test, vi } from 'vitest';
import type { LogLine } from '../../../pipeline/domain/run.ts';
import { createLog, type LogSettings } from '../../../pipeline/runtime/log.ts';
import type { LogFormat } from '../../../pipeline/runtime/options.ts';

function createListener(format: LogFormat, settings: LogSettings = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { log: createLog(format, { ...settings, destination }), lines };
}

test('json: one object a line, with the time in UTC', () => {
  const { log, lines } = createListener('json');
  log.info({ repository: 'a/b', events: 3 }, 'scraped');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/\}\n$/);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 30,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    repository: 'a/b',
    events: 3,
    msg: 'scraped',
  });
});

test('pretty: lines for people', () => {
  const { log, lines } = createListener('pretty');
  log.warn({ repository: 'a/b' }, 'slow');
  expect(lines.join('')).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: slow \{"repository":"a\/b"\}\n$/);
});

test.each([
  ['info', 1],
  ['debug', 2],
  ['error', 0],
])('at level %s, %i of two lines are written', (level, count) => {
  const { log, lines } = createListener('json', { level });
  log.info('one');
  log.debug('two');
  expect(lines).toHaveLength(count);
});

test.each(['json', 'pretty'] as const)('%s: no secret gets out, wherever it stands', (format) => {
  const { log, lines } = createListener(format, { secrets: ['sesame-of-run'] });
  const url = 'postgres://me:sesame@db/x';
  log.info({ token: 'sesame', options: { password: 'sesame', credentials: { key: 'sesame' } } });
  log.info(`connecting to ${url}`);
  log.error({ err: new Error(`no answer of ${url}`, { cause: new Error(url) }) });
  log.info({ note: 'sesame-of-run' }, 'sesame-of-run');
  const written = lines.join('');
  expect(written).not.toContain('sesame');
  expect(written.match(/\[hidden\]/g)?.length).toBeGreaterThanOrEqual(7);
});

/** Each secret that the environment may hold, and every part of it that gives something away. */
const PASSWORD = 's%2Fs@me#of%25run';
const SECRETS: readonly (readonly [name: string, value: string, parts: readonly string[]])[] = [
  ['GITHUB_TOKEN', 'a-token-of-run', ['a-token-of-run']],
  ['PGPASSWORD', 'sesame-of-run', ['sesame-of-run']],
  ['WEBHOOK_URL', 'https://hooks.example/T1/of-run', ['https://hooks.example/T1/of-run']],
  ['BACKUP_KEY', 'key of the backup', ['key of the backup']],
  ['METRICS_PUSH_URL', 'https://me:pushed-run@gw/x', ['https://me:pushed-run@gw/x', 'pushed-run']],
  [
    'DATABASE_URL',
    `postgres://app:${PASSWORD}@db.example/x`,
    [PASSWORD, decodeURIComponent(PASSWORD), `app:${PASSWORD}`],
  ],
  ['DATABASE_URL', 'postgres://db/x?user=app&password=in-query-of-run', ['in-query-of-run']],
  ['HTTPS_PROXY', 'http://me:proxied-run@proxy:3128', ['proxied-run']],
  [
    'BIGQUERY_CREDENTIALS',
    '{"private_key":"-----BEGIN PRIVATE KEY-----\\nMIIEof-run\\n-----END PRIVATE KEY-----","private_key_id":"0a1b2c3d","client_secret":"secret-of-run","refresh_token":"token-of-run"}',
    ['MIIEof-run', '0a1b2c3d', 'secret-of-run', 'token-of-run'],
  ],
];

test.each(SECRETS)(
  'no part of %s (%s) is in a line or in what is stored of it',
  (name, value, parts) => {
    vi.stubEnv(name, value);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    for (const format of ['json', 'pretty'] as const) {
      const stored: LogLine[] = [];
      const { log, lines } = createListener(format, { tap: (line) => stored.push(line) });
      for (const part of [value, ...parts]) {
        log.info({ reason: part, list: [{ part }], [part]: 1 }, `at ${part}!`);
        log.error({ err: new Error(part, { cause: new Error(part) }) }, 'failed');
        log.child({ stage: part }).warn({ repository: part }, part);
      }
      const written = [...lines, JSON.stringify(stored)].join('');
      expect(stored).toHaveLength(3 * (1 + parts.length));
      for (const part of parts) expect(written).not.toContain(part);
    }
  },
);

test('a line is stored with its stage and job, and an error as its message', () => {
  const stored: LogLine[] = [];
  const { log } = createListener('json', { tap: (line) => stored.push(line) });
  const bound = log.child({ run: 3 }).child({ stage: 'scrape' });
  bound.warn({ job: 7, repository: 'a/b', err: new Error('slow') }, 'job failed');
  log.debug('not stored');
  expect(stored).toEqual([
    {
      at: expect.any(Date),
      level: 'warn',
      stage: 'scrape',
      jobId: 7,
      message: 'job failed',
      fields: { repository: 'a/b', error: 'slow' },
    },
  ]);
});

test('pretty and short: of a stage its end, and what is wrong', () => {
  const { log, lines } = createListener('pretty', { isShort: true });
  const stage = log.child({ run: 1, stage: 'calculate' });
  stage.info({ rows: 5 }, 'boards calculated');
  stage.warn({ err: new Error('slow\nserver') }, 'repeated');
  stage.info({ ended: 'COMPLETED', seconds: 1.5 }, 'done in 1.5 s');
  log.info('run completed');
  expect(lines.map((line) => line.slice(11).trimEnd())).toEqual([
    'WARN: calculate: repeated: slow server',
    'INFO: calculate: done in 1.5 s',
    'INFO: run completed',
  ]);
});

test.each([
  [['a: b', 'b'], 'a: b'],
  [['same', 'same', 'same'], 'same'],
  [['outer', 'middle', 'inner'], 'outer: middle: inner'],
  [['outer', '', 'inner'], 'outer: inner'],
])('an error is shown with its causes, each message once: %j', (messages, shown) => {
  const error = messages.reduceRight<Error | undefined>(
    (cause, message) => new Error(message, { cause }),
    undefined,
  );
  const lines: LogLine[] = [];
  const log = createLog('json', { destination: { write() {} }, tap: (line) => lines.push(line) });
  log.warn({ err: error }, 'failed');
  expect(lines[0]?.fields).toEqual({ error: shown });
});
