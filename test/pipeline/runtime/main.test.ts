import { describe, expect, test } from 'vitest';
import { formatFailure } from '../../../pipeline/runtime/main.ts';
import { UsageError } from '../../../pipeline/util/usage-error.ts';
import { createScript, runScript } from '../../support/run-script.ts';

test.each([
  ['done', '', 0, ''],
  ['its own exit code', 'return 1;', 1, ''],
  ['wrong use', `throw new UsageError('Do so.');`, 2, 'Do so.\n'],
  [
    'a failure with its cause',
    `throw new Error('no board', { cause: new Error('no rows') });`,
    1,
    'no board\n  caused by: no rows\n',
  ],
  [
    'a secret in a failure',
    `throw new Error('at postgres://me:sesame@db/x');`,
    1,
    'at postgres://me:[hidden]@db/x\n',
  ],
  [
    'a wrong option',
    `parseOptions(createCommand('scrape', ''), ['--sorce', '2025-01-01']);`,
    2,
    "unknown option '--sorce' (Did you mean --source?); see `npm run scrape -- --help`\n",
  ],
])('%s', async (_, body, code, stderr) => {
  expect(await runScript(createScript(body))).toEqual({ code, signal: null, stdout: '', stderr });
});

test('a secret of the environment does not show in a failure', async () => {
  const script = createScript(`throw new Error('refused: ' + process.env.GITHUB_TOKEN);`);
  const { stderr } = await runScript(script, [], { env: { GITHUB_TOKEN: 'open-sesame' } });
  expect(stderr).toBe('refused: [hidden]\n');
});

describe('an error that nothing waited for', () => {
  const wait = `const { setTimeout: sleep } = await import('node:timers/promises');`;
  const expected =
    'an unexpected error ended the work\n  caused by: at postgres://me:[hidden]@db/x\n';
  test.each([
    ['of an event', `setTimeout(() => { throw new Error('at postgres://me:sesame@db/x'); });`],
    ['of a promise', `void Promise.reject(new Error('at postgres://me:sesame@db/x'));`],
  ])('%s ends work that listens, through the one exit', async (_, fault) => {
    const script = createScript(
      `${wait} ${fault} try { await sleep(60_000, undefined, { signal }); }
       finally { await sleep(20); console.log('closed'); }`,
    );
    const ended = await runScript(script);
    expect(ended).toEqual({ code: 1, signal: null, stdout: 'closed\n', stderr: expected });
  });

  test('makes work fail that takes no notice of it', async () => {
    const script = createScript(
      `${wait} void Promise.reject(new Error('at postgres://me:sesame@db/x')); await sleep(20);
       setInterval(() => {}, 1_000); return 0;`,
    );
    expect(await runScript(script)).toMatchObject({ code: 1, stderr: expected });
  });

  test('after the end of the work makes the process fail', async () => {
    const script = createScript(
      `setTimeout(() => { throw new Error('at postgres://me:sesame@db/x'); }, 50); return 0;`,
    );
    expect(await runScript(script)).toMatchObject({ code: 1, stderr: expected });
  });

  test('ends work that never ends', async () => {
    const script = createScript(
      `void Promise.reject(new Error('at postgres://me:sesame@db/x')); await new Promise(() => {});`,
    );
    expect(await runScript(script)).toMatchObject({ code: 1, stderr: expected });
  });
});

test('help that was asked for is no failure', async () => {
  const script = createScript(`parseOptions(createCommand('scrape', 'Scrapes.'), ['--help']);`);
  const ended = await runScript(script);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toContain('--source');
});

test('the stack is shown with LOG_LEVEL=debug only', async () => {
  const script = createScript(`throw new Error('broken');`);
  const plain = await runScript(script, [], { env: { LOG_LEVEL: '' } });
  const debug = await runScript(script, [], { env: { LOG_LEVEL: 'debug' } });
  expect(plain.stderr).toBe('broken\n');
  expect(debug.stderr).toMatch(/^broken\nError: broken\n {4}at .*script\.mts/);
});

test('no line of the log is lost at the end', async () => {
  const body = `const log = createLog('json'); for (let i = 1; i <= 5_000; i++) log.info('line ' + i);
    throw new Error('end');`;
  const { stdout, code } = await runScript(createScript(body));
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(5_000);
  expect(lines.at(-1)).toContain('line 5000');
  expect(code).toBe(1);
});

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (name) => {
  const sendWhenReady = (stdout: string, kill: (signal: NodeJS.Signals) => void) => {
    if (stdout.endsWith('ready\n')) kill(name);
  };
  const wait = `const { setTimeout: sleep } = await import('node:timers/promises');
    console.log('ready');`;
  const stopped = `Stopped by ${name}. What was finished is kept: run again.\n`;

  test('stops work that listens, and says that it is not done', async () => {
    const script = createScript(`${wait} await sleep(60_000, undefined, { signal });`);
    const ended = await runScript(script, [], { onOutput: sendWhenReady });
    expect(ended).toMatchObject({ code: 1, signal: null, stderr: stopped });
  });

  test('lets work reach its next safe point', async () => {
    const script = createScript(
      `${wait} while (!signal.aborted) await sleep(5); console.log('saved');`,
    );
    const ended = await runScript(script, [], { onOutput: sendWhenReady });
    expect(ended).toEqual({ code: 1, signal: null, stdout: 'ready\nsaved\n', stderr: stopped });
  });

  test('a second one ends work that does not listen', async () => {
    const body = `${wait} signal.onabort = () => console.log('again, ready'); await sleep(60_000);`;
    const ended = await runScript(createScript(body), [], { onOutput: sendWhenReady });
    expect(ended.stdout).toBe('ready\nagain, ready\n');
    expect(ended.signal ?? ended.code).not.toBe(0);
  });
});

describe('the text about a failure', () => {
  const refused = () =>
    Object.assign(new AggregateError([new Error('::1')]), { code: 'ECONNREFUSED' });

  function circle(): Error {
    const [one, two] = [new Error('one'), new Error('two')];
    [one.cause, two.cause] = [two, one];
    return one;
  }

  test.each([
    ['an error', new Error('broken'), ['broken']],
    [
      'its causes',
      new Error('no board', { cause: new Error('no rows', { cause: refused() }) }),
      ['no board', '  caused by: no rows', '    caused by: ECONNREFUSED', '      caused by: ::1'],
    ],
    [
      'several at once',
      new AggregateError([new Error('one'), new Error('two')], 'both'),
      ['both', '  caused by: one', '  caused by: two'],
    ],
    ['a circle', circle(), ['one', '  caused by: two']],
    ['an error without words', new TypeError(), ['TypeError']],
    ['what is no error', 'just text', ['just text']],
    ['wrong use speaks for itself', new UsageError('do so', { cause: new Error('x') }), ['do so']],
  ])('%s', (_, error, lines) => {
    expect(formatFailure(error, false).split('\n')).toEqual(lines);
  });

  test('the stack is there where it is wanted', () => {
    expect(formatFailure(new Error('broken'), true)).toMatch(/^broken\nError: broken\n {4}at /);
  });
});
