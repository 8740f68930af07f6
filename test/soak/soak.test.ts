import { expect, it } from 'vitest';
import { runScript } from '../support/run-script.ts';

const SOAK = new URL('soak.ts', import.meta.url).pathname;

it.each([
  [['nothing'], 'there is no part nothing: expected some of borders, configuration, connections'],
  [['--seed', '1.5'], '--seed 1.5: expected a whole number from 0 to 2147483647'],
  [['--speed', '1'], "Unknown option '--speed'"],
])('%j is wrong use', async (words, message) => {
  const { code, stdout, stderr } = await runScript(SOAK, words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});
