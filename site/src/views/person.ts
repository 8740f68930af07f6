import type {
  Contributor,
  ContributorActivity,
  ContributorRepositories,
} from '../../../pipeline/published/documents.ts';
import { compareHref } from '../lib/compare-address.ts';
import { describeCount, formatCount, formatScore, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { countContributions, KINDS } from '../lib/kinds.ts';
import { formsPath, rowHash } from '../lib/paths.ts';
import { periodLabel, periodSpan } from '../lib/periods.ts';
import { boardHref, outsideHref, type Period, pageOfPlace, type Site } from '../lib/site.ts';
import { atLeast } from '../lib/unknown-words.ts';
import { days, firstDays } from './days.ts';
import { heatStrip } from './heat-strip.ts';
import { ledger, type Tally } from './ledger.ts';
import { milestones } from './milestones.ts';
import { moved } from './moved.ts';
import { avatar, movement } from './person-marks.ts';
import { rankLine } from './rank-line.ts';
import { repositoryLink } from './repository-link.ts';
import { scoreBar } from './score-bar.ts';
import { bareTime, time } from './time.ts';

/** What the page of a person shows: of the build, and of the browser for those without a built one. */
export interface Person
  extends Pick<Contributor, 'contributor' | 'periods'>,
    Pick<ContributorActivity, 'recent' | 'days' | 'ranks' | 'milestones' | 'older_parts'> {
  readonly repositories: ContributorRepositories['repositories'];
  readonly unknown: ContributorActivity['unknown'];
  /** The address of the document with the last contributions. */
  readonly activity: string;
  /** The end of the data. */
  readonly until: string;
  /** The place on the global board of each period, from 1: in a tie the rank does not say it. */
  readonly places: Partial<Readonly<Record<Period, number>>>;
}

/** The name that a person is shown by. */
export const nameOf = ({ contributor }: Pick<Person, 'contributor'>): string =>
  contributor.display_name ?? contributor.username;

/** One sentence about a person, for search engines. */
export function describePerson(person: Person): string {
  const { all } = person.periods;
  const standing = all
    ? `#${formatCount(all.rank)} of ${formatCount(all.total)} with ${atLeast(all.unknown_kinds)}${formatScore(all.total_score)} points`
    : 'no contribution counted';
  const name = `${nameOf(person)} (${person.contributor.username})`;
  return `${name}: ${standing}, and what the score is made of.`;
}

export function personBody(site: Site, person: Person): Html {
  const { all, month } = person.periods;
  return html`${head(site, person)}
  <nav class="figs" aria-label="Ranks">${periodsOf(site).map((period) => rankCell(site, person, period))}</nav>
  <div class="grid">
  ${rankLine({ ranks: person.ranks, all: all?.rank, month: month?.rank, until: person.until })}
  ${heatStrip(person)}
  <div class="g7 col"><section class="whys">${periodsOf(site).map((period) => why(site, person, period))}
    ${all && html`<p class="src">Count × weight; the sum is exact. <a href="${site.base}scoring/">How scores are made</a></p>`}</section>
  <section><h2>Repositories</h2>${repositories(site, person.repositories)}</section>
  ${milestones(person)}</div>
  <section class="g5 lately" id="lately"><h2>Lately</h2><p class="lead-s">By day, in UTC.</p>${recents(site, person)}</section></div>`;
}

/** From moving to slow. */
const periodsOf = ({ periods }: Site): readonly Period[] => periods.toReversed();

function head(site: Site, person: Person): Html {
  const { contributor, periods } = person;
  const { all } = periods;
  const { website = null, linkedin = null, x_username } = contributor;
  const outside = (url: string | null, label: string) => {
    const link = outsideHref(site, url);
    return link && html`<li><a href="${link}" rel="nofollow">${label}</a>`;
  };
  const facts = [
    contributor.company && html`<li dir="auto">${contributor.company}`,
    contributor.location && html`<li dir="auto">${contributor.location}`,
    all && html`<li>first seen ${time(all.first_contribution_at)}`,
    all && html`<li>${plural(all.repositories_contributed, 'repository', 'repositories')}`,
    all && html`<li>last active ${time(all.last_contribution_at)}`,
    html`<li><a href="${compareHref(site.base, [contributor.username])}">Compare</a>`,
    site.forms &&
      html`<li><a href="${site.base}${formsPath('login', contributor.username)}">Is this you?</a>`,
    outside(contributor.profile_url, 'GitHub'),
    outside(website, 'Website'),
    outside(x_username ? `https://x.com/${x_username}` : null, 'X'),
    outside(linkedin, 'LinkedIn'),
  ];
  return html`<header class="page-head person">${avatar(site, contributor, 56)}<div>
    <p class="crumb"><a href="${site.base}">Leaderboard</a></p><h1 dir="auto">${nameOf(person)}</h1>
    <ul class="facts"><li class="login">@${contributor.username}${facts}</ul></div></header>`;
}

/** The rank in a period; it leads to what the score is made of. */
function rankCell(site: Site, { periods }: Person, period: Period): Html {
  const own = periods[period];
  const board = site.boards[period];
  const label = html`<span class="lab">${periodLabel(period)}</span>`;
  if (!own) {
    const none = (board?.unknown.length ?? 0) > 0 ? 'none known' : 'no contribution';
    return html`<span class="cell none">${label}<span class="val">–</span><span class="sub">${none}</span></span>`;
  }
  return html`<a class="cell" href="#p-${period}">${label}
    <span class="val">#${formatCount(own.rank)} ${board?.hasHistory && movement(own.rank, own.previous_rank)}</span>
    <span class="sub">of ${formatCount(own.total)} · ${atLeast(own.unknown_kinds)}${plural(Math.round(own.total_score), 'point')}</span></a>`;
}

/** Why a score of a period is what it is; the style sheet shows the one that was asked for. */
function why(site: Site, { contributor, periods, places }: Person, period: Period): Html | null {
  const own = periods[period];
  if (!own) return null;
  const label = periodLabel(period);
  const page = pageOfPlace(places[period] ?? own.rank, site);
  const href = boardHref(site, 'global', period, page) + rowHash(contributor.username);
  const isRepeated = period !== 'all' && isSame(own, periods.all);
  return html`<div class="why-of" id="p-${period}"><h2>Why ${formatCount(own.total_score)} points</h2>
    <p class="lead-s">${label}: <a href="${href}">#${formatCount(own.rank)} of ${formatCount(own.total)}</a> on the board.
    ${isRepeated ? html` <a href="#p-all">The same as all time.</a></p>` : html`</p>${ledger(site.scoring, own, `Points, ${label.toLowerCase()}`)}`}${isRepeated && isSameMovement(own, periods.all) ? null : moved(own, periodSpan(site.scoring, period))}</div>`;
}

/** Whether a period has all that was ever done: newcomers have many such periods. */
const isSame = (own: Tally, all: Tally | undefined): boolean =>
  all !== undefined &&
  own.total_score === all.total_score &&
  own.lines_added + own.lines_deleted === all.lines_added + all.lines_deleted &&
  own.unknown_kinds.join() === all.unknown_kinds.join() &&
  KINDS.every(({ count }) => own[count] === all[count]);

/** Whether a period moved as all time did: since the same day, and with the same parts. */
const isSameMovement = (own: Standing, all: Standing | undefined): boolean =>
  own.rank === all?.rank && JSON.stringify(own.movement) === JSON.stringify(all.movement);

type Standing = NonNullable<Person['periods'][Period]>;
type Row = Person['repositories'][number];

const isPartly = ({ unknown_kinds }: Row) => unknown_kinds.length > 0;

function repositories(site: Site, rows: readonly Row[]): Html {
  const sorted = rows.toSorted((a, b) => b.total_score - a.total_score);
  return html`<table class="led repositories-of"><caption class="sr-only">Rank and score in each repository, all time</caption>
    <thead><tr><th scope="col">Repository<th scope="col">Rank<th scope="col"><span class="sr-only">Score by kind</span><th scope="col">Score<th scope="col"><abbr title="Contributions">Events</abbr><th scope="col" class="wide">First</tr></thead>
    <tbody>${sorted.map((row) => repositoryRow(site, row, sorted[0]?.total_score ?? 1))}</tbody></table>
    ${sorted.some(isPartly) && html`<p class="src">“12+” is 12 or more: not all is known of that repository. <a href="${site.base}coverage/">See coverage</a></p>`}`;
}

/** Pixels of the bar of the first repository. */
const BAR = 140;

const repositoryRow = (site: Site, row: Row, most: number): Html =>
  html`<tr><th scope="row">${repositoryLink(site, row.repository)}<td>#${formatCount(row.rank)}<td><svg class="br">${scoreBar(row.points, most, { width: BAR })}</svg>
    <td>${formatCount(row.total_score)}${isPartly(row) && '+'}
    <td>${describeCount(countContributions(row), isPartly(row)).text}
    <td class="wide">${bareTime(row.first_contribution_at)}`;

/** The latest contributions, and the way to all of them. */
function recents(site: Site, { recent, periods, older_parts, activity }: Person): Html {
  if (recent.length === 0) return html`<p>None is known.</p>`;
  const counted = periods.all ? countContributions(periods.all) : recent.length;
  const shown = firstDays(recent);
  const lines = shown.reduce((sum, day) => sum + day.lines.reduce((n, one) => n + one.count, 0), 0);
  const reach = (older_parts ?? 0) > 0 ? counted : recent.length;
  const more =
    reach > lines &&
    html`<a class="btn" data-events="${older_parts ?? 0}" href="${activity}">${reach < counted ? `The last ${formatCount(reach)}` : `All ${formatCount(counted)}`} contributions</a>`;
  return html`${days(site, shown)}${more && html`<p class="more-events">${more}</p>`}
    ${reach < counted && html`<p class="src not-listed">The ${formatCount(counted - reach)} before these are counted, and not listed.</p>`}`;
}
