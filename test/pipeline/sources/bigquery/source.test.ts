import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBatchBuilder } from '../../../../pipeline/sources/archive-batch.ts';
import { createBigQuerySource } from '../../../../pipeline/sources/bigquery/index.ts';
import { archiveTables } from '../../../support/bigquery/archive-tables.ts';
import { createOpenLedger, depsFor, useLocalBigQuery } from '../../../support/bigquery/harness.ts';
import { collect, requestFor, withStatedIds } from '../../../support/bigquery/requests.ts';
import { type RawEvent, readEvents } from '../../../support/read-events.ts';
import { hasSharedData, sharedPath } from '../../../support/shared-data.ts';

const SCORED = 'events of every scored type, as the archive has them';

describe.skipIf(!hasSharedData())('reading real events from BigQuery', () => {
  const bigquery = useLocalBigQuery();
  let events: RawEvent[] = [];

  beforeAll(() => {
    events = [
      '2021-07-21.ndjson',
      '2022-04-06-one-of-each.ndjson',
      '2025-11-to-2026-07-trimmed.ndjson',
    ].flatMap((name) => readEvents(sharedPath(`events/${name}`)));
    for (const [name, table] of archiveTables(events)) bigquery.local.tables.set(name, table);
  });
  afterEach(() => bigquery.local.reset());

  it(`credits the same as the JSON itself does: ${SCORED}`, async () => {
    const names = [...new Set(events.map((event) => event.repo.name))];
    for (const [from, to] of [
      ['2021-07-21T00:00:00Z', '2021-07-22T00:00:00Z'],
      ['2022-04-06T00:00:00Z', '2022-04-07T00:00:00Z'],
      ['2025-11-01T00:00:00Z', '2026-08-01T00:00:00Z'],
    ] as const) {
      const request = requestFor(names, from, to);
      const read = createBigQuerySource(depsFor(bigquery.local), {
        payload: true,
        checksHours: false,
      });
      const batches = await collect(read(request));
      const direct = createBatchBuilder(request);
      for (const event of events) {
        const repository = request.repositories[names.indexOf(event.repo.name)];
        if (repository) direct.addEvent(event, repository, null);
      }
      const expected = direct.take();
      const byKey = (a: { eventId: string }, b: { eventId: string }) =>
        a.eventId.localeCompare(b.eventId);
      expect(batches.flatMap((b) => b.contributions).toSorted(byKey)).toEqual(
        expected.contributions.toSorted(byKey),
      );
      expect(expected.contributions.length).toBeGreaterThan(0);
      expect(batches.reduce((total, b) => total + b.read, 0)).toBeGreaterThan(0);
    }
  });

  it('reserves what the query may be billed, caps it there, and settles what was billed', async () => {
    const ledger = createOpenLedger();
    const read = createBigQuerySource(depsFor(bigquery.local, { ledger }), {
      payload: true,
      checksHours: false,
    });
    await collect(
      read(
        withStatedIds(
          requestFor(['apache/pinot'], '2021-07-21T00:00:00Z', '2021-07-22T00:00:00Z'),
          events,
        ),
      ),
    );
    const [job] = bigquery.local.jobs.all;
    const billed = Number(job?.statistics?.query?.totalBytesBilled);
    const [reserved, settled] = ledger.log as [[string, number, number], [string, object]];
    expect(reserved[2]).toBe(reserved[1] + 2 * 10 * 2 ** 20);
    expect(job?.configuration?.query?.maximumBytesBilled).toBe(String(reserved[2]));
    expect(billed).toBeLessThanOrEqual(reserved[2]);
    expect(settled).toEqual([
      'settle',
      { bytesProcessed: reserved[1], bytesBilled: billed, slotMillis: 1234 },
    ]);
    expect(job?.configuration?.labels).toMatchObject({ app: 'contributor-leaderboard' });
    expect(job?.jobReference?.location).toBe('US');
  });

  it('finds the hours that the archive lacks, by a small query of its own', async () => {
    const ledger = createOpenLedger();
    const deps = depsFor(bigquery.local, { ledger });
    const read = createBigQuerySource(deps, { payload: true, checksHours: true });
    // The file has events from 6 o'clock on.
    const request = withStatedIds(
      requestFor(['apache/pinot'], '2021-07-21T05:00:00Z', '2021-07-21T07:00:00Z'),
      events,
    );
    const batches = await collect(read(request));
    const gaps = batches.flatMap((batch) => batch.gaps);
    const at = (hour: string) => new Date(`2021-07-21T${hour}:00:00Z`);
    expect(gaps).toEqual([{ from: at('05'), to: at('06'), reason: 'missing' }]);
    const estimates = (ledger.log as [string, number][]).filter(([what]) => what === 'reserve');
    expect(estimates[0]?.[1]).toBeLessThan((estimates.at(-1)?.[1] ?? 0) / 50);
  });

  it.each([1, 2])(
    'pays for no window that it cannot check: query %i of two is refused',
    async (refused) => {
      const ledger = createOpenLedger();
      let asked = 0;
      const shortage = {
        neededUsd: 1,
        leftTodayUsd: 0,
        leftThisMonthUsd: 0,
        dailyLimitUsd: 5,
        monthlyLimitUsd: 50,
      };
      const deps = depsFor(bigquery.local, {
        ledger: {
          ...ledger,
          reserve: async (request) => {
            asked += 1;
            return asked === refused ? { shortage } : ledger.reserve(request);
          },
        },
      });
      const read = createBigQuerySource(deps, { payload: true, checksHours: true });
      const request = withStatedIds(
        requestFor(['apache/pinot'], '2021-07-21T05:00:00Z', '2021-07-21T07:00:00Z'),
        events,
      );
      await expect(collect(read(request))).rejects.toThrow('BUDGET_EXCEEDED');
      expect(bigquery.local.jobs.all).toEqual([]);
      const released = ledger.log.filter((entry) => (entry as string[])[0] === 'release');
      expect(released).toHaveLength(refused - 1);
    },
  );

  it('in the cheap mode finds who was active, for few bytes, and credits nothing', async () => {
    const names = [...new Set(events.map((event) => event.repo.name))];
    const request = withStatedIds(
      requestFor(names, '2021-07-21T00:00:00Z', '2021-07-22T00:00:00Z'),
      events,
    );
    const cheap = createOpenLedger();
    const full = createOpenLedger();
    const deps = depsFor(bigquery.local, { ledger: cheap });
    const batches = await collect(
      createBigQuerySource(deps, { payload: false, checksHours: false })(request),
    );
    await collect(
      createBigQuerySource(
        { ...deps, ledger: full },
        { payload: true, checksHours: false },
      )(request),
    );
    const read = batches.reduce((total, batch) => total + batch.read, 0);
    expect(read).toBe(589);
    expect(batches.flatMap((batch) => batch.contributions)).toEqual([]);
    expect(batches.flatMap((batch) => batch.observations).length).toBeGreaterThan(100);
    expect(batches[0]?.skipped).toEqual({ payload_not_read: read });
    expect(batches.at(-1)?.gaps).toEqual([{ ...request.window, reason: 'payload_not_read' }]);
    const bytes = ({ log }: typeof cheap) => (log as [[string, number]])[0][1];
    expect(bytes(cheap)).toBeLessThan(bytes(full) / 10);
  });
});
