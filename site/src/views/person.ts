import type {
  Contributor,
  ContributorActivity,
  ContributorRepositories,
} from '../../../pipeline/published/documents.ts';
import { describeCount } from '../lib/entry.ts';
import { formatCount, formatScore, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { countContributions, KINDS } from '../lib/kinds.ts';
import { rowHash } from '../lib/paths.ts';
import { periodLabel } from '../lib/periods.ts';
import { boardHref, outsideHref, type Period, pageOfPlace, type Site } from '../lib/site.ts';
import { activity } from './activity.ts';
import { parts, type Tally } from './parts.ts';
import { avatar, movement } from './person-marks.ts';
import { recent } from './recent.ts';
import { repositoryLink } from './repository-link.ts';
import { shareBar } from './share-bar.ts';
import { bareTime, time } from './time.ts';

/** What the page of a person shows: of the build, and of the browser for those without a built one. */
export interface Person extends Pick<Contributor, 'contributor' | 'periods'> {
  readonly repositories: ContributorRepositories['repositories'];
  readonly weeks: ContributorActivity['weeks'];
  readonly unknown: ContributorActivity['unknown'];
  readonly recent: ContributorActivity['recent'];
  /** The end of the data. */
  readonly until: string;
  /** The place on the global board of each period, from 1: in a tie the rank does not say it. */
  readonly places: Partial<Readonly<Record<Period, number>>>;
}

/** The name that a person is shown by. */
export const nameOf = ({ contributor }: Pick<Person, 'contributor'>): string =>
  contributor.display_name ?? contributor.username;

const atLeast = (unknown: readonly unknown[]) => (unknown.length > 0 ? 'at least ' : '');

/** One sentence about a person, for search engines. */
export function describePerson(person: Person): string {
  const { all } = person.periods;
  const standing = all
    ? `#${formatCount(all.rank)} of ${formatCount(all.total)} with ${atLeast(all.unknown_kinds)}${formatScore(all.total_score)} points`
    : 'no contribution counted';
  const name = `${nameOf(person)} (${person.contributor.username})`;
  return `${name}: ${standing}, and what the score is made of.`;
}

export const personBody = (site: Site, person: Person): Html => html`${head(site, person)}
  <section><h2 class="sr-only">Rank in each period</h2><ul class="cards">${site.periods.map((period) => rankCard(site, person, period))}</ul></section>
  <section><h2>How the score is made</h2>${site.periods.map((period) => score(site, person, period))}</section>
  <section><h2>Activity</h2>${activity(person)}</section>
  <section><h2>Repositories</h2>${repositories(site, person.repositories)}</section>
  <section><h2>Recent contributions</h2>${recents(site, person)}</section>`;

function head(site: Site, person: Person): Html {
  const { contributor, periods } = person;
  const { all } = periods;
  const link = outsideHref(site, contributor.profile_url);
  const facts = [
    contributor.company && html`<li dir="auto">${contributor.company}`,
    contributor.location && html`<li dir="auto">${contributor.location}`,
    all && html`<li>${plural(all.repositories_contributed, 'repository', 'repositories')}`,
    all && html`<li>since ${time(all.first_contribution_at)}`,
    all && html`<li>last active ${time(all.last_contribution_at)}`,
    link && html`<li><a href="${link}" rel="nofollow">On GitHub</a>`,
  ];
  return html`<header class="page-head person">${avatar(site, contributor, 80)}<div>
    <p class="crumb"><a href="${site.base}">Leaderboard</a></p><h1 dir="auto">${nameOf(person)}</h1>
    <ul class="facts"><li class="login">@${contributor.username}${facts}</ul></div></header>`;
}

/** The rank in a period, with a link to the row on the board. */
function rankCard(site: Site, { contributor, periods, places }: Person, period: Period): Html {
  const own = periods[period];
  const board = site.boards[period];
  const label = periodLabel(period);
  if (!own) {
    const none = (board?.unknown.length ?? 0) > 0 ? 'None known' : 'No contribution';
    return html`<li class="card none"><h3>${label}</h3><p class="sub">${none}</p>`;
  }
  const page = pageOfPlace(places[period] ?? own.rank, site);
  const href = boardHref(site, 'global', period, page) + rowHash(contributor.username);
  return html`<li class="card"><h3>${label}</h3>
    <p class="big"><a href="${href}">#${formatCount(own.rank)}</a> <small>of ${formatCount(own.total)}</small></p>
    <p class="sub">${atLeast(own.unknown_kinds)}${formatScore(own.total_score)} points ${board?.hasHistory && movement(own.rank, own.previous_rank)}</p>`;
}

/** The parts of the score of all time, and those of a shorter period behind its sum. */
function score(site: Site, { periods }: Person, period: Period): Html | null {
  const own = periods[period];
  if (!own) return null;
  const label = periodLabel(period);
  const table = parts(site.scoring, own, `Points, ${label.toLowerCase()}`);
  if (period === 'all') return table;
  return html`<details class="more"><summary>${label} <span class="aside">
    ${atLeast(own.unknown_kinds)}${formatScore(own.total_score)} points</span></summary>${isSame(own, periods.all) ? html`<p>The same as all time.</p>` : table}</details>`;
}

/** Whether a period has all that was ever done: newcomers have many such periods. */
const isSame = (own: Tally, all: Tally | undefined): boolean =>
  all !== undefined &&
  own.total_score === all.total_score &&
  own.lines_added + own.lines_deleted === all.lines_added + all.lines_deleted &&
  own.unknown_kinds.join() === all.unknown_kinds.join() &&
  KINDS.every(({ count }) => own[count] === all[count]);

type Row = Person['repositories'][number];

const isPartly = ({ unknown_kinds }: Row) => unknown_kinds.length > 0;

function repositories(site: Site, rows: readonly Row[]): Html {
  const sorted = rows.toSorted((a, b) => b.total_score - a.total_score);
  return html`<table class="sum repositories-of"><caption class="sr-only">Rank and score in each repository, all time</caption>
    <thead><tr><th scope="col">Repository</th><th scope="col">Rank</th><th scope="col">Score</th><th scope="col">Contributions</th><th scope="col">First</th><th scope="col">Last</th></tr></thead>
    <tbody>${sorted.map((row) => repositoryRow(site, row))}</tbody></table>
    ${sorted.some(isPartly) && html`<p class="note">“12+” is 12 or more: not all is known of that repository. <a href="${site.base}coverage/">See coverage</a></p>`}`;
}

const repositoryRow = (site: Site, row: Row): Html =>
  html`<tr><th>${repositoryLink(site, row.repository)}<td>#${formatCount(row.rank)}
    <td class="score">${formatScore(row.total_score)}${isPartly(row) && '+'}${shareBar(row.points)}
    <td>${describeCount(countContributions(row), isPartly(row)).text}
    <td>${bareTime(row.first_contribution_at)}<td>${bareTime(row.last_contribution_at)}</tr>`;

/** The number of contributions shown at first; a hundred would hide the end of the page. */
const FIRST = 15;

function recents(site: Site, { recent: events, periods }: Person): Html {
  if (events.length === 0) return html`<p>None is known.</p>`;
  const counted = periods.all ? countContributions(periods.all) : events.length;
  const more = events.slice(FIRST);
  return html`${events.length < counted && html`<p>The latest ${formatCount(events.length)} of ${formatCount(counted)}.</p>`}
    ${recent(site, events.slice(0, FIRST))}
    ${more.length > 0 && html`<details class="more"><summary>${formatCount(more.length)} more of these</summary>${recent(site, more)}</details>`}`;
}
