import { describe, expect, it } from 'vitest';
import { type Gap, hoursByReason } from '../../../pipeline/domain/gaps.ts';

const at = (hour: number) => new Date(Date.UTC(2024, 0, 1, hour));
const gap = (from: number, to: number, reason = 'missing'): Gap => ({
  from: at(from),
  to: at(to),
  reason,
});
const DAY = { from: at(0), to: at(24) };

describe('the hours that gaps cost', () => {
  it.each([
    ['none', [], {}],
    ['one after another', [gap(1, 2), gap(2, 3)], { missing: 2 }],
    ['reported twice', [gap(1, 3), gap(2, 3)], { missing: 2 }],
    ['for two reasons', [gap(1, 2), gap(5, 8, 'unreadable')], { missing: 1, unreadable: 3 }],
    ['partly or completely outside the window', [gap(22, 30), gap(40, 41)], { missing: 2 }],
  ])('%s', (_, gaps, hours) => {
    expect(hoursByReason(DAY, gaps)).toEqual(hours);
  });
});
