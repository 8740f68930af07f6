import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { appendSummary, cutSummary } from '../../../pipeline/runtime/step-summary.ts';

it('stays below 1 MiB, however much is appended', () => {
  const folder = mkdtempSync(join(tmpdir(), 'summary-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'summary.md');
  const part = 'ä line of a summary\n'.repeat(30_000);
  for (let count = 0; count < 3; count += 1) appendSummary(path, part);
  expect(statSync(path).size).toBeLessThan(1_048_576);
  expect(readFileSync(path, 'utf8')).toContain('The rest is left out');
});

it('is cut between two lines, and only where it is too long', () => {
  expect(cutSummary('äöü\n', 7)).toBe('äöü\n');
  const cut = cutSummary('ä\n'.repeat(100), 200);
  expect(cut).toMatch(/^(?:ä\n)+\n\n\(The rest/);
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(200);
  expect(cutSummary('x'.repeat(100), 10)).toBe('');
});
