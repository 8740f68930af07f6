import { formatMonth } from '../../../pipeline/domain/months.ts';
import type { Month } from '../../../pipeline/published/documents.ts';
import { SAFE_LOGIN } from '../../../pipeline/published/path-names.ts';
import { entryAt } from '../lib/board-columns.ts';
import { rankedNames, readBoard } from '../lib/boards.ts';
import { findDocument, readDocument, readScoring } from '../lib/documents.ts';
import { capitalise, plural } from '../lib/format.ts';
import { MONTHS_PAGE, monthPath } from '../lib/paths.ts';
import { personHref } from '../lib/site.ts';
import { readSite } from '../lib/site-facts.ts';
import { describeTotal } from '../lib/unknown-words.ts';
import { documentHref } from '../lib/urls.ts';
import { monthPicture, SITE_FEED } from '../share/paths.ts';
import { monthBody } from '../views/month.ts';
import type { KnownPerson, MonthSite } from '../views/month-person.ts';
import { monthsBody } from '../views/months.ts';
import type { ManyPage, PageContent } from './page.ts';

/** The months, newest first; none where they were never written. */
export const listMonths = () => findDocument('months')?.months ?? [];

/** The page of each month, and their list. */
export const listMonthPages = (): ManyPage[] => [
  { path: MONTHS_PAGE, shell: 'person', render: renderList },
  ...listMonths().map(
    ({ month }): ManyPage => ({
      path: monthPath(month),
      shell: 'person',
      render: () => renderMonth(month),
    }),
  ),
];

function renderList(): PageContent {
  const document = findDocument('months');
  return {
    title: 'Months',
    description: 'Each month of the calendar: who was first, who came, what was released.',
    ...(document && { json: documentHref('months') }),
    feed: SITE_FEED,
    body: monthsBody(monthSite(), document ?? { ...readDocument('index'), months: [] }),
  };
}

function renderMonth(month: string): PageContent {
  const document = readDocument('month', { month });
  const json = documentHref('month', { month });
  return {
    title: formatMonth(month),
    description: `${capitalise(describeCounts(document))} in ${formatMonth(month)}: first places, newcomers, first merged pull requests and releases.`,
    json,
    feed: SITE_FEED,
    image: monthPicture(month),
    body: monthBody(monthSite(), { month: document, all: listMonths(), json }),
  };
}

/** `at least 71 contributions by 12 people`. */
export const describeCounts = ({ contributions, people, unknown_kinds: kinds }: Month): string =>
  `${describeTotal(
    contributions,
    // Lines are no contributions.
    kinds.filter((kind) => kind !== 'LINES'),
  )} by ${plural(people, 'person', 'people')}`;

let kept: MonthSite | undefined;

function monthSite(): MonthSite {
  kept ??= { ...readSite(), personOf: knowPeople() };
  return kept;
}

/** What is known of people now; of whoever is on no board any more, nothing. */
function knowPeople(): (username: string) => KnownPerson {
  const site = readSite();
  const board = readBoard('global', 'all');
  const rows = new Map(rankedNames(board).map((username, row) => [username, row]));
  return (username) => {
    const row = rows.get(username);
    if (row === undefined || !SAFE_LOGIN.test(username)) return { href: null, github_id: null };
    const { page, github_id, avatar } = entryAt(board.shards, row, readScoring());
    return {
      href: page === 'none' ? null : personHref(site, username, page === 'built'),
      github_id,
      avatar,
    };
  };
}
