import { describe, expect, it } from 'vitest';
import { type Era, RECORDED, readShapes, shapesOf } from '../../support/event-shapes.ts';
import { inventHours } from '../../support/invented-hours.ts';
import { readEvents } from '../../support/read-events.ts';
import { hasSharedData, sharedPath } from '../../support/shared-data.ts';

const ERAS = Object.keys(RECORDED) as Era[];

describe.each(ERAS)('the shape of events, %s', (era) => {
  it('is that of the invented ones: every key and every type of value', () => {
    expect(shapesOf(inventHours(era).events)).toEqual(readShapes(era));
  });

  it.runIf(hasSharedData())('is that of the recorded ones', () => {
    const events = RECORDED[era].flatMap((file) => readEvents(sharedPath(file)));
    expect(shapesOf(events)).toEqual(readShapes(era));
  });
});

describe('a shape', () => {
  it('of another key, type or null is another shape', () => {
    const event = { id: '1', type: 'WatchEvent', created_at: '', repo: { id: 1, name: 'a/b' } };
    const of = (payload: unknown, more: unknown = payload) =>
      shapesOf([payload, more].map((each) => ({ ...event, payload: each, actor: event }) as never));
    const shapes = [
      of({ a: 1 }),
      of({ a: '1' }),
      of({ a: null }),
      of({ a: 1 }, { a: null }),
      of({ a: 1 }, {}),
      of({ a: {} }),
      of({ a: [] }),
      of({ a: [1] }),
      of({ a: 1, b: 1 }),
    ];
    expect(new Set(shapes.map((shape) => JSON.stringify(shape))).size).toBe(shapes.length);
  });
});
