import fc from 'fast-check';
import { expect, it } from 'vitest';
import { problemsOf } from '../../support/config-folder.ts';
import { expectHarmless, hostileText } from '../../support/hostile-text.ts';
import { NASTY } from '../../support/mutations.ts';
import { runs } from '../../support/runs.ts';

/** Any text at all as a file of the configuration: read, or answered with problems. */
const FILES = ['repos.yaml', 'people.yaml', 'site.yaml', 'weights.yaml', 'pipeline.yaml'] as const;

/** What YAML is made of, and the keys that the files have. */
const fragment = fc.oneof(
  fc.constantFrom(
    ...['\n', '\n  ', '\n- ', ' ', ': ', ', ', '[', ']', '{', '}', '? ', '| ', '>-\n', '"', "'"],
    ...['&a ', '*a', '&b ', '*b', '<<: ', '<<: *a', '!!binary ', '!!set ', '!a ', '%YAML 9.9\n'],
    ...[
      '---\n',
      '...\n',
      '# x\n',
      '\t',
      '\r',
      '\ufeff',
      '~',
      'null',
      '.nan',
      '-.inf',
      '0x7f',
      '0o9',
    ],
    ...['repositories:', 'repo: ', 'opt_out:', 'aliases:', 'id: 1', 'is: 2', 'bots:', 'title: '],
    ...['base_points:', 'COMMIT: ', 'lines:', 'cap: ', 'sources:', 'retries:', 'github:', 'url: '],
    ...[
      '__proto__: ',
      'constructor: ',
      'a/b',
      '2020-01-01',
      '1e999',
      '9'.repeat(400),
      '- '.repeat(60),
    ],
  ),
  hostileText,
  fc.constantFrom(...NASTY).map((value) => JSON.stringify(value).slice(0, 2_000)),
);

it('is read or answered with problems, whatever it holds', () => {
  const text = fc
    .tuple(fc.array(fragment, { maxLength: 25 }), fc.constantFrom(1, 1, 1, 50))
    .map(([parts, times]) => parts.join('').repeat(times));
  fc.assert(
    fc.property(fc.constantFrom(...FILES), text, (file, given) => {
      const problems = problemsOf({ [file]: given });
      expect(problems.length).toBeLessThanOrEqual(101);
      // Each character may be shown as its code.
      for (const problem of problems) expect(problem.length).toBeLessThan(6 * 500);
      expectHarmless(problems.join('\n'));
    }),
    runs(100),
  );
});

it('may be bytes that are no text', () => {
  fc.assert(
    fc.property(fc.constantFrom(...FILES), fc.uint8Array({ maxLength: 300 }), (file, bytes) => {
      expectHarmless(problemsOf({ [file]: bytes }).join('\n'));
    }),
    runs(40),
  );
});
