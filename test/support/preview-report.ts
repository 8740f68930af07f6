import { PERIODS } from '../../pipeline/domain/time.ts';
import {
  type BoardChange,
  type PreviewReport,
  UNKNOWN,
} from '../../pipeline/stages/preview/report.ts';

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
