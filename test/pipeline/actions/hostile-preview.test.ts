import { describe, expect, it, vi } from 'vitest';
import { parsePreview } from '../../../pipeline/actions/comment-preview.ts';
import { commentText } from '../../../pipeline/actions/preview-comment.ts';
import { reportNaming } from '../../support/preview-report.ts';

// In a workflow, each of its warnings would be an annotation.
vi.mock(import('@actions/core'), async (original) => ({
  ...(await original()),
  warning: () => {},
}));

/** A pull request can change the workflow that writes the artifact: it may hold anything. */

const COMMIT = 'c0ffee'.padEnd(40, '0');
const PLACE = {
  runUrl: 'https://github.com/guild/leaderboard/actions/runs/1001',
  changesWorkflows: false,
};

type Json = Record<string | number, unknown>;

/** A place in a document. */
type Place = readonly (string | number)[];

function* placesIn(value: unknown, at: Place = []): Generator<Place> {
  if (at.length > 0) yield at;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* placesIn(inner, [...at, Array.isArray(value) ? Number(key) : key]);
}

/** The document with something else in a place. */
function withChange(value: unknown, [key, ...rest]: Place, change: unknown): unknown {
  if (key === undefined) return change;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Json;
  copy[key] = withChange(copy[key], rest, change);
  return copy;
}

describe('an artifact that was tampered with', () => {
  const HARM = '@everyone ![x](https://evil.example) <img src=x> ``` \n# x';
  const document = {
    ...{ pull_request: 7, commit: COMMIT, obstacle: 'no answer' },
    problems: [{ file: 'config/a.yaml', line: 1, column: 1, message: 'wrong' }],
    preview: reportNaming('ada'),
  };
  /** One of each kind: what holds for a place of a list holds for the others. */
  const placesOf = (whole: unknown) => {
    const all = [...placesIn(whole)].map(
      (at) => [at.join('.').replaceAll(/\d+/g, '0'), at] as const,
    );
    return [...new Map(all).values()];
  };
  const harms = [HARM, 'a'.repeat(10_000), 1e300, -1, null, {}, [HARM], { [HARM]: HARM }];

  /** The comment without what stands in code. */
  const bare = (text: string) =>
    text
      .replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
      .replaceAll(/<summary><code>[\w./\ufffd-]+<\/code><\/summary>|`[^`\n]*`/g, '');

  it.each([
    ['with problems', { ...document, preview: null, obstacle: null }, 9],
    ['with a preview', { ...document, problems: [], obstacle: null }, 120],
    ['with an obstacle', { ...document, problems: [], preview: null }, 5],
  ])('is refused, or shows nothing but names: %s', (_, whole, count) => {
    expect(parsePreview(JSON.stringify(whole))).toEqual(whole);
    const places = placesOf(whole);
    expect(places.length).toBeGreaterThanOrEqual(count);
    let refused = 0;
    for (const at of places) {
      for (const harm of harms) {
        const tampered = parsePreview(JSON.stringify(withChange(whole, at, harm)));
        const text = tampered && commentText(tampered, PLACE);
        refused += tampered ? 0 : 1;
        expect(bare(text ?? ''), at.join('.')).not.toMatch(/evil|@|<img|^# x|a{99}|1e\+300/m);
        expect(text?.length ?? 0).toBeLessThan(65_536);
      }
    }
    expect(refused).toBeGreaterThan(5 * places.length);
  });
});
