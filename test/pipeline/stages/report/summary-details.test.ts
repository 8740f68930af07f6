import { describe, expect, it } from 'vitest';
import {
  buildDetails,
  putAsideSentence,
  type SummaryDetails,
  warningOf,
} from '../../../../pipeline/stages/report/summary-details.ts';
import { expectHarmless } from '../../../support/hostile-text.ts';

const NOTHING: SummaryDetails = {
  stages: [],
  repositories: [],
  putAside: [],
  usage: { points: 0, requests: 0, recheck_points: 0, recheck_requests: 0 },
  gone: { deleted: 0, transferred: 0, replaced: 0 },
  coverage: { summary: '', repositories: [] },
  month: [],
  likelyBots: [],
  index: null,
  missing: [],
};

const month = (coverage: number) => ({
  month: '2026-10',
  coverage,
  kinds: {},
  damaged: false,
  contributions_by_source: {},
  missing_hours: 0,
  missing_numbers: 0,
  unattributed: 0,
});

describe('the lists of the summary', () => {
  it('are left out where there is nothing', () => {
    expect(buildDetails(NOTHING).trim()).toBe('');
  });

  it('show stages, repositories, points, coverage, movers, and what is missing', () => {
    const text = buildDetails({
      stages: [
        { stage: 'scrape', status: 'COMPLETED', seconds: 302.4 },
        { stage: 'calculate', status: 'FAILED', seconds: 0.26 },
      ],
      repositories: [
        {
          full_name: 'a/b',
          status: 'FAILED',
          events: 1_234,
          kept: 1_000,
          error_class: 'timeout',
          message: 'slow | <b>',
        },
      ],
      putAside: [
        {
          source: 'github',
          repository: 'octo/one',
          part: 'pr:12:opened',
          error_class: 'constraint',
          error_message: '@ada',
          job_id: null,
        },
      ],
      index: {
        contributors: ['ada'],
        people: 3,
        plan: {
          limit_bytes: 800_000_000,
          estimated_bytes: 12_340_000,
          limited_by: 'contributor_pages',
          files: [{ kind: 'pages of people', files: 1_234, bytes: 9_876_543 }],
        },
      },
      likelyBots: [
        { id: 7, login: 'ci-machine', contributions: 1_200, signs: ['name', 'one kind only'] },
      ],
      usage: { points: 1_500, requests: 20, recheck_points: 40, recheck_requests: 9 },
      gone: { deleted: 1_200, transferred: 1, replaced: 2 },
      coverage: {
        summary: 'Commits are not known.',
        repositories: [
          { repository: 'a/b', unknown_kinds: {}, months: [month(10), month(50)] },
          { repository: 'c/d', unknown_kinds: {}, months: [month(100)] },
        ],
      },
      month: [
        { username: 'ada', rank: 1, previous_rank: 3, total_score: 1_234.5 },
        { username: 'bob', rank: 2, previous_rank: 1, total_score: 9 },
        { username: 'cyd', rank: 3, previous_rank: null, total_score: 8 },
        { username: 'dan', rank: 4, previous_rank: 40, total_score: 7 },
      ],
      missing: [{ full_name: 'e/f', status: 'PENDING', failure_reason: null }],
    });
    expect(
      text.split('\n').filter((line) => line.startsWith('|') && !line.includes('---')),
    ).toEqual([
      '| Stage | Ended | Took |',
      '| scrape | completed | 5 min 2 s |',
      '| calculate | failed | 0.3 s |',
      '| Repository | State | Events | Contributions kept | What failed |',
      '| a/b | failed | 1,234 | 1,000 | slow \\| &lt;b> |',
      '| Repository | State | Reason |',
      '| e/f | pending | not read yet: a later run reads it |',
      '| Source | Repository | Part | Error | Message |',
      '| github | octo/one | pr:12:opened | constraint | @\u200Bada |',
      '| Repository | Month | Known |',
      '| a/b | 2026-10 | 50.0 % |',
      '| Contributor | Climbed | Rank | Score |',
      '| dan | 36 | 4 | 7 |',
      '| ada | 2 | 1 | 1,234.5 |',
      '| Account | Id | Signs | In a year |',
      '| ci-machine | 7 | name, one kind only | 1,200 |',
      '| Kind | Files | MB |',
      '| pages of people | 1,234 | 9.9 |',
    ]);
    expect(text).toContain(
      'The site takes about 12.3 of 800.0 MB; 1 of 3 people have a page of their own; ' +
        'one page shows the others, as contributor\\_pages in config/site.yaml allows no more.',
    );
    expect(text).toContain('Nobody is removed by this: add the id to `bots`');
    expect(text).toContain(
      'GitHub today: 1,500 points and 20 requests, 40 and 9 of them to look at the past again.',
    );
    expect(text).toContain(
      'Taken out: 1,200 contributions that are gone from GitHub. 1 issue was transferred to another repository. 2 repositories were deleted on GitHub, and another one has the name now: that one is read and counts.',
    );
    expect(text).toContain('75.0 % of the last month is known, on average. Commits are not known.');
  });

  it('show the first rows, and how many there are more', () => {
    const missing = Array.from({ length: 60 }, (_, index) => ({
      full_name: `a/${index}`,
      status: 'FAILED' as const,
      failure_reason: 'gone',
    }));
    const text = buildDetails({ ...NOTHING, missing });
    expect(text.match(/gone/g)).toHaveLength(50);
    expect(text).toContain('\n\nand 10 more');
  });

  it('are harmless with any text', () => {
    const hostile = '\u202ex\n::error::y <script> [a](http://b)';
    const letter = { source: 'x', repository: hostile, part: hostile, error_class: 'y', job_id: 1 };
    const putAside = [{ ...letter, error_message: hostile }];
    const text = buildDetails({ ...NOTHING, putAside });
    expectHarmless(text.replaceAll('\u200B', ''));
    expect(text).not.toMatch(/<script|(?<!\\)\]\(/);
  });
});

it('a good run says what was put aside', () => {
  expect(warningOf(putAsideSentence(1))).toMatch(/^> \[!WARNING\]\n> 1 item was put aside/);
  expect(putAsideSentence(1_200)).toContain('1,200 items were put aside');
});
