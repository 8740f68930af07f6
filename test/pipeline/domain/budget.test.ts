import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BudgetSettings,
  bytesFor,
  decideReservation,
  describeShortage,
  maximumBytesBilled,
  microsOf,
  type Spending,
  toMicros,
  warningDue,
} from '../../../pipeline/domain/budget.ts';

const TIB = 2 ** 40;
const MIB = 2 ** 20;

const settings: BudgetSettings = {
  dailyLimitUsd: 5,
  monthlyLimitUsd: 50,
  warningThreshold: 0.8,
  pricePerTibUsd: 6.25,
  freeTibPerMonth: 0,
};

function spending(today: number, month = today, freeBytes = 0): Spending {
  return {
    today: { settled: today, reserved: 0 },
    month: { settled: month, reserved: 0 },
    freeBytes,
  };
}

describe('prices', () => {
  it('are 6.25 USD for a TiB of 2^40 bytes, rounded up', () => {
    expect(microsOf(TIB, 6.25)).toBe(6_250_000);
    expect(microsOf(1, 6.25)).toBe(1);
    expect(microsOf(0, 6.25)).toBe(0);
  });

  it('add 10 MB for each table to the estimate, as billing rounds up', () => {
    expect(maximumBytesBilled(0, 2)).toBe(20 * MIB);
    expect(maximumBytesBilled(TIB, 30)).toBe(TIB + 300 * MIB);
  });

  it('never raise a limit, and ignore the noise of binary fractions', () => {
    expect(toMicros(4.35)).toBe(4_350_000);
    expect(toMicros(0.0000019)).toBe(1);
  });
});

describe('decideReservation', () => {
  it('admits a query that fits exactly, and rejects one micro-dollar more with the figures', () => {
    const bytes = Math.floor(0.8 * TIB); // 5 USD
    expect(decideReservation(bytes, settings, spending(0))).toMatchObject({ fits: true });
    const refused = decideReservation(bytes, settings, spending(1));
    expect(refused).toEqual({
      fits: false,
      shortage: {
        neededUsd: 5,
        leftTodayUsd: 4.999999,
        leftThisMonthUsd: 49.999999,
        dailyLimitUsd: 5,
        monthlyLimitUsd: 50,
      },
    });
  });

  it('rejects a query that fits into the day but not into the month', () => {
    expect(decideReservation(Math.floor(0.8 * TIB), settings, spending(0, 49_000_000)).fits).toBe(
      false,
    );
  });

  it('works with a budget of 0: only free queries run', () => {
    const nothing = { ...settings, dailyLimitUsd: 0, monthlyLimitUsd: 0 };
    expect(decideReservation(1, nothing, spending(0)).fits).toBe(false);
    const free = { ...nothing, freeTibPerMonth: 1 };
    expect(decideReservation(TIB, free, spending(0))).toEqual({
      fits: true,
      price: { micros: 0, freeBytes: TIB },
    });
    expect(decideReservation(TIB, free, spending(0, 0, 1)).fits).toBe(false);
  });

  it('describes a rejection in one sentence', () => {
    const refused = decideReservation(TIB, settings, spending(0));
    if (refused.fits) throw new Error('expected a refusal');
    expect(describeShortage(refused.shortage)).toBe(
      "BUDGET_EXCEEDED: up to 6.25 USD would be needed, but 5.00 USD of today's 5.00 USD and " +
        "50.00 USD of this month's 50.00 USD are left; nothing was spent",
    );
  });
});

describe('warningDue', () => {
  it('is due from the threshold on, and not before', () => {
    expect(warningDue(settings, spending(3_999_999))).toBeNull();
    expect(warningDue(settings, spending(4_000_000))).toMatchObject({ of: 'day', usedUsd: 4 });
    expect(warningDue(settings, spending(0, 40_000_000))).toMatchObject({
      of: 'month',
      limitUsd: 50,
    });
  });

  it('is not due if nothing is spent of a budget of 0', () => {
    expect(
      warningDue({ ...settings, dailyLimitUsd: 0, monthlyLimitUsd: 0 }, spending(0)),
    ).toBeNull();
  });
});

/** A query with the bytes of its reservation; billed a share of them, or released (null). */
const job = fc.record({
  bytes: fc.integer({ min: 0, max: 3 * TIB }),
  billedShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  endsAfter: fc.integer({ min: 0, max: 5 }),
});

describe('over random prices, limits, estimates and orders', () => {
  it('the budget is never overspent, and no query is rejected that would have fitted', () => {
    fc.assert(
      fc.property(
        fc.record({
          dailyLimitUsd: fc.double({ min: 0, max: 40, noNaN: true }),
          monthlyLimitUsd: fc.double({ min: 0, max: 60, noNaN: true }),
          pricePerTibUsd: fc.double({ min: 0, max: 20, noNaN: true }),
          freeTibPerMonth: fc.double({ min: 0, max: 3, noNaN: true }),
          warningThreshold: fc.constant(0.8),
        }),
        fc.array(job, { maxLength: 25 }),
        play,
      ),
      { numRuns: 500 },
    );
  });

  it('the bytes that a sum pays for are not worth more than the sum', () => {
    const amount = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(amount, fc.double({ min: 0.01, max: 50, noNaN: true }), (micros, price) => {
        const bytes = bytesFor(micros, { ...settings, pricePerTibUsd: price }, 0);
        // The price of a TiB is rounded up to a micro-dollar: this is the largest difference.
        expect(microsOf(bytes, price)).toBeLessThanOrEqual(micros + 1 + (bytes / TIB) * 1);
      }),
    );
  });
});

type RandomJob = typeof job extends fc.Arbitrary<infer T> ? T : never;

interface Running {
  readonly reservedMicros: number;
  freeBytes: number;
  readonly bytes: number;
  readonly billed: number | null;
  endsAt: number;
}

/** Plays the jobs against the decisions and checks the sums, in its own arithmetic, at each step. */
function play(random: BudgetSettings, jobs: readonly RandomJob[]) {
  const running: Running[] = [];
  let settledMicros = 0;
  let settledBytes = 0;
  let settledFree = 0;
  const limit = Math.min(toMicros(random.dailyLimitUsd), toMicros(random.monthlyLimitUsd));
  const sum = (of: (r: Running) => number) => running.reduce((total, r) => total + of(r), 0);

  jobs.forEach(({ bytes, billedShare, endsAfter }, step) => {
    for (const ended of running.filter((r) => r.endsAt <= step)) {
      running.splice(running.indexOf(ended), 1);
      if (ended.billed === null) continue;
      const free = Math.min(ended.billed, ended.freeBytes);
      settledMicros += microsOf(ended.billed - free, random.pricePerTibUsd);
      settledBytes += ended.billed;
      settledFree += free;
    }
    const usage = { settled: settledMicros, reserved: sum((r) => r.reservedMicros) };
    const freeBytes = settledFree + sum((r) => r.freeBytes);
    const decision = decideReservation(bytes, random, { today: usage, month: usage, freeBytes });

    // The most that all bytes could cost, calculated in whole bytes and not by the decision.
    const exposure = settledBytes + sum((r) => r.bytes) + bytes;
    const unfree = Math.max(0, exposure - Math.floor(random.freeTibPerMonth * TIB));
    const slack = jobs.length + 2 + unfree / TIB; // each price is rounded up once
    const worth = (unfree / TIB) * random.pricePerTibUsd * 1e6;
    if (decision.fits)
      expect(usage.settled + usage.reserved + decision.price.micros).toBeLessThanOrEqual(limit);
    else expect(worth + slack).toBeGreaterThan(limit);
    if (!decision.fits) return;
    running.push({
      reservedMicros: decision.price.micros,
      freeBytes: decision.price.freeBytes,
      bytes,
      billed: billedShare === null ? null : Math.floor(bytes * billedShare),
      endsAt: step + endsAfter,
    });
    expect(freeBytes + decision.price.freeBytes).toBeLessThanOrEqual(random.freeTibPerMonth * TIB);
  });
}
