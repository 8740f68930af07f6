import { expect, it } from 'vitest';
import { AllowanceSpentError } from '../../../../pipeline/sources/github/errors.ts';
import { RateAllowance } from '../../../../pipeline/sources/github/rate-allowance.ts';
import { createTestClock } from '../../../support/github/scrape.ts';

const HOUR_MS = 3_600_000;
const { signal } = new AbortController();

/** A GitHub with 1,000 points an hour, and the spent points. */
function start(maximumWaitMs = 1e9) {
  const clock = createTestClock();
  const allowance = new RateAllowance({ allowanceShare: 0.8, maximumWaitMs }, clock);
  const resetAt = clock.now() + HOUR_MS;
  let spent = 0;
  const spend = async (calls: number) => {
    for (let call = 0; call < calls; call++) {
      await allowance.admit('graphql', signal);
      if (clock.now() >= resetAt) return spent;
      spent += 1;
      allowance.record('graphql', 1, { remaining: 1_000 - spent, resetAt });
    }
    return spent;
  };
  return { clock, allowance, resetAt, spend };
}

it('keeps to its share of the hour, even if GitHub asks for many pauses', async () => {
  const { clock, allowance, resetAt, spend } = start();
  for (let pause = 0; pause < 3; pause++) {
    await spend(200);
    allowance.pause('graphql', clock.now() + 60_000);
  }
  expect(await spend(1_000)).toBe(800);
  expect(clock.now()).toBeGreaterThan(resetAt);
  expect(clock.slept.slice(0, 3)).toEqual([61_000, 61_000, 61_000]);
});

it('stops when the waits of a run exceed their limit in total', async () => {
  const { clock, allowance } = start(150_000);
  const pause = () => {
    allowance.pause('core', clock.now() + 60_000);
    return allowance.admit('core', signal);
  };
  await pause();
  await pause();
  await expect(pause()).rejects.toThrow(AllowanceSpentError);
  expect(clock.slept.length).toBe(2);
});
