import { PERIODS } from '../../pipeline/domain/time.ts';
import {
  type Additions,
  type BoardChange,
  type PreviewReport,
  UNKNOWN,
} from '../../pipeline/stages/preview/report.ts';

function additionsNaming(name: string): Additions {
  const size = { stars: 12, pull_requests: 1234, issues: 567, commits: 8901, releases: 23 };
  const reading = { points: 146, seconds: 219 };
  const one = { repository: name, now: null, is_private: false, ...size, reading };
  return {
    repositories: [one, { ...one, now: name, is_private: true }],
    not_shown: [name, name],
    unasked: 3,
    github: { points: 292, seconds: 438, nights: 1, complete_on: '2026-11-27' },
    bigquery: {
      ...{ days: 179, bytes: 4.475e12, usd: 25.45, left_today_usd: 5, left_this_month_usd: 40.5 },
      complete_on: '2026-12-02',
    },
  };
}

/** A report of a preview that names somebody wherever a name can stand. */
export function reportNaming(name: string): PreviewReport {
  const standing = {
    login: name,
    before: { rank: 3, score: 5.125 },
    after: { rank: 1, score: 1380 },
  };
  const mover = { ...standing, cause: 'own' as const };
  const counts = { moved: { own: 1, others: 2 }, kept: 3, entered: 1, left: 2 };
  const board = (scope: string, period: (typeof PERIODS)[number]): BoardChange => ({
    ...{ scope, period, ...counts },
    people: { before: 1234, after: 1233 },
    rescored: 2,
    movers: [mover, { ...mover, cause: 'others' }],
    top: [standing],
    entering: [{ ...standing, before: null }],
    leaving: [{ ...standing, after: null }],
    shares: { COMMIT: { before: 0.5, after: 0.25 }, line_bonus: { before: 0.5, after: 0.75 } },
    spread: {
      before: { top_ten_share: 0.75, median: 12.5 },
      after: { top_ten_share: 0.5, median: null },
    },
  });
  const names = { count: 12, first: [name, name] };
  return {
    published_at: '2026-11-26T03:00:00.000Z',
    weights: [
      {
        ...{ key: 'base_points.COMMIT', before: 10, after: 3 },
        alone: PERIODS.map((period) => ({ period, ...counts })),
        movers: [mover],
      },
    ],
    people: {
      ...{ bots: names, no_longer_bots: names, no_longer_aliases: names },
      aliases: { count: 1, first: [{ login: name, of: name }] },
      opted_out: 1,
      no_longer_opted_out: 1,
    },
    repositories: {
      renamed: [{ listed: name, now: name }],
      additions: additionsNaming(name),
      added: [name],
      restored: [name],
      removed: [{ repository: name, people: 2, points: 14, losses: [{ login: name, points: 8 }] }],
    },
    boards: [...PERIODS.map((period) => board('global', period)), board(name, 'week')],
    unchanged_boards: 4,
    likely_bots: [{ login: name, signs: ['name', 'one kind only'] }],
    unknown: [
      { what: UNKNOWN.added, names: [name] },
      { what: UNKNOWN.never, names: [] },
    ],
  };
}
