import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storageFault } from '../../../../pipeline/domain/stored-value.ts';
import { createBatchBuilder } from '../../../../pipeline/sources/archive-batch.ts';
import { toRawEvent } from '../../../../pipeline/sources/bigquery/query.ts';
import { parseEvent } from '../../../../pipeline/sources/gharchive/parse-event.ts';
import { archiveEvent, bob, pullRequest, push, sha } from '../../../support/archive-events.ts';
import { requestFor } from '../../../support/bigquery/requests.ts';
import { mutate, mutation } from '../../../support/mutations.ts';
import { runs } from '../../../support/runs.ts';

/** Events of the archive that are not as agreed, as lines of a file and as rows of BigQuery. */
const time = '2024-03-04T05:00:00Z';
const user = { ...bob, type: 'User' };
const issue = { number: 3, user, created_at: time, closed_at: time };
const EVENTS = [
  archiveEvent(push('refs/heads/main', [{ sha: sha(1), distinct: true }])),
  archiveEvent(pullRequest('opened', { user, created_at: time, merged: false })),
  archiveEvent(
    pullRequest('closed', { user, merged: true, merged_at: time, additions: 4, deletions: 2 }),
  ),
  archiveEvent({ type: 'IssuesEvent', payload: { action: 'opened', issue } }),
  archiveEvent({ type: 'IssuesEvent', payload: { action: 'closed', issue } }),
  archiveEvent({
    type: 'IssueCommentEvent',
    payload: { action: 'created', issue, comment: { id: 5, user, created_at: time } },
  }),
  archiveEvent({
    type: 'ReleaseEvent',
    payload: { action: 'published', release: { id: 6, author: user, published_at: time } },
  }),
];

const request = requestFor(['acme/tool'], '2024-03-04T00:00:00Z', '2024-03-05T00:00:00Z');
const repository = request.repositories[0] as (typeof request.repositories)[number];
const event = fc.constantFrom(...EVENTS).map((one) => structuredClone(one));
const changes = fc.array(mutation, { minLength: 1, maxLength: 4 });

/** Everything that was given is kept or counted, and what is kept can be stored. */
function expectSound(batch: ReturnType<typeof createBatchBuilder>, given: number): void {
  const { read, kept, skipped, contributions, observations, refused = [] } = batch.take();
  expect(read).toBe(given);
  expect(read).toBe(kept + Object.values(skipped).reduce((sum, count) => sum + count, 0));
  expect(refused.length).toBe(skipped.constraint ?? 0);
  expect(contributions.map(storageFault).filter((fault) => fault !== null)).toEqual([]);
  for (const { firstSeenAt, login } of observations) {
    expect(Number.isNaN(firstSeenAt.getTime())).toBe(false);
    expect(login).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  }
}

it('unchanged, each of them counts', () => {
  const batch = createBatchBuilder(request);
  for (const one of EVENTS) batch.addEvent(one, repository, null);
  expect(batch.take()).toMatchObject({ kept: EVENTS.length, skipped: {} });
});

describe('a line of the archive', () => {
  it('may be changed in any place, or cut off: it is kept or counted', () => {
    fc.assert(
      fc.property(event, changes, fc.option(fc.nat(200)), (one, mutations, cut) => {
        for (const change of mutations) mutate(one, change);
        const text = JSON.stringify(one).slice(0, cut ?? undefined);
        const batch = createBatchBuilder(request);
        const parsed = parseEvent(Buffer.from(text));
        if (parsed === null) batch.addFault('broken_line');
        else if ('skipped' in parsed) batch.addFault(parsed.skipped);
        else batch.addEvent(parsed.event, repository, null);
        expectSound(batch, 1);
      }),
      runs(1_000),
    );
  });
});

describe('a row of BigQuery', () => {
  const nobody = { id: null, login: null, type: null };
  const row = {
    type: 'IssuesEvent',
    actor: { id: '1', login: 'alice' },
    repo: { id: '10', name: 'acme/tool' },
    created_at: time,
    action: 'opened',
    ref: null,
    has_commits: false,
    commits: [{ sha: sha(1), distinct: 'true' }],
    pull_request: {
      ...{ number: null, created_at: null, merged: null, merged_at: null },
      ...{ additions: null, deletions: null, user: nobody },
    },
    issue: { number: '3', created_at: time, closed_at: null, user: { ...nobody, id: '2' } },
    review: { id: null, submitted_at: null, user: nobody },
    comment: { id: null, created_at: null, user: nobody },
    release: { id: null, published_at: null, author: nobody },
  };

  it('may be changed in any place: it is kept, counted, or put aside with a reason', () => {
    fc.assert(
      fc.property(changes, (mutations) => {
        const one = { row: structuredClone(row) };
        for (const change of mutations) mutate(one, change);
        const batch = createBatchBuilder(request);
        const parsed = toRawEvent(one.row);
        if ('fault' in parsed) batch.addRefused({ reason: parsed.fault, item: {} });
        else batch.addEvent(parsed, repository, null);
        expectSound(batch, 1);
      }),
      runs(1_000),
    );
  });
});
