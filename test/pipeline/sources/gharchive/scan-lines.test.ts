import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineScanner } from '../../../../pipeline/sources/gharchive/scan-lines.ts';
import { createMatcher } from '../../../../pipeline/sources/match-repository.ts';
import { archiveEvent } from '../../../support/archive-events.ts';

const tracked = (owner: string, name: string, githubId: number | null = null) => ({
  id: 1,
  owner,
  name,
  githubId,
  defaultBranch: null,
});

const matcher = createMatcher([tracked('acme', 'tool'), tracked('Big', 'Corp', 77)]);

/** Scans bytes in chunks of a size and returns the ids of the events and the faults, in order. */
function scan(input: string | Buffer, chunkBytes = 1 << 16) {
  const ids: string[] = [];
  const faults: string[] = [];
  const scanner = createLineScanner(matcher, {
    onEvent: (text) => {
      try {
        ids.push(JSON.parse(text.toString()).id);
        return true;
      } catch {
        return false;
      }
    },
    onFault: (fault) => faults.push(fault),
  });
  const bytes = Buffer.from(input);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = Buffer.from(bytes.subarray(at, at + chunkBytes));
    scanner.push(chunk);
    // The scanner must not read a chunk after it was pushed.
    chunk.fill(0);
  }
  scanner.finish();
  return { ids, faults };
}

const event = (id: string, name = 'acme/tool', repositoryId = 10, payload: unknown = {}) =>
  archiveEvent({ id, type: 'WatchEvent', payload, repo: { id: repositoryId, name } });
const line = (id: string, name?: string, repositoryId?: number, payload?: unknown) =>
  JSON.stringify(event(id, name, repositoryId, payload));
/** The same event with its keys the other way round, and white space. */
const turned = (id: string, name?: string, payload?: unknown) =>
  JSON.stringify(
    Object.fromEntries(Object.entries(event(id, name, 10, payload)).reverse()),
    null,
    ' ',
  ).replaceAll('\n', ' ');

describe('the lines of an archive file', () => {
  it.each([
    ['one line', line('1'), ['1'], []],
    ['a last line with its end', `${line('1')}\n`, ['1'], []],
    ['empty lines and Windows line ends', `\r\n\n${line('1')}\r\n\r\n`, ['1'], []],
    ['a byte order mark', `\ufeff${line('1')}`, ['1'], []],
    ['other repositories', `${line('1', 'acme/other')}\n${line('2')}\n`, ['2'], []],
    ['another case', line('1', 'ACME/Tool'), ['1'], []],
    ['a known id under another name', line('1', 'old/name', 77), ['1'], []],
    ['keys in another order', turned('1'), ['1'], []],
    ['keys in another order, not tracked', turned('1', 'acme/other'), [], []],
    [
      'a name that only the payload has',
      line('1', 'x/y', 1, { repo: { id: 1, name: 'acme/tool' } }),
      [],
      [],
    ],
    ['the same, keys turned', turned('1', 'x/y', { repo: { id: 1, name: 'acme/tool' } }), [], []],
    ['a name with an escaped slash', line('1').replace('acme/tool', 'acme\\/tool'), ['1'], []],
    ['a U+2028 in a text', line('1', 'acme/tool', 10, { body: 'a\u2028b' }), ['1'], []],
    ['braces and quotes in a text', line('1', 'acme/tool', 10, { body: '}{"id":"9' }), ['1'], []],
    ['two events on a line', line('1') + line('2'), ['1', '2'], ['glued_events']],
    ['a tracked one glued to another', line('1', 'x/y') + line('2'), ['2'], ['glued_events']],
    ['a usual one and a turned one', `${line('1')}${turned('2')}`, ['1', '2'], ['glued_events']],
    ['one with something after it', `${line('1')}{"x":1}`, ['1'], []],
    ['one with a bracket too many', `${line('1')}}`, ['1'], ['broken_line']],
    ['two turned ones', `${turned('1')} ${turned('2')}`, ['1', '2'], ['glued_events']],
    [
      'half an event before a whole one',
      line('1').slice(0, 60) + line('2'),
      ['2'],
      ['broken_line'],
    ],
    [
      'half an event before a turned one',
      `${line('1').slice(0, 60)}}${turned('2')}`,
      ['2'],
      ['broken_line'],
    ],
    ['half an event at the end', `${line('1')}\n${line('2').slice(0, 90)}`, ['1'], ['broken_line']],
    [
      'a line that is not JSON',
      `hello\n${line('1')}\n{{{\n[]\n`,
      ['1'],
      ['broken_line', 'broken_line', 'broken_line'],
    ],
    ['an event without a repository', '{"id":"1","type":"X"}\n', [], []],
  ])('%s', (_, input, ids, faults) => {
    expect(scan(input)).toEqual({ ids, faults });
  });

  it('are the same whatever the chunks they come in', () => {
    const lines = fc.constantFrom(
      line('1'),
      line('2', 'x/y'),
      turned('3'),
      line('4') + line('5'),
      'oops',
      '',
    );
    fc.assert(
      fc.property(
        fc.array(lines, { maxLength: 8 }),
        fc.integer({ min: 1, max: 700 }),
        (all, size) => {
          const input = all.join('\n');
          expect(scan(input, size)).toEqual(scan(input));
        },
      ),
    );
  });

  it('are found as JSON.parse would find them', () => {
    const name = fc.constantFrom('acme/tool', 'ACME/TOOL', 'x/y', 'big/corp', 'acme/tool2', 'acme');
    const payload = fc.jsonValue({ maxDepth: 3 });
    const written = fc.constantFrom(0, 1, 2);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, payload, written)), (all) => {
        const events = all.map(([repo, body, how], index) => ({
          text: how === 0 ? line(`${index}`, repo, 10, body) : turned(`${index}`, repo, body),
          expected: ['acme/tool', 'big/corp'].includes(repo.toLowerCase()) ? [`${index}`] : [],
        }));
        const input = events.map(({ text }) => text).join('\n');
        expect(scan(input)).toEqual({
          ids: events.flatMap(({ expected }) => expected),
          faults: [],
        });
      }),
    );
  });

  it('are found in a line that has several, whatever they are made of', () => {
    const payload = fc.jsonValue({ maxDepth: 3 });
    const written = fc.tuple(payload, fc.boolean(), fc.constantFrom('', ' ', '\t'));
    fc.assert(
      fc.property(fc.array(written, { minLength: 2, maxLength: 5 }), (all) => {
        const events = all.map(([body, isTurned, blanks], index) => {
          const text = isTurned
            ? turned(`${index}`, 'acme/tool', body)
            : line(`${index}`, 'acme/tool', 10, body);
          return text + blanks;
        });
        const ids = all.map((_, index) => `${index}`);
        expect(scan(events.join(''))).toEqual({ ids, faults: ['glued_events'] });
      }),
    );
  });

  it.each([
    ['a megabyte', 1_000_000],
    ['many', 20_000_000],
  ])('that nest without end for %s are broken', (_, depth) => {
    for (const opening of ['[', '{"a":'].map((text) => text.repeat(depth / text.length))) {
      const deep = line('1').replace('"payload":{}', `"payload":${opening}`);
      const input = `${deep}\n${line('2')}\n`;
      expect(scan(input)).toEqual({ ids: ['2'], faults: ['broken_line'] });
    }
  });

  it('of many megabytes that nest too deep are broken, though they end', () => {
    const nested = `${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}`;
    const deep = line('1').replace('"payload":{}', `"payload":${nested}`);
    expect(scan(`${deep}\n${line('2')}`)).toEqual({ ids: ['2'], faults: ['broken_line'] });
  });

  it('of 20 MB are read whole', () => {
    const long = line('1', 'acme/tool', 10, { body: 'x'.repeat(20_000_000) });
    expect(scan(`${long}\n${line('2')}`)).toEqual({ ids: ['1', '2'], faults: [] });
  });

  it('longer than is kept are counted, and what follows is read', () => {
    const huge = Buffer.alloc(65 * 1024 * 1024, 'x');
    const input = Buffer.concat([huge, Buffer.from(`\n${line('2')}\n`)]);
    expect(scan(input)).toEqual({ ids: ['2'], faults: ['line_too_long'] });
  });

  it('that are hostile do not cost the square of their length', () => {
    const input = '{"id":"'.repeat(1_000_000);
    expect(scan(input)).toEqual({ ids: [], faults: ['broken_line'] });
  });
});
