import { CommanderError } from 'commander';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SOURCE_NAMES } from '../../../pipeline/domain/source.ts';
import { createCommand, parseInstant, parseOptions } from '../../../pipeline/runtime/options.ts';
import { UsageError } from '../../../pipeline/util/usage-error.ts';

const everything = {
  plansWindows: true,
  supportsDryRun: true,
  worksOffQueue: true,
  canSkipScraping: true,
  startsOver: true,
};
const parse = (...args: string[]) =>
  parseOptions(createCommand('scrape', 'Scrapes.', everything), args);

test('without options, everything is as the configuration says', () => {
  expect(parse()).toEqual({
    config: 'config',
    sources: null,
    repositories: null,
    jobType: null,
    from: null,
    to: null,
    out: 'site/data',
    now: null,
    dryRun: false,
    log: process.stdout.isTTY ? 'pretty' : 'json',
    timeLimit: null,
    workers: 1,
    skipScraping: false,
    fresh: false,
    yes: null,
  });
});

test.each([
  [['--config', 'other'], { config: 'other' }],
  [['--skip-scraping'], { skipScraping: true }],
  [['--source', 'sample'], { sources: ['sample'] }],
  [['--source', 'github', '--source=bigquery'], { sources: ['github', 'bigquery'] }],
  [['--source', 'github', '--source', 'github'], { sources: ['github'] }],
  [['--repo', 'a/b', '--repo', 'C/d.js'], { repositories: ['a/b', 'C/d.js'] }],
  [['--job-type', 'full'], { jobType: 'full' }],
  [['--job-type', 'incremental'], { jobType: 'incremental' }],
  [['--from', '2025-01-01'], { from: new Date('2025-01-01T00:00:00Z'), to: null }],
  [
    ['--from', '2025-01-01', '--to', '2025-01-01T01:00:00Z'],
    { from: new Date('2025-01-01T00:00:00Z'), to: new Date('2025-01-01T01:00:00Z') },
  ],
  [['--out', 'public'], { out: 'public' }],
  [['--now', '2025-01-01T12:00:00Z'], { now: new Date('2025-01-01T12:00:00Z') }],
  [['--dry-run'], { dryRun: true }],
  [['--log', 'pretty'], { log: 'pretty' }],
  [['--time-limit', '40'], { timeLimit: 40 }],
  [['--time-limit', '0.5'], { timeLimit: 0.5 }],
  [['--workers', '8'], { workers: 8 }],
  [['--fresh', '--yes'], { fresh: true, yes: 'yes' }],
  [['--fresh', '--yes', 'boards'], { fresh: true, yes: 'boards' }],
] as const)('%j', (args, expected) => {
  expect(parse(...args)).toMatchObject(expected);
});

test('two commands share no state', () => {
  expect(parse('--source', 'sample').sources).toEqual(['sample']);
  expect(parse('--source', 'github').sources).toEqual(['github']);
});

describe('wrong use', () => {
  const help = 'see `npm run scrape -- --help`';
  const moment = 'expected a date like 2025-01-31 or an instant like 2025-01-31T12:00:00Z';
  test.each([
    [['--sorce', 'x'], `unknown option '--sorce' (Did you mean --source?); ${help}`],
    [['--out'], `option '--out <dir>' argument missing; ${help}`],
    [['now'], `too many arguments. Expected 0 arguments but got 1: now.; ${help}`],
    [
      ['--source', 'gitub'],
      `--source gitub: expected one of ${SOURCE_NAMES.join(', ')}; did you mean \`github\`?`,
    ],
    [['--source', 'x'], `--source x: expected one of ${SOURCE_NAMES.join(', ')}`],
    [
      ['--job-type', 'Full'],
      '--job-type Full: expected one of full, incremental; did you mean `full`?',
    ],
    [['--log', 'xml'], '--log xml: expected one of json, pretty'],
    [['--time-limit', '0'], '--time-limit 0: expected minutes, more than 0 and at most 360'],
    [['--time-limit', '6h'], '--time-limit 6h: expected minutes, more than 0 and at most 360'],
    [
      ['--workers', '9'],
      '--workers 9: expected a number from 1 to 8; for more, start it several times',
    ],
    [['--fresh', '--dry-run'], '--fresh and --dry-run exclude each other'],
    [['--skip-scraping', '--dry-run'], '--skip-scraping and --dry-run exclude each other'],
    [['--repo', 'astro'], '--repo astro: expected OWNER/NAME, as in its address on GitHub'],
    [['--from', '2025-02-30'], `--from 2025-02-30: ${moment}`],
    [['--now', 'yesterday'], `--now yesterday: ${moment}`],
    [['--to', '2025-01-01'], '--to needs --from: give both ends of the window'],
    [
      ['--from', '2025-01-01', '--to', '2025-01-01'],
      '--from must lie before --to (--to is not in the window): 2025-01-01T00:00:00.000Z is not before 2025-01-01T00:00:00.000Z',
    ],
  ])('%j: %s', (args, message) => {
    const attempt = () => parse(...args);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(expect.objectContaining({ message, exitCode: 2 }));
  });
});

test.each(['--dry-run', '--job-type=full', '--from=2025-01-01', '--to=2025-01-02'])(
  '%s is refused by a command that has no use for it',
  (option) => {
    const attempt = () => parseOptions(createCommand('report', 'Reports.'), [option]);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(/unknown option/);
  },
);

test('help lists every option and is no failure', () => {
  let help = '';
  const command = createCommand('scrape', 'Scrapes.', everything).configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  expect(() => parseOptions(command, ['--help'])).toThrow(
    expect.objectContaining({ constructor: CommanderError, exitCode: 0 }),
  );
  const options =
    '--config --source --repo --job-type --from --to --out --now --dry-run --log --time-limit --workers';
  for (const option of options.split(' ')) expect(help).toContain(`  ${option} `);
});

describe('a moment in an option', () => {
  /** Far from UTC, so that a time read as local would be another. */
  beforeAll(() => void vi.stubEnv('TZ', 'America/New_York'));
  afterAll(() => void vi.unstubAllEnvs());

  test.each([
    ['2025-01-31', '2025-01-31T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2025-01-31T12:00:00Z', '2025-01-31T12:00:00.000Z'],
    ['2025-01-31T12:00:00.123Z', '2025-01-31T12:00:00.123Z'],
    ['2025-01-31T12:00:00+02:00', '2025-01-31T10:00:00.000Z'],
    ['2025-01-31T12:00Z', '2025-01-31T12:00:00.000Z'],
    ['2025-01-31T12:00:00', '2025-01-31T12:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseInstant(text)?.toISOString()).toBe(expected);
  });

  test.each([
    '',
    'today',
    '2025',
    '2025-1-1',
    '2025-02-30',
    '2025-13-01',
    '31.01.2025',
    '2025-01-31 12:00',
    '2025-01-31T25:00:00Z',
    '1735689600',
    '0000-01-01',
    '1969-12-31T23:59:59Z',
  ])('%j is no moment', (text) => {
    expect(parseInstant(text)).toBeNull();
  });

  test('what a clock prints is read as the same moment', () => {
    const moment = fc.date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moment, (date) => {
        expect(parseInstant(date.toISOString())).toEqual(date);
      }),
    );
  });
});
