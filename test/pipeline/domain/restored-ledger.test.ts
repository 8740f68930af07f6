import { describe, expect, it } from 'vitest';
import { endOfMonth, restoreLedgerDays } from '../../../pipeline/domain/restored-ledger.ts';

const NOW = new Date('2026-11-04T02:00:00Z');
const limits = { dailyUsd: 5, monthlyUsd: 50 };
const day = (date: string, usd: number) => ({ date, usd, bytesBilled: 10, queries: 1 });

describe('the ledger of a lost database', () => {
  it('has what was published, and the whole limit of each day from then on', () => {
    const generatedAt = new Date('2026-11-03T02:00:00Z');
    const days = [day('2026-10-31', 9), day('2026-11-01', 1.5), day('2026-11-03', 2)];
    const ledger = restoreLedgerDays({ generatedAt, days }, limits, NOW);
    expect(ledger.map(({ date, usd, unknownUsd }) => [date, usd, unknownUsd])).toEqual([
      ['2026-11-01', 1.5, 0],
      ['2026-11-02', 0, 0],
      ['2026-11-03', 2, 3],
      ['2026-11-04', 0, 5],
    ]);
  });

  it('counts all days of the month if the document is of the month before', () => {
    const generatedAt = new Date('2026-10-20T02:00:00Z');
    const ledger = restoreLedgerDays({ generatedAt, days: [] }, limits, NOW);
    expect(ledger.map(({ unknownUsd }) => unknownUsd)).toEqual([5, 5, 5, 5]);
  });

  it('has the whole limit of the month without a document', () => {
    const ledger = restoreLedgerDays(null, limits, NOW);
    expect(ledger).toMatchObject([{ date: '2026-11-04', usd: 0, unknownUsd: 50 }]);
  });

  it('ends with the month', () => {
    expect(endOfMonth(new Date('2026-12-31T23:59:59Z'))).toEqual(new Date('2027-01-01T00:00:00Z'));
  });
});
