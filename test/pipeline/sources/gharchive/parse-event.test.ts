import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  archiveEventSchema,
  payloadSchemas,
  type ScoredEventType,
} from '../../../../pipeline/domain/archive-event.ts';
import { isScored } from '../../../../pipeline/domain/credit-archive-event.ts';
import { parseEvent } from '../../../../pipeline/sources/gharchive/parse-event.ts';
import { alice, archiveEvent, pullRequest, sha } from '../../../support/archive-events.ts';
import { hasSharedData, sharedPath } from '../../../support/shared-data.ts';

const parse = (text: string) => parseEvent(Buffer.from(text));
const reversed = (event: object) =>
  JSON.stringify(Object.fromEntries(Object.entries(event).reverse()), null, 1);

describe('an event of the archive', () => {
  const opened = archiveEvent(
    pullRequest('opened', {
      user: { ...alice, site_admin: false },
      merged: false,
      body: 'x',
      head: { repo: { id: 1, name: 'x' } },
    }),
  );

  it('is read as it is', () => {
    expect(parse(JSON.stringify(opened))).toEqual({ event: opened });
  });

  it('may have its keys in any order, and blanks', () => {
    expect(parse(reversed(opened))).toEqual({ event: opened });
  });

  it('keeps each commit', () => {
    const commit = { sha: sha(1), distinct: true };
    const commits = [{ ...commit, message: 'x', author: { name: 'A', email: 'a@b.c' } }];
    const push = archiveEvent({ type: 'PushEvent', payload: { ref: 'refs/heads/main', commits } });
    expect(parse(JSON.stringify(push))).toMatchObject({
      event: { payload: { ref: 'refs/heads/main', commits: [commit] } },
    });
  });

  it.each([
    ['a key written with escapes', '"\\u0072ef":"a"', 'a'],
    ['a key twice: the last counts', '"ref":1,"ref":2', 2],
    ['half a surrogate pair', '"ref":"\\ud800"', '\ud800'],
    ['a number beyond 2^53', '"ref":1208925819614629174706176', 2 ** 80],
    ['a key named like the prototype', '"__proto__":{"ref":1}', undefined],
  ])('may have %s', (_, fields, ref) => {
    const text = `{"id":"1","type":"PushEvent","payload":{${fields}}}`;
    const { event } = parse(text) as { event: { payload: { ref?: unknown } } };
    expect(event.payload.ref).toEqual(ref);
  });

  it('may have bytes that are not UTF-8: they are replaced, and end no text', () => {
    const text = Buffer.from('{"id":"1","type":"PushEvent","payload":{"ref":"a?"}}');
    text[text.indexOf('?')] = 0xc3;
    expect(parseEvent(text)).toMatchObject({ event: { payload: { ref: 'a\ufffd' } } });
  });

  it.each([
    ['a star', archiveEvent({ type: 'WatchEvent', payload: {} }), 'type_not_scored'],
    [
      'a type that every object has',
      archiveEvent({ type: 'toString', payload: {} }),
      'type_not_scored',
    ],
    ['no type', { id: '1' }, 'type_not_scored'],
    ['a type that is no text', { id: '1', type: null }, 'type_not_scored'],
  ])('of %s is not read on', (_, event, skipped) => {
    expect(parse(JSON.stringify(event))).toEqual({ skipped });
    expect(parse(reversed(event))).toEqual({ skipped });
  });

  it.each([
    ['is cut off', JSON.stringify(opened).slice(0, -9)],
    [
      'is broken in a field that is not used',
      JSON.stringify(opened).replace('"name":"x"', '"name":x'),
    ],
    ['goes on after its end', `${JSON.stringify(opened)}}`],
    ['has no scored type and is broken', '{"type": "WatchEvent", oops}'],
    ['nests without end', `{"id":"1","type":"PushEvent","payload":${'['.repeat(1_000_000)}`],
    ['nests objects without end', '{"a":'.repeat(1_000_000)],
  ])('that %s is not JSON', (_, text) => {
    expect(parse(text)).toBeNull();
  });
});

const REAL_EVENTS = [
  'gharchive/2015-01-01-0.json.gz',
  'gharchive/2015-01-01-1.json.gz',
  'events/2021-07-21.ndjson',
  'events/2022-04-06-one-of-each.ndjson',
  'events/2025-11-to-2026-07-trimmed.ndjson',
];

describe.skipIf(!hasSharedData())('the real events', () => {
  it.each(REAL_EVENTS)('of %s are to their schemas what JSON.parse makes of them', (file) => {
    const bytes = readFileSync(sharedPath(file));
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    let scored = 0;
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const whole = JSON.parse(line);
      const parsed = parse(line);
      if (!isScored(whole.type)) {
        expect(parsed).toEqual({ skipped: 'type_not_scored' });
        continue;
      }
      scored++;
      const schema = archiveEventSchema.extend({
        payload: payloadSchemas[whole.type as ScoredEventType],
      });
      const event = parsed && 'event' in parsed ? parsed.event : null;
      expect(schema.safeParse(event)).toEqual(schema.safeParse(whole));
    }
    expect(scored).toBeGreaterThan(0);
  });
});
