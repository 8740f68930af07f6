import { expect, test } from 'vitest';
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
