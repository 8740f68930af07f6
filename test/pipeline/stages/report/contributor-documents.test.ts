import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CONTRIBUTION_KINDS,
  COUNT_COLUMNS,
  countColumn,
} from '../../../../pipeline/domain/contribution-kinds.ts';
import type {
  Board,
  Contributor,
  ContributorActivity,
  ContributorEvents,
  Index,
} from '../../../../pipeline/published/documents.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import { readEvents } from '../../../../site/src/lib/events.ts';
import { ago, configOf, NOW, quiet } from '../../../support/community.ts';
import { useDatabase } from '../../../support/databases.ts';
import { fillShape } from '../../../support/fill-shape.ts';
import { readTexts } from '../../../support/read-documents.ts';

/** What a person's documents say of the same thing is equal, down to each contribution. */

const SHAPE = { people: 60, repositories: 3, contributions: 12_000 };
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);

describe('the documents of people', () => {
  const database = useDatabase('embedded');
  const out = mkdtempSync(join(tmpdir(), 'people-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  let texts: ReadonlyMap<string, string>;
  const read = <T>(path: string): T => JSON.parse(texts.get(path) ?? 'null');

  beforeAll(async () => {
    const { db } = database;
    await fillShape(db, SHAPE, NOW);
    // One person has done more than two documents of older contributions hold.
    await sql`UPDATE contribution_events SET user_id = (SELECT min(github_id) FROM github_users)
      WHERE repository_id = 1`.execute(db);
    const config = configOf();
    for (const now of [ago(14), ago(7), NOW]) await calculate({ db, config, now, log: quiet });
    await report({ db, config, now: NOW, log: quiet, out, sample: false });
    texts = readTexts(join(out, 'api/v1'));
  }, 120_000);

  const people = () =>
    read<Index>('index.json').contributors.map((username) => {
      const activity = read<ContributorActivity>(`contributors/${username}/activity.json`);
      const { periods } = read<Contributor>(`contributors/${username}.json`);
      const parts = Array.from({ length: activity.older_parts ?? 0 }, (_, part) =>
        read<ContributorEvents>(`contributors/${username}/events/${part + 1}.json`),
      );
      return { username, activity, periods, parts };
    });

  it('list every contribution, once, with its points', () => {
    const { base_points } = configOf().weights;
    const found = people();
    expect(Math.max(...found.map(({ parts }) => parts.length))).toBeGreaterThan(1);
    for (const { username, activity, periods, parts } of found) {
      const all = [
        ...activity.recent,
        ...parts.flatMap((part) => readEvents(part, { base_points })),
      ];
      const keys = all.map(({ repository, event_id }) => `${repository} ${event_id}`);
      expect(new Set(keys).size, username).toBe(keys.length);
      for (const kind of CONTRIBUTION_KINDS) {
        const own = all.filter((event) => event.kind === kind);
        expect(own.length, `${username} ${kind}`).toBe(periods.all?.[countColumn(kind)]);
        expect(sum(own.map(({ points }) => points))).toBe(periods.all?.points[kind]);
      }
      const moments = all.map(({ occurred_at }) => occurred_at.slice(0, 19));
      expect(moments).toEqual(moments.toSorted().reverse());
    }
  });

  it('give older contributions the addresses and titles that they had among the last ones', () => {
    const [first] = people();
    const recent = first?.activity.recent ?? [];
    const byPath = (part: string) => new RegExp(`^https://github\\.com/[^/]+/[^/]+/${part}`);
    expect(recent.some(({ title }) => title !== null)).toBe(true);
    for (const event of (first?.parts ?? []).flatMap((part) =>
      readEvents(part, configOf().weights),
    )) {
      if (event.kind === 'COMMIT') expect(event.url).toMatch(byPath('commit/[0-9a-f]+$'));
      if (event.kind === 'PR_OPENED') expect(event.url).toMatch(byPath('pull/\\d+$'));
      if (event.kind === 'PR_REVIEWED') expect(event.url).toMatch(byPath('pull/\\d+#'));
    }
  });

  it('have days that sum to weeks, and weeks to all that was done', () => {
    for (const { username, activity, periods } of people()) {
      const counted = sum(COUNT_COLUMNS.map((column) => periods.all?.[column] ?? 0));
      expect(sum(activity.weeks.map(({ total }) => total)), username).toBe(counted);
      const { days } = activity;
      const from = days?.from ?? '9999';
      const byWeek = new Map<string, number>();
      for (const [place, day] of (days?.at ?? []).entries()) {
        const monday = Date.parse(from) + Math.floor(day / 7) * 7 * 86_400_000;
        const week = new Date(monday).toISOString().slice(0, 10);
        byWeek.set(week, (byWeek.get(week) ?? 0) + (days?.counts[place] ?? 0));
      }
      const weeks = activity.weeks.filter(({ week }) => week >= from);
      expect([...byWeek], username).toEqual(weeks.map(({ week, total }) => [week, total]));
    }
  });

  it('have the ranks of past boards, and the scores of the present ones', () => {
    const board = read<Board>('boards/global/all/1.json').columns;
    // Compared with the board of 7 days before.
    const month = read<Board>('boards/global/month/1.json').columns;
    for (const { username, activity, periods } of people()) {
      const place = board.username.indexOf(username);
      expect(periods.all?.total_score).toBe(board.total_score?.[place]);
      expect(sum(Object.values(periods.all?.points ?? {}))).toBeCloseTo(
        periods.all?.total_score ?? -1,
        3,
      );
      // The boards of 14 and 7 days before, and of this week.
      const { all = [], month: ofMonth = [] } = activity.ranks ?? {};
      expect(all.length, username).toBeLessThanOrEqual(3);
      expect(all.at(-1), username).toBe(board.rank?.[place]);
      const now = month.username.indexOf(username);
      if (now < 0) continue;
      expect(ofMonth.at(-1), username).toBe(month.rank?.[now]);
      expect(ofMonth.at(-2) || null, username).toBe(month.previous_rank?.[now] ?? null);
    }
  });

  it('count milestones over all contributions', () => {
    const { base_points } = configOf().weights;
    for (const { username, activity, parts } of people()) {
      const all = [
        ...activity.recent,
        ...parts.flatMap((part) => readEvents(part, { base_points })),
      ];
      for (const { kind, nth, on } of activity.milestones ?? []) {
        const own = all.filter((event) => kind === null || event.kind === kind).toReversed();
        expect(own[nth - 1]?.occurred_at.slice(0, 10), `${username} ${kind} ${nth}`).toBe(on);
      }
      const merged = all.filter(({ kind }) => kind === 'PR_MERGED').length;
      const named = (activity.milestones ?? []).filter(({ kind }) => kind === 'PR_MERGED');
      expect(named.map(({ nth }) => nth)).toEqual(
        [1000, 100, 10, 1].filter((nth) => nth <= merged),
      );
    }
  });
});
