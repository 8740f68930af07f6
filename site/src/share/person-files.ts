import { mondayOf } from '../../../pipeline/domain/time.ts';
import type { Contributor, ContributorActivity } from '../../../pipeline/published/documents.ts';
import { SiteError } from '../../options.ts';
import { readDocument, readIndex } from '../lib/documents.ts';
import { initials } from '../lib/entry.ts';
import { DAY_MS, dateOf, formatCount, formatDay, formatScore, plural } from '../lib/format.ts';
import { kindText } from '../lib/kinds.ts';
import { contributorPath } from '../lib/paths.ts';
import { periodLabel } from '../lib/periods.ts';
import { href, publishedUrl } from '../lib/urls.ts';
import type { ManyFile } from '../many/page.ts';
import { type BadgeText, drawBadge, shieldsEndpoint } from './badge.ts';
import { drawCard } from './card.ts';
import { type FeedEntry, tagUri, writeFeed } from './feed.ts';
import { badgePath, cardPath, endpointPath, personFeed, personPicture } from './paths.ts';
import { drawable, drawPerson, toPng } from './picture.ts';

/** Weeks of a trend. */
const WEEKS = 26;
/** Days with contributions that a feed has, and repositories that it names of one. */
const DAYS = 5;
const NAMED = 5;

interface Sources {
  readonly profile: Contributor;
  /** Where the person stands of all time: whoever has a page has a rank. */
  readonly all: NonNullable<Contributor['periods']['all']>;
  readonly activity: ContributorActivity;
}

/** @throws SiteError for somebody without a rank */
export function readSources(username: string): Sources {
  const profile = readDocument('contributor', { username });
  const { all } = profile.periods;
  if (!all) throw new SiteError(`${username} has a page and no rank: run npm run report again.`);
  return { profile, all, activity: readDocument('contributor_activity', { username }) };
}

/**
 * The files to share of a person with a page: badge, card, feed, and of the first ones a picture.
 * @param place from 0, among the people with a page
 */
export function filesOfPerson(username: string, place: number): ManyFile[] {
  const sources = readSources(username);
  const badge = badgeOf(sources.all);
  const hasPicture = place < readIndex().og_images;
  return [
    { path: badgePath(username), content: drawBadge(badge) },
    { path: endpointPath(username), content: shieldsEndpoint(badge) },
    { path: cardPath(username), content: cardOf(sources) },
    { path: personFeed(username), content: feedOf(sources) },
    ...(hasPicture ? [{ path: personPicture(username), content: toPng(pictureOf(sources)) }] : []),
  ];
}

/** A score, whole; with a `+` if not all of it is known. */
const scoreOf = ({ total_score, unknown_kinds }: Sources['all']): string =>
  `${formatCount(total_score)}${unknown_kinds.length > 0 ? '+' : ''}`;

/** What the badge of a person says. */
export function badgeOf(all: Sources['all']): BadgeText {
  const share = Math.max(1, Math.ceil((all.rank / all.total) * 100));
  return {
    label: 'contributor',
    message: `#${formatCount(all.rank)} of ${formatCount(all.total)} · ${scoreOf(all)} points · top ${share}%`,
  };
}

function trendOf({ weeks, data_until, generated_at }: ContributorActivity): number[] {
  const last = mondayOf(new Date(data_until ?? generated_at));
  const totals = new Map(weeks.map(({ week, total }) => [week, total]));
  return Array.from(
    { length: WEEKS },
    (_, place) => totals.get(dateOf((last - 7 * (WEEKS - 1 - place)) * DAY_MS)) ?? 0,
  );
}

function cardOf({ profile, all, activity }: Sources): string {
  const { username, display_name } = profile.contributor;
  return drawCard({
    name: display_name ?? username,
    login: username,
    rank: all.rank,
    total: all.total,
    score: scoreOf(all),
    points: all.points,
    weeks: trendOf(activity),
    until: profile.data_until ?? profile.generated_at,
    isSample: profile.sample,
  });
}

/** The SVG of the picture of a person. */
export function pictureOf({ profile, all, activity }: Sources): string {
  const { username, display_name } = profile.contributor;
  const { periods, data_until, generated_at, sample } = profile;
  const { title, periods: order } = readIndex();
  const name = drawable(display_name ?? username, username);
  const ranks = order.flatMap((period) => {
    const own = periods[period];
    return own ? [{ label: periodLabel(period), rank: own.rank }] : [];
  });
  return drawPerson({
    site: drawable(title, 'Contributor leaderboard'),
    ...{ name, login: username, initials: initials(username, name), ranks: ranks.slice(0, 4) },
    note: `${scoreOf(all)} points · until ${formatDay(data_until ?? generated_at)}${sample ? ' · sample data' : ''}`,
    points: all.points,
    weeks: trendOf(activity),
  });
}

/** The feed of a person: an entry for each day with contributions. */
function feedOf({ profile, activity }: Sources): string {
  const { username, display_name } = profile.contributor;
  const { title, url, data_until, generated_at, sample } = readIndex();
  const page = publishedUrl(href(contributorPath(username)));
  const days = Map.groupBy(activity.recent, ({ occurred_at }) => occurred_at.slice(0, 10));
  const entries = [...days].slice(0, DAYS).map(([day, recent]): FeedEntry => {
    const points = recent.reduce((sum, one) => sum + one.points, 0);
    return {
      id: tagUri(url, day, `contributors/${username}`),
      title: `${plural(recent.length, 'contribution')}, ${formatScore(points)} points on ${formatDay(day)}`,
      link: page,
      updated: recent[0]?.occurred_at ?? `${day}T00:00:00.000Z`,
      text: describeDay(recent),
    };
  });
  return writeFeed({
    title: `${display_name ?? username} · ${title}${sample ? ' (sample data)' : ''}`,
    page,
    self: publishedUrl(href(personFeed(username))),
    author: display_name ?? username,
    made: data_until ?? generated_at,
    entries,
  });
}

function describeDay(recent: ContributorActivity['recent']): string {
  const kinds = Map.groupBy(recent, ({ kind }) => kind);
  const counts = [...kinds].map(
    ([kind, own]) => `${kindText(kind).label.toLowerCase()} ${own.length}`,
  );
  const repositories = [...new Set(recent.map(({ repository }) => repository))];
  const more = repositories.length > NAMED ? ', …' : '';
  return `${counts.join(', ')} in ${repositories.slice(0, NAMED).join(', ')}${more}`;
}
