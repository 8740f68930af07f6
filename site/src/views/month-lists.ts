import { nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import { formatMonth } from '../../../pipeline/domain/months.ts';
import type { Month } from '../../../pipeline/published/documents.ts';
import { formatCount, formatRange, formatScore, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { KINDS, kindText } from '../lib/kinds.ts';
import { outsideHref } from '../lib/site.ts';
import {
  type Line,
  type MonthPerson,
  type MonthSite,
  personLink,
  repositoryName,
  roll,
} from './month-person.ts';

/** The lists of a month: who was first, who rose, who came, what was released. */

const SHOWN = 6;
const WIDE = 9;

/** `2 Oct`: the year is that of the month. */
const dayOf = (on: string): Html => html`<time datetime="${on}">${formatRange(on, on)}</time>`;

interface First {
  readonly people: readonly MonthPerson[];
  readonly tied: number;
}

/** Those who share a place: the first three, and how many more. */
const namesOf = (site: MonthSite, { people, tied }: First): Html =>
  html`${people.map((person, place) => html`${place > 0 && ', '}${personLink(site, person)}`)}${tied > people.length && ` and ${tied - people.length} more`}`;

const firstLine = (
  site: MonthSite,
  first: First,
  below: Html | string,
  value: Html | string,
): Line => ({
  person: first.people[0] ?? null,
  text: namesOf(site, first),
  below,
  value,
});

/** Who was first by points and by each kind; nobody in a month that goes on. */
export function firstPlaces(site: MonthSite, month: Month): Html | false {
  if (month.closed_at === null) return false;
  const all = month.places.filter(({ rank }) => rank === 1);
  const byKind = new Map(month.first_by_kind.map((one) => [one.kind, one]));
  const lines = KINDS.flatMap(({ kind, label }): Line[] => {
    const one = byKind.get(kind);
    return one ? [firstLine(site, one, label, formatCount(one.count))] : [];
  });
  const best = all[0] && { people: all.slice(0, 3), tied: all.length };
  return roll(site, {
    title: 'First places',
    text: `Points of all repositories together, and contributions of each kind.${describeUnknown(month)}`,
    lines: best
      ? [firstLine(site, best, 'All points', scoreText(all[0]?.score ?? 0)), ...lines]
      : lines,
    empty: 'Nobody contributed in this month.',
    shown: KINDS.length + 1,
    isWide: true,
  });
}

const describeUnknown = ({ unknown_kinds: kinds }: Month): string =>
  kinds.length === 0
    ? ''
    : ` Nobody is called first by what is not known in full: ${nameKinds(kinds).toLowerCase()}.`;

const scoreText = (score: number): Html | string =>
  Number.isInteger(score)
    ? formatCount(score)
    : html`<span title="${formatScore(score)}">${formatCount(score)}</span>`;

/** The board of the month, its first 25. */
export const places = (site: MonthSite, { places: all, closed_at, people }: Month): Html =>
  roll(site, {
    title: closed_at === null ? 'The board so far' : `The first ${all.length}`,
    text: `By points in all repositories together, of ${plural(people, 'person', 'people')}.`,
    lines: all.map(({ rank, score, contributions, ...person }) => ({
      person,
      text: personLink(site, person),
      below: `#${formatCount(rank)} · ${plural(contributions, 'contribution')}`,
      value: scoreText(score),
    })),
    empty: 'Nobody has points in this month.',
    shown: WIDE,
    isWide: true,
  });

/** Nothing where the month before cannot be compared with. */
export const rises = (site: MonthSite, { rises: all, previous }: Month): Html | false =>
  all !== null &&
  previous !== null &&
  roll(site, {
    title: 'Biggest rises',
    text: `Places won since ${formatMonth(previous.month).split(' ')[0]}, within the first hundred.`,
    lines: all.map(({ rank, previous_rank, ...person }) => ({
      person,
      text: personLink(site, person),
      below: `#${formatCount(previous_rank)} → #${formatCount(rank)}`,
      value: html`<i class="u">${formatCount(previous_rank - rank)}</i>`,
    })),
    empty: 'Nobody rose.',
    shown: SHOWN,
  });

export const newcomers = (site: MonthSite, { newcomers: all }: Month): Html =>
  roll(site, {
    title: 'Welcome, newcomers',
    text: 'Their first contribution to any of the repositories.',
    lines: (all?.first ?? []).map((one) => ({
      person: one,
      text: personLink(site, one),
      below: html`${kindText(one.kind).label} · ${repositoryName(site, one.repository)}`,
      value: dayOf(one.on),
    })),
    ...(all && { total: all.total }),
    empty: all ? 'Nobody new in this month.' : 'Not known: too little was read before this month.',
    shown: SHOWN,
  });

export const firstMerged = (site: MonthSite, { first_merged: all }: Month): Html =>
  roll(site, {
    title: 'First merged pull requests',
    text: 'Each of these people had none before.',
    lines: (all?.first ?? []).map((one) => ({
      person: one,
      text: personLink(site, one),
      below: html`${titleOf(site, one)}${repositoryName(site, one.repository)}${one.number !== null && ` #${one.number}`}`,
      value: dayOf(one.on),
    })),
    ...(all && { total: all.total }),
    empty: all ? 'None in this month.' : 'Not known: too little was read before this month.',
    shown: SHOWN,
  });

function titleOf(site: MonthSite, { title, url }: { title: string | null; url: string | null }) {
  if (title === null) return null;
  const link = outsideHref(site, url);
  const text = html`<bdi>${title}</bdi>`;
  return html`${link ? html`<a href="${link}">${text}</a>` : text} · `;
}

export const firstByRepository = (site: MonthSite, month: Month): Html | false =>
  month.closed_at !== null &&
  month.first_by_repository.length > 1 &&
  roll(site, {
    title: 'First in each repository',
    text: 'By points of the month.',
    lines: month.first_by_repository.map((one) =>
      firstLine(site, one, repositoryName(site, one.repository), scoreText(one.score)),
    ),
    empty: '',
    shown: 24,
    isWide: true,
  });

export const releases = (site: MonthSite, { releases: all }: Month): Html =>
  roll(site, {
    title: all.total === 0 ? 'Releases' : plural(all.total, 'release'),
    text: all.total === 0 ? undefined : 'The latest first, those made by bots among them.',
    lines: all.first.map((one) => ({
      person: one.username === null ? null : { username: one.username, display_name: null },
      text: releaseName(site, one),
      below: html`${repositoryName(site, one.repository)}${one.username !== null && html` · ${personLink(site, { username: one.username, display_name: null })}`}`,
      value: dayOf(one.on),
    })),
    total: all.total,
    empty: 'None in this month.',
    shown: WIDE,
    isWide: true,
  });

function releaseName(
  site: MonthSite,
  { title, tag, url }: Month['releases']['first'][number],
): Html {
  const link = outsideHref(site, url);
  const text = html`<bdi>${title || tag || 'Release'}</bdi>`;
  return link ? html`<a href="${link}">${text}</a>` : text;
}
