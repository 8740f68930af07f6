import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PipelineRun, runOnArchive, writeHourFiles } from '../../support/pipeline.ts';
import { readEvents } from '../../support/read-events.ts';
import { hasSharedData, sharedPath } from '../../support/shared-data.ts';

/** Real events of several years. What is expected was written by hand from reading the payloads. */

/** Runs the pipeline on the events, for all their repositories. */
function useRun(name: string, now: string) {
  const state: { run?: PipelineRun; folder: string } = { folder: '' };
  beforeAll(async () => {
    const events = readEvents(sharedPath(`events/${name}`));
    state.folder = mkdtempSync(join(tmpdir(), 'leaderboard-events-'));
    writeHourFiles(state.folder, events);
    const names = new Map(events.map(({ repo }) => [repo.name.toLowerCase(), repo.name]));
    state.run = await runOnArchive({
      archiveUrl: pathToFileURL(`${state.folder}/`).href,
      repositories: [...names.values()],
      now,
      // Two years of hours that the folder does not hold take longer than the few that it holds.
      options: { from: new Date(events.map(({ created_at }) => created_at).sort()[0] ?? now) },
    });
  });
  afterAll(async () => {
    await state.run?.close();
    rmSync(state.folder, { recursive: true, force: true });
  });
  return {
    /** `owner/name event_id login`, sorted; `kinds` chooses. */
    async facts(kinds?: string[]): Promise<string[]> {
      if (!state.run) throw new Error('not run');
      const rows = await state.run.db
        .selectFrom('contribution_events as c')
        .innerJoin('repositories as r', 'r.id', 'c.repository_id')
        .leftJoin('github_users as u', 'u.github_id', 'c.user_id')
        .select(['r.name', 'c.event_id', 'u.login', 'c.kind', 'c.lines_added', 'c.lines_deleted'])
        .execute();
      return rows
        .filter((row) => !kinds || kinds.includes(row.kind))
        .map((row) => {
          const lines = row.lines_added === null ? '' : ` +${row.lines_added}-${row.lines_deleted}`;
          return `${row.name} ${row.event_id} ${row.login}${lines}`;
        })
        .toSorted();
    },
    /** How many facts of each kind there are, with and without a credited account. */
    async counts(): Promise<Record<string, number>> {
      const rows = await state.run?.db.selectFrom('contribution_events').select('kind').execute();
      const byKind = Map.groupBy(rows ?? [], ({ kind }) => kind);
      return Object.fromEntries([...byKind].map(([kind, some]) => [kind, some.length]));
    },
    async scores() {
      if (!state.run) throw new Error('not run');
      const rows = await state.run.db
        .selectFrom('global_leaderboard as g')
        .innerJoin('github_users as u', 'u.github_id', 'g.user_id')
        .where('period', '=', 'all')
        .select(['u.login', 'g.total_score'])
        .execute();
      return Object.fromEntries(rows.map((row) => [row.login, row.total_score]));
    },
    /** A published document, by its path. */
    document(path: string) {
      return JSON.parse(readFileSync(join(state.run?.out ?? '', 'api/v1', path), 'utf8'));
    },
    async skipped() {
      return (await state.run?.db.selectFrom('scrape_jobs').select('skipped').executeTakeFirst())
        ?.skipped;
    },
  };
}

describe.runIf(hasSharedData())('one of each event of April 2022', () => {
  const run = useRun('2022-04-06-one-of-each.ndjson', '2022-04-07T00:00:00Z');

  it('earns what its payload says', async () => {
    expect(await run.facts()).toEqual(
      [
        'kaspad comment:1090501126 codecov[bot]',
        'Day30_CabInvoiceGenerator commit_comment:70637648 ChampRish',
        'soos-ci-analysis-python release:63779993 github-actions[bot]',
        'website pr:65:merged pull[bot] +2-5',
        'module2_part4_gallery issue:2:opened khoroshilov-flo',
        'nri-kubernetes review_comment:844189567 roobre',
        'solution-pack-soar-framework review_comment:844244088 cs-sujeet-ahirrao',
        'vscode-jupyter comment:1090599051 rchiodo',
        'vanessa-runner issue:508:closed artbear',
        'feast review:933838429 achals',
        'calico review:933836463 tomastigera',
        'cva release:63777287 joe-bell',
        'netbox-config-backup release:63779449 github-actions[bot]',
      ].toSorted(),
    );
  });

  it('counts the others: a push to a branch, a review of oneself, seven without points', async () => {
    expect(await run.skipped()).toEqual({
      not_default_branch: 1,
      self_review: 1,
      type_not_scored: 7,
    });
  });

  it('leaves no kind unknown', () => {
    expect(run.document('leaderboard/global/all/1.json').unknown_kinds).toEqual([]);
  });

  it('puts people on the board and no bots', async () => {
    expect(await run.scores()).toEqual({
      ChampRish: 3,
      'khoroshilov-flo': 8,
      roobre: 5,
      'cs-sujeet-ahirrao': 5,
      rchiodo: 3,
      artbear: 5,
      achals: 20,
      tomastigera: 20,
      'joe-bell': 30,
    });
  });
});

describe.runIf(hasSharedData())('a day of duckdb/duckdb in April 2023', () => {
  const run = useRun('2023-04-duckdb.json', '2023-04-08T02:00:00Z');

  it('credits merges to the authors, with their lines', async () => {
    expect(await run.facts(['PR_MERGED', 'PR_OPENED'])).toEqual([
      'duckdb pr:6919:merged Maxxen +947-175',
      'duckdb pr:6927:merged Tishj +638-532',
      'duckdb pr:6960:merged hawkfish +684-29',
      'duckdb pr:6983:merged hawkfish +8-0',
      'duckdb pr:6984:merged hawkfish +4-2',
      'duckdb pr:6988:merged Tishj +36-5',
      'duckdb pr:6992:merged Mytherin +66-12',
      'duckdb pr:6995:merged Mytherin +604-536',
      'duckdb pr:6998:opened lnkuiper',
      'duckdb pr:7000:opened Mause',
      'duckdb pr:7001:opened hawkfish',
    ]);
  });

  it("counts a review once, however often it is reported, and none of one's own work", async () => {
    expect(await run.facts(['PR_REVIEWED'])).toEqual([
      'duckdb review:1370923252 Mytherin',
      'duckdb review:1376090893 taniabogatsch',
      'duckdb review:1376128338 lnkuiper',
      'duckdb review:1376261104 Mytherin',
      'duckdb review:1376271379 Mytherin',
      'duckdb review:1376312393 Mytherin',
      'duckdb review:1376530116 Mytherin',
      'duckdb review:1376595870 Tishj',
      'duckdb review:1376599538 Tishj',
    ]);
  });

  it('gives each person the score of a calculation by hand', async () => {
    expect(await run.scores()).toEqual({
      // 77 commits, 2 merged, 5 reviews, 13 review comments, 6 comments, 1 closed, +670 -548
      Mytherin: 770 + 50 + 100 + 65 + 18 + 5 + 6.7 + 2.74,
      // 2 merged, 2 reviews, 1 review comment, 5 comments, +674 -537
      Tishj: 50 + 40 + 5 + 15 + 6.74 + 2.685,
      // 3 merged, 1 opened, 3 review comments, 2 comments, +696 -31
      hawkfish: 75 + 15 + 15 + 6 + 6.96 + 0.155,
      // 1 merged, 1 comment, +947 -175
      Maxxen: 25 + 3 + 9.47 + 0.875,
      // 1 opened, 1 review, 1 review comment
      lnkuiper: 15 + 20 + 5,
      Mause: 15,
      // 1 review, 4 review comments
      taniabogatsch: 20 + 20,
      // an issue opened, closed and commented on
      'mtoy-googly-moogly': 8 + 5 + 3,
      peterchap: 8,
      tadpol: 8,
      // a comment and a review comment; the review was of his own pull request
      ozdemircs: 3 + 5,
      carlopi: 6,
      RaczeQ: 3,
      blackrez: 3,
    });
  });
});

describe.runIf(hasSharedData())('four moments of July 2021', () => {
  const run = useRun('2021-07-21.ndjson', '2021-07-22T00:00:00Z');

  it('have this many facts of each kind', async () => {
    expect(await run.counts()).toEqual({
      // distinct ones among the 461 that were pushed to main or master
      COMMIT: 430,
      PR_OPENED: 33,
      PR_MERGED: 25,
      // 28 were reported: 4 of them twice, and 5 were of the reviewer's own work
      PR_REVIEWED: 19,
      PR_REVIEW_COMMENT: 10,
      ISSUE_OPENED: 13,
      ISSUE_CLOSED: 8,
      // 36 on issues and pull requests, 2 on commits
      COMMENT: 38,
      RELEASE: 3,
    });
  });

  it('have this many events that earn nothing', async () => {
    expect(await run.skipped()).toEqual({
      not_default_branch: 89,
      no_distinct_commits: 6,
      closed_without_merge: 6,
      self_review: 5,
      // 103 branches and tags made, 23 deleted, 58 stars, 19 forks, 4 members, 2 wikis, 2 opened up
      type_not_scored: 211,
    });
  });

  it('have these reviews, releases and comments on commits', async () => {
    const facts = await run.facts(['PR_REVIEWED', 'RELEASE']);
    expect(facts).toEqual(
      [
        'AT-BC-LAT-01 review:711280855 J0c4',
        'roaster review:711282688 bucherarnold',
        'cardano-wallet review:711317243 rvl',
        'remote-server review:711317379 andreievg',
        'canvas-ios review:711317400 idevainstr',
        'wargabantuwarga.com review:711317405 mazipan',
        'oneflow review:711317403 chengtbf',
        'Standard-Toolkit review:711317412 Smurf-IV',
        'gitpod review:711364882 svenefftinge',
        'routinator review:711364891 DRiKE',
        'SeedLang review:711364924 codingpotato',
        'circuit-ui review:711326737 robinmetral',
        'DoggOSFuzzy review:711417104 Adrian-Chlopowiec',
        '-algorithms_2021 review:711422067 DmitryChitalov',
        'academy review:711422083 pascal-klesse',
        'openproject review:711422084 machisuji',
        'logz-docs review:711422105 YajB',
        'react-spring-rocket review:711422114 fussel178',
        'sysfoo review:711422116 abhinavg2787',
        'docker-machine release:46519596 tuxtof',
        'web-sdk release:46527562 github-actions[bot]',
        'releases release:46527560 conda-forge-curator[bot]',
      ].toSorted(),
    );
    const comments = (await run.facts(['COMMENT'])).filter((fact) =>
      fact.includes('commit_comment'),
    );
    expect(comments).toEqual([
      'lp-Imagine.github.io commit_comment:53767302 vercel[bot]',
      'test commit_comment:53771640 githubname21',
    ]);
  });

  it.each([
    ['a release; making its tag earns nothing', 'tuxtof', 30],
    ['merged by another', 'Jaekpark', 25 + 0.59 + 0.065],
    ['merged by another, who had pushed nothing', 'shubhaguha', 25 + 1.56],
    ['merged by oneself, and an issue closed', 'livio-a', 25 + 5 + 0.03 + 0.015],
    ["merged, and another one's issue closed", 'sebastiendeleze', 25 + 5 + 0.47 + 0.01],
    ['merged, with many lines', 's-hadinger', 25 + 15.91 + 7.84],
    ['merged, with one new commit of the three that came', 'nak2k', 25 + 10 + 0.68 + 0.06],
    ["one new commit of two; the merge is the author's", 'yeslee-v', 10],
    ["one new commit of two; the merge is a bot's", 'cg1101', 10],
    ['61 commits pushed, of which the archive has 20', '0xln', 200],
    ['four pull requests opened', 'gabrieldonadel', 4 * 15],
    ['a review, and a comment in it', 'andreievg', 20 + 5],
    ['a review, reported twice', 'robinmetral', 20],
    ['a comment, and an issue of another closed', 'BenjaminSchaaf', 3 + 5],
    ['an issue opened', 'SheepTester', 8],
    ['a comment on a commit', 'githubname21', 3],
    ['a review of oneself, and a comment in it', 'hakeen0618', 5],
    ['only pressed the button', 'elephaint', undefined],
    ['only had an issue closed by another', 'pronguen', undefined],
    ['a bot by its suffix', 'renovate[bot]', undefined],
    ['a bot by the list', 'snyk-bot', undefined],
  ])('%s: %s', async (_, login, score) => {
    expect((await run.scores())[login]).toBe(score);
  });
});

describe.runIf(hasSharedData())('events of the trimmed era', () => {
  const run = useRun('2025-11-to-2026-07-trimmed.ndjson', '2026-07-20T00:00:00Z');

  it('name who opened a pull request, and no commits', async () => {
    expect(await run.facts()).toEqual(['v0-v2-kripto-bozum-sitesi pr:18:opened dependabot[bot]']);
    expect(await run.skipped()).toEqual({
      // three to main or master, one to a branch of an issue
      push_without_commits: 4,
      not_default_branch: 1,
      type_not_scored: 7,
    });
    expect(await run.scores()).toEqual({});
  });

  it.each(['all', 'year', 'quarter', 'month', 'week'])(
    'leave commits and lines unknown on the board of the period %s',
    (period) => {
      const { unknown_kinds } = run.document(`leaderboard/global/${period}/1.json`);
      expect(unknown_kinds).toEqual(expect.arrayContaining(['COMMIT', 'LINES', 'PR_OPENED']));
    },
  );

  it('have a sentence and shares by kind in the coverage', () => {
    const { summary, repositories } = run.document('dashboard/coverage.json');
    expect(summary).toContain('no kind of contribution is known in full');
    for (const { months } of repositories) {
      for (const { kinds } of months) expect(kinds).toMatchObject({ COMMIT: 0, LINES: 0 });
    }
  });
});
