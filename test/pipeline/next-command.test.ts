import { afterEach, describe, expect, it, vi } from 'vitest';
import { isForPeople, nextCommand } from '../../pipeline/next-command.ts';

describe('the next command', () => {
  it.each([
    [0, 'site/data', 'Next: npm run site:build && npm run site:preview'],
    [0, 'out', 'Next: npm run site:build -- --data out && npm run site:preview'],
    [0, "my out's", "Next: npm run site:build -- --data 'my out'\\''s' && npm run site:preview"],
    [1, 'site/data', 'Next: npm run dead-letters -- list'],
  ])('after exit code %i with documents in %s', (code, out, text) => {
    expect(nextCommand(code, { out })).toBe(text);
  });

  const { isTTY } = process.stdout;
  afterEach(() => {
    process.stdout.isTTY = isTTY;
    vi.unstubAllEnvs();
  });

  it.each([
    ['a terminal', true, 'pretty', '', true],
    ['a file', false, 'pretty', '', false],
    ['a log of JSON', true, 'json', '', false],
    ['GitHub Actions', true, 'pretty', 'true', false],
  ] as const)('is for %s: %s, %s', (_, terminal, log, actions, shown) => {
    process.stdout.isTTY = terminal;
    vi.stubEnv('GITHUB_ACTIONS', actions);
    expect(isForPeople({ log })).toBe(shown);
  });
});
