import { boardCsv } from '../../../pipeline/published/downloads.ts';
import { boardDocument, boardPageDocument, splitName } from '../../../pipeline/published/paths.ts';
import { entryAt } from '../lib/board-columns.ts';
import { readBoard, readSpan, type WholeBoard } from '../lib/boards.ts';
import { monthsOf } from '../lib/coverage.ts';
import { hasDownload, readDocument, readIndex, readRepositories } from '../lib/documents.ts';
import { formatCount, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { boardPath } from '../lib/paths.ts';
import { periodLabel, periodSpan } from '../lib/periods.ts';
import { countPages, type Period, placesOnPage, type Scope, type Site } from '../lib/site.ts';
import { readSite } from '../lib/site-facts.ts';
import { listUnknownColumns } from '../lib/table-columns.ts';
import { unknownNotice } from '../lib/unknown.ts';
import { documentHref, downloadHref } from '../lib/urls.ts';
import { repositoryPicture, scopeFeed } from '../share/paths.ts';
import { shareBox, shareOfRepository } from '../share/share-box.ts';
import { type BoardPage, fullBoard, listBoard, notice, tabs } from '../views/board.ts';
import { emptyBoard } from '../views/empty-board.ts';
import { repositoryHead, windowsRead } from '../views/repository.ts';
import { repositoryMonths } from '../views/repository-months.ts';
import type { ManyPage, PageContent } from './page.ts';

/** All pages of one board: the first ones in full, then plain lists. */
export function listBoardPages(scope: Scope, period: Period): ManyPage[] {
  const site = readSite();
  const board = readBoard(scope, period);
  const pages = countPages(board.total, site);
  return Array.from({ length: pages }, (_, index) => ({
    path: boardPath(scope, period, index + 1),
    shell: board.total > 0 && index < site.boardPages ? 'board' : 'plain',
    render: () => {
      const shown = { site, board, page: index + 1, pages };
      return scope === 'global' ? globalPage(shown) : repositoryPage(shown);
    },
  }));
}

interface Shown {
  readonly site: Site;
  readonly board: WholeBoard;
  readonly page: number;
  readonly pages: number;
}

const isFirst = ({ board, page }: Shown) => board.period === 'all' && page === 1;

/** The title of a page: on the first of all time that of the whole site, or of the repository. */
const titleOf = (shown: Shown, first: string, name: string) => {
  if (isFirst(shown)) return first;
  return shown.pages > 1 ? `${name}, page ${shown.page}` : name;
};

function globalPage(shown: Shown): PageContent {
  const { site, board } = shown;
  const { period } = board;
  const name = `Leaderboard, ${periodLabel(period).toLowerCase()}`;
  const people = plural(board.total, 'contributor');
  const repositories = plural(readRepositories().length, 'repository', 'repositories');
  const span = periodSpan(site.scoring, period);
  const what = period === 'all' ? 'all they contributed' : `what they contributed in ${span}`;
  return {
    title: titleOf(shown, readIndex().title, name),
    description: `${people} to ${repositories}, ranked by ${what}.`,
    ...documentsOf(shown),
    feed: scopeFeed('global'),
    body: html`<header class="page-head"><h1>Leaderboard</h1><p class="lead">
      ${people} to <a href="${site.base}repositories/">${repositories}</a>, ranked by ${what}. <a href="${site.base}scoring/">How scores are made</a></p></header>
      ${boardBody(shown, name)}`,
  };
}

function repositoryPage(shown: Shown): PageContent {
  const { site, board, page } = shown;
  const { scope, period } = board;
  const { repository, windows } = readDocument('repository', splitName(scope));
  const months = page === 1 ? monthsOf(scope) : [];
  const name = `${scope}, ${periodLabel(period).toLowerCase()}`;
  const people = plural(board.total, 'contributor');
  return {
    title: titleOf(shown, scope, name),
    description: `${people} to ${scope} in ${periodSpan(site.scoring, period)}, ranked.`,
    ...documentsOf(shown),
    feed: scopeFeed(scope),
    image: repositoryPicture(scope),
    body: html`${repositoryHead(site, repository)}${boardBody(shown, name)}
      ${months.length > 0 && repositoryMonths(site, months)}${page === 1 && windowsRead(windows)}${isFirst(shown) && shareBox(shareOfRepository(scope))}`,
  };
}

/** The documents of a page: its own where there is one, and those of the whole board. */
function documentsOf({ board, page }: Shown): Pick<PageContent, 'json' | 'documents'> {
  const { scope, period } = board;
  const all = boardDocuments(board);
  const { board_document_pages, board_pages } = readIndex();
  const hasOwn = page <= Math.min(board_document_pages, board_pages);
  return {
    json: hasOwn ? documentHref(...boardPageDocument(scope, period, page)) : undefined,
    documents: [
      ...all.map((href, index) => ({
        label: `Whole board as JSON${all.length > 1 ? `, part ${formatCount(index + 1)}` : ''}`,
        href,
      })),
      ...csvOf(scope, period),
    ],
  };
}

/** The CSV of a board, if it was written. */
const csvOf = (scope: Scope, period: Period) =>
  hasDownload(boardCsv(scope, period))
    ? [{ label: 'Whole board as CSV', href: downloadHref(boardCsv(scope, period)) }]
    : [];

const boardDocuments = ({ scope, period, shards }: WholeBoard): string[] =>
  shards.map(({ shard }) => documentHref(...boardDocument(scope, period, shard)));

function boardBody(shown: Shown, name: string): Html {
  const { site, board, page, pages } = shown;
  const { scope, period } = board;
  const around = html`${tabs(site, scope, period)}${notice(site, unknownNotice(scope, period))}`;
  if (board.total === 0) return html`${around}${emptyBody(shown)}`;
  const [first, last] = placesOnPage(page, site);
  const rows = Array.from(
    { length: Math.min(last, board.total) - first + 1 },
    (_, index) => first - 1 + index,
  );
  const shownBoard: BoardPage = {
    ...{ scope, period, page, pages, total: board.total, unranked: board.unranked },
    hasHistory: board.hasHistory,
    unknown: listUnknownColumns(board.unknownKinds),
    entries: rows.map((row) => entryAt(board.shards, row, site.scoring)),
    caption: `${name}, page ${page} of ${pages}`,
    documents: boardDocuments(board),
  };
  const view = page <= site.boardPages ? fullBoard : listBoard;
  return html`${around}${view(site, shownBoard)}`;
}

function emptyBody({ site, board: { scope, period, unranked } }: Shown): Html {
  const others = site.periods.filter((other) => readBoard(scope, other).total > 0);
  return emptyBoard(site, {
    ...{ scope, unranked, others },
    span: periodSpan(site.scoring, period),
    read: others.length === 0 ? readSpan(scope) : null,
  });
}
