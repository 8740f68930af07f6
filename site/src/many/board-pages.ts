import type { Repository } from '../../../pipeline/published/documents.ts';
import { boardCsv } from '../../../pipeline/published/downloads.ts';
import { boardDocument, boardPageDocument, splitName } from '../../../pipeline/published/paths.ts';
import { entryAt } from '../lib/board-columns.ts';
import { readBoard, readSpan, type WholeBoard } from '../lib/boards.ts';
import { monthsOf } from '../lib/coverage.ts';
import {
  findDocument,
  hasDownload,
  readDocument,
  readIndex,
  readRepositories,
  readScoring,
} from '../lib/documents.ts';
import { capitalise, DAY_MS, formatCount, formatDay, formatRange, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { boardPath, firstPath } from '../lib/paths.ts';
import { periodLabel, periodSpan } from '../lib/periods.ts';
import {
  boardHref,
  countPages,
  type Period,
  placesOnPage,
  type Scope,
  type Site,
} from '../lib/site.ts';
import { readSite } from '../lib/site-facts.ts';
import { listUnknownColumns } from '../lib/table-columns.ts';
import { knownShare, unknownNotice } from '../lib/unknown.ts';
import { documentHref, downloadHref, publishedUrl } from '../lib/urls.ts';
import { repositoryPicture, scopeFeed } from '../share/paths.ts';
import { shareBox, shareOfRepository } from '../share/share-box.ts';
import { type BoardPage, fullBoard, listBoard, tabs } from '../views/board.ts';
import { emptyBoard } from '../views/empty-board.ts';
import { knownGrid } from '../views/known-grid.ts';
import { repositoryFigures, repositoryHead, windowsRead } from '../views/repository.ts';
import { boardSource } from '../views/source-line.ts';
import type { ManyPage, PageContent } from './page.ts';
import { summary } from './summary.ts';

/** All pages of one board: the first ones in full, then plain lists. */
export function listBoardPages(scope: Scope, period: Period): ManyPage[] {
  const site = readSite();
  const board = readBoard(scope, period);
  const pages = countPages(board.total, site);
  const all = Array.from({ length: pages }, (_, index): ManyPage => {
    const shown = { site, board, page: index + 1, pages };
    return {
      path: boardHref({ ...site, base: '' }, scope, period, index + 1),
      shell: board.total > 0 && index < site.boardPages ? 'board' : 'plain',
      render: () => (scope === 'global' ? globalPage(shown) : repositoryPage(shown)),
    };
  });
  return period === site.defaultPeriod ? [...all, leadToFirst(site, scope)] : all;
}

/** The other address of the page that a board opens with: others may have linked to it. */
const leadToFirst = (site: Site, scope: Scope): ManyPage => ({
  path: boardPath(scope, site.defaultPeriod),
  shell: 'plain',
  render: () => {
    const href = site.base + firstPath(scope);
    const name = `${scope === 'global' ? 'Leaderboard' : scope}, ${periodLabel(site.defaultPeriod).toLowerCase()}`;
    return {
      title: `${name}, page 1`,
      description: `${name}: this board has another address.`,
      leadsTo: { href, canonical: publishedUrl(href) },
      body: html`<section class="empty"><h1>${name}</h1><p>This board is at <a href="${href}">another address</a>.</p></section>`,
    };
  },
});

interface Shown {
  readonly site: Site;
  readonly board: WholeBoard;
  readonly page: number;
  readonly pages: number;
}

/** Whether a page is the one that the site, or a repository, opens with. */
const isFirst = ({ site, board, page }: Shown) => board.period === site.defaultPeriod && page === 1;

/** The title of a page: on the first that of the whole site, or of the repository. */
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
    body: html`<header class="board-top"><div><h1>Leaderboard</h1><p>${spanOf(shown)} ·
      ${html` ${plural(board.total, 'person', 'people')} in <a href="${site.base}repositories/">${repositories}</a><span class="wide"> · <a href="${site.base}scoring/">How scores are made</a></span>`}</p></div>
      ${tabs(site, 'global', period)}</header>${boardBody(shown, name)}`,
  };
}

/** The period of a board in words and days. */
function spanOf({ site, board: { period } }: Shown): Html {
  const { generated_at, periods } = readScoring();
  const days = periods[period];
  if (days === null) return html`All time`;
  const from = new Date(Date.parse(generated_at) - days * DAY_MS).toISOString();
  return html`<span class="wide">${capitalise(periodSpan(site.scoring, period))}, </span>${days > 300 ? `${formatDay(from)} – ${formatDay(generated_at)}` : formatRange(from, generated_at)}`;
}

function repositoryPage(shown: Shown): PageContent {
  const { site, board, page } = shown;
  const { scope, period } = board;
  const { repository, ...read } = readDocument('repository', splitName(scope));
  const months = page === 1 ? monthsOf(scope) : [];
  const name = `${scope}, ${periodLabel(period).toLowerCase()}`;
  const people = plural(board.total, 'contributor');
  return {
    title: titleOf(shown, scope, name),
    description: `${people} to ${scope} in ${periodSpan(site.scoring, period)}, ranked.`,
    ...documentsOf(shown),
    feed: scopeFeed(scope),
    image: repositoryPicture(scope),
    body: html`${repositoryHead(site, repository)}${isFirst(shown) && figuresOf(shown, repository)}<div class="board-top board-head"><div><h2>Leaderboard</h2><p>${spanOf(shown)} · ${plural(board.total, 'person', 'people')}</p></div>${tabs(site, scope, period)}</div>${boardBody(shown, name)}
      ${months.length > 0 && knownGrid(site, months)}${page === 1 && windowsRead(read)}${isFirst(shown) && shareBox(shareOfRepository(scope))}`,
  };
}

/** The pictures of a repository; none before its activity was published. */
function figuresOf({ site, board }: Shown, repository: Repository): Html | false {
  const parameters = splitName(board.scope);
  const activity = findDocument('repository_activity', parameters);
  if (!activity) return false;
  const year = monthsOf(board.scope).slice(-12);
  const known = year.reduce((sum, { coverage }) => sum + coverage, 0) / year.length;
  return repositoryFigures(site, {
    ...{ repository, activity },
    activeThisWeek: readBoard(board.scope, 'week').total,
    until: activity.data_until ?? activity.generated_at,
    // Rounded down: only what is complete shows 100.
    known: year.length > 0 ? Math.floor(known * 10) / 10 : null,
    json: documentHref('repository_activity', parameters),
  });
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

/** Where it says how to get the CSV of a board that has none of its own. */
const CSV_HELP = 'data/#csv';

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
  if (board.total === 0) return html`${sourceOf(shown)}${emptyBody(shown)}`;
  const [first, last] = placesOnPage(page, site);
  const rows = Array.from(
    { length: Math.min(last, board.total) - first + 1 },
    (_, index) => first - 1 + index,
  );
  const entries = rows.map((row) => entryAt(board.shards, row, site.scoring));
  const shownBoard: BoardPage = {
    ...{ scope, period, page, pages, entries },
    ...{ total: board.total, unranked: board.unranked, previousOn: board.previousOn },
    most: board.shards[0]?.columns.total_score?.[0] ?? 0,
    unknown: listUnknownColumns(board.unknownKinds),
    caption: `${name}, page ${page} of ${pages}`,
    documents: boardDocuments(board),
    source: sourceOf(shown),
  };
  const view = page <= site.boardPages ? fullBoard : listBoard;
  return html`${page === 1 && summary(site, board, entries)}${view(site, shownBoard)}`;
}

/** The line under a board that says where its numbers come from. */
function sourceOf(shown: Shown): Html {
  const { site, board } = shown;
  const { json, documents = [] } = documentsOf(shown);
  const [csv] = csvOf(board.scope, board.period);
  const help = hasDownload(boardCsv('global', 'all')) ? site.base + CSV_HELP : undefined;
  const csvHref = csv?.href ?? help;
  return boardSource(site.base, {
    known: knownShare(board.scope, board.period),
    gaps: unknownNotice(board.scope, board.period),
    links: [
      ...(json === undefined ? [] : [{ label: 'JSON', href: json }]),
      ...documents.slice(0, 1).map(({ href }) => ({ label: 'Whole board', href })),
      ...(csvHref === undefined ? [] : [{ label: 'CSV', href: csvHref }]),
    ],
  });
}

function emptyBody({ site, board: { scope, period, unranked } }: Shown): Html {
  const others = site.periods.filter((other) => readBoard(scope, other).total > 0);
  return emptyBoard(site, {
    ...{ scope, unranked, others },
    span: periodSpan(site.scoring, period),
    read: others.length === 0 ? readSpan(scope) : null,
    isKnown: knownShare(scope, period) !== 0,
  });
}
