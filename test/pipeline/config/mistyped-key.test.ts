import fc from 'fast-check';
import { expect, test } from 'vitest';
import { problemsOf } from '../../support/config-folder.ts';

/** Keys that are further from each other than one slip, where they stand, and their lines. */
const KEYS = {
  'weights.yaml': ['base_points:', '  RELEASE: 1', '  PR_REVIEWED: 0', '  ISSUE_OPENED: 3'],
  'budget.yaml': ['daily_limit_usd: 1', 'warning_threshold: 0.5', 'price_per_tib_usd: 0'],
  'pipeline.yaml': ['window_years: 2', 'overlap_days: 0', 'retention:', '  jobs_days: 3'],
  'site.yaml': ['title: x', 'page_size: 3', 'avatars: true'],
  'repos.yaml': ['repositories:', '  - repo: a/b', '    default_branch: main'],
} as const;

const keyOf = (line: string) => /^[\s-]*(\w+):/.exec(line)?.[1] ?? '';

/** One letter missing, added, changed, or swapped with its neighbour. */
const slip = fc.record({
  kind: fc.constantFrom('drop', 'add', 'change', 'swap'),
  at: fc.nat(),
  letter: fc.constantFrom(...'qxzkvw'),
});

type Slip = typeof slip extends fc.Arbitrary<infer T> ? T : never;

function mistype(key: string, { kind, at, letter }: Slip): string {
  const index = at % key.length;
  const [before, after] = [key.slice(0, index), key.slice(index + 1)];
  if (kind === 'drop') return before + after;
  if (kind === 'add') return before + letter + key.slice(index);
  if (kind === 'change') return before + letter + after;
  return before + after.slice(0, 1) + key[index] + after.slice(1);
}

const place = fc
  .constantFrom(...(Object.keys(KEYS) as (keyof typeof KEYS)[]))
  .chain((file) => fc.tuple(fc.constant(file), fc.nat({ max: KEYS[file].length - 1 })));

test('any single mistyped key is found at its line, and the key that was meant is suggested', () => {
  fc.assert(
    fc.property(place, slip, ([file, index], typo) => {
      const lines: string[] = [...KEYS[file]];
      const line = lines[index] ?? '';
      const key = keyOf(line);
      const typed = mistype(key, typo);
      fc.pre(typed !== key);
      lines[index] = line.replace(key, typed);
      const problems = problemsOf({ [file]: lines.join('\n') });
      expect(problems).toHaveLength(1);
      const prefix = `config/${file}:${index + 1}:${line.indexOf(key) + 1}: `;
      expect(problems[0]).toContain(`${prefix}unknown key \`${typed}\``);
      expect(problems[0]).toContain(`did you mean \`${key}\`?`);
    }),
    { numRuns: 300 },
  );
});
