import { describe, expect, it } from 'vitest';
import {
  buildArchiveQuery,
  queryFingerprint,
} from '../../../../pipeline/sources/bigquery/query.ts';
import { requestFor } from '../../../support/bigquery/requests.ts';

const window = ['2025-01-31T06:00:00Z', '2025-02-02T00:00:00Z'] as const;

describe('the statement', () => {
  it.each(['events', 'activity', 'hours', 'holders'] as const)(
    'of %s is the one on record',
    async (mode) => {
      const { sql } = buildArchiveQuery(requestFor(['a/b'], ...window), mode);
      await expect(sql).toMatchFileSnapshot(`../../../golden/bigquery/${mode}.sql`);
    },
  );

  it('reads from the first day to the day after the last, between literals', () => {
    const { sql, tableCount } = buildArchiveQuery(requestFor(['a/b'], ...window), 'events');
    expect(sql).toContain("_TABLE_SUFFIX BETWEEN '0250131' AND '0250202'");
    expect(tableCount).toBe(3);
  });

  it('asks by the ids that are known, and by every name in small letters', () => {
    const request = requestFor(['Known/Repo', 'New/Repo'], ...window);
    const [known, unknown] = request.repositories;
    if (!known || !unknown) throw new Error('expected two repositories');
    const repositories = [{ ...known, githubId: 42 }, unknown];
    const { params } = buildArchiveQuery({ ...request, repositories }, 'events');
    expect(params).toMatchObject({
      repository_ids: [42],
      repository_names: ['known/repo', 'new/repo'],
    });
  });

  it('has nothing of the request in its text but the days: all else is parameters', () => {
    const name = "x'; DROP TABLE y; --/z";
    const { sql, params } = buildArchiveQuery(requestFor([name], ...window), 'events');
    expect(sql).not.toContain('DROP');
    expect(params.repository_names).toEqual([name.toLowerCase()]);
  });

  it('refuses a window before 2015, whose format is another one', () => {
    const before = requestFor(['a/b'], '2014-12-31T00:00:00Z', '2015-01-02T00:00:00Z');
    expect(() => buildArchiveQuery(before, 'events')).toThrow('before 2015');
  });

  it('has one fingerprint for the same question, and another for another', () => {
    const one = buildArchiveQuery(requestFor(['a/b'], ...window), 'events');
    const same = buildArchiveQuery(requestFor(['a/b'], ...window), 'events');
    const other = buildArchiveQuery(requestFor(['a/c'], ...window), 'events');
    expect(queryFingerprint(one)).toBe(queryFingerprint(same));
    expect(queryFingerprint(one)).not.toBe(queryFingerprint(other));
  });
});
