import { entryAt } from '../lib/board-columns.ts';
import { readBoard, type WholeBoard } from '../lib/boards.ts';
import { readIndex, readRepositories, readScoring } from '../lib/documents.ts';
import { formatCount, formatDay, plural } from '../lib/format.ts';
import { periodLabel } from '../lib/periods.ts';
import type { Period, Scope } from '../lib/site.ts';
import type { ManyFile } from '../many/page.ts';
import { type BadgeText, drawBadge, shieldsEndpoint } from './badge.ts';
import { writeFeed } from './feed.ts';
import { badgePath, endpointPath, repositoryPicture, SITE_PICTURE, scopeFeed } from './paths.ts';
import { drawable, drawBoard, toPng } from './picture.ts';
import { scopeFeedOf } from './scope-feed.ts';

/** The files to share of the site, or of a repository: badge, picture and feed. */
export function filesOfScope(scope: Scope): ManyFile[] {
  const board = readBoard(scope, 'all');
  const feed = { path: scopeFeed(scope), content: writeFeed(scopeFeedOf(board)) };
  const picture = toPng(drawScope(scope));
  if (scope === 'global') return [feed, { path: SITE_PICTURE, content: picture }];
  const badge = badgeOf(board);
  return [
    feed,
    { path: repositoryPicture(scope), content: picture },
    { path: badgePath(scope), content: drawBadge(badge) },
    { path: endpointPath(scope), content: shieldsEndpoint(badge) },
  ];
}

/** What the badge of a repository says. */
export function badgeOf(board: WholeBoard): BadgeText {
  const scores = board.shards.flatMap(({ columns }) => columns.total_score ?? []);
  const points = Math.round(scores.reduce((sum, score) => sum + score, 0));
  const least = board.unknownKinds.length > 0 ? '+' : '';
  return {
    label: board.total === 1 ? 'contributor' : 'contributors',
    message: `${formatCount(board.total)} · ${formatCount(points)}${least} points`,
  };
}

/** The board that has somebody on it and moves most: of the month, or of a longer period. */
const SHOWN: readonly Period[] = ['month', 'quarter', 'year', 'all'];

/** The SVG of the picture of the site or of a repository. */
export function drawScope(scope: Scope): string {
  const { title, data_until, generated_at, sample } = readIndex();
  const board = SHOWN.map((period) => readBoard(scope, period)).find(({ total }) => total > 0);
  const [all, scoring] = [readBoard(scope, 'all'), readScoring()];
  const count = Math.min(5, board?.total ?? 0);
  const entries = Array.from({ length: count }, (_, row) => {
    const { rank, username, display_name, total_score, points } = entryAt(
      board?.shards ?? [],
      row,
      scoring,
    );
    const name = drawable(display_name ?? username, username);
    return { rank, name, score: total_score, points };
  });
  const until = formatDay(data_until ?? generated_at);
  const repositories = plural(readRepositories().length, 'repository', 'repositories');
  const what = scope === 'global' ? repositories : scope;
  const period = periodLabel(board?.period ?? 'all');
  const length = scoring.periods[board?.period ?? 'all'];
  const span = length === null ? period : `Last ${length} days`;
  return drawBoard({
    site: drawable(title, 'Contributor leaderboard'),
    title: scope === 'global' ? `${span} in ${what}` : what,
    note: `${plural(all.total, 'contributor')} · ${scope === 'global' ? '' : `ranked by ${length === null ? 'all time' : span.toLowerCase().replace('last', 'the last')} · `}until ${until}${sample ? ' · sample data' : ''}`,
    entries,
  });
}
