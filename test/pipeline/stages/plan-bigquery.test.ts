import { describe, expect, it } from 'vitest';
import { jobTypeOf } from '../../../pipeline/stages/plan-bigquery.ts';

const day = (number: number) => new Date(Date.UTC(2025, 0, number));
const window = (from: number, to: number) => ({ from: day(from), to: day(to) });

describe('the type of a job of BigQuery', () => {
  const rules = { jobType: null, from: null, overlapDays: 1 };

  it('is incremental where it goes on from what each of its repositories has read', () => {
    expect(jobTypeOf(window(9, 12), [[window(1, 10)]], rules)).toBe('incremental');
    expect(jobTypeOf(window(9, 12), [[window(1, 10)], [window(8, 10)]], rules)).toBe('incremental');
  });

  it('is full where it reaches back', () => {
    expect(jobTypeOf(window(1, 10), [[window(10, 20)]], rules)).toBe('full');
    expect(jobTypeOf(window(9, 12), [[]], rules)).toBe('full');
    expect(jobTypeOf(window(9, 12), [[window(1, 10)], []], rules)).toBe('full');
  });

  it('is what was asked for', () => {
    const read = [[window(1, 10)]];
    expect(jobTypeOf(window(9, 12), read, { ...rules, jobType: 'full' })).toBe('full');
    const asked = { ...rules, from: day(9) };
    expect(jobTypeOf(window(9, 12), read, asked)).toBe('full');
    expect(jobTypeOf(window(9, 12), [[]], { ...asked, jobType: 'incremental' })).toBe(
      'incremental',
    );
  });
});
