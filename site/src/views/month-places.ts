import { nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import { formatMonth } from '../../../pipeline/domain/months.ts';
import type { Month } from '../../../pipeline/published/documents.ts';
import { formatCount, formatScore, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { KINDS } from '../lib/kinds.ts';
import {
  type Line,
  type MonthPerson,
  type MonthSite,
  personLink,
  repositoryName,
  roll,
} from './month-person.ts';

/** The places of a month: who was first, of all and by what, and who rose. */

const SHOWN = 6;
const WIDE = 9;

interface First {
  readonly people: readonly MonthPerson[];
  readonly tied: number;
}

/** Those who share a place: the first three, and how many more. */
const namesOf = (site: MonthSite, { people, tied }: First): Html =>
  html`${people.map((person, place) => html`${place > 0 && ' '}<span>${personLink(site, person)}${place < people.length - 1 && ','}</span>`)}${tied > people.length && ` and ${tied - people.length} more`}`;

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
