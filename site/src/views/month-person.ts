import type { PictureType } from '../../../pipeline/domain/picture.ts';
import { attribute, type Html, html } from '../lib/html.ts';
import type { SiteFacts } from '../lib/site.ts';
import { avatar } from './person-marks.ts';

/** People and lists on the page of a month. */

export interface MonthPerson {
  readonly username: string;
  readonly display_name: string | null;
}

/** What pages know of a person now: the months themselves name people alone. */
export interface KnownPerson {
  /** The address of their page; null: there is none. */
  readonly href: string | null;
  readonly github_id: number | null;
  /** The ending of the picture's file; absent: there is none. */
  readonly avatar?: PictureType | undefined;
}

export interface MonthSite
  extends Pick<SiteFacts, 'base' | 'sample' | 'avatars' | 'defaultPeriod'> {
  readonly personOf: (username: string) => KnownPerson;
  /** The addresses of repositories that have a page, by `owner/name`. */
  readonly tracked: ReadonlyMap<string, string>;
}

export const picture = (site: MonthSite, person: MonthPerson): Html =>
  avatar(site, { ...site.personOf(person.username), ...person });

export const personLink = (site: MonthSite, { username, display_name }: MonthPerson): Html =>
  html`<a${attribute('href', site.personOf(username).href)}${attribute('title', display_name !== null && username)}><bdi>${display_name ?? username}</bdi></a>`;

/** `owner/name`, with the name before its owner's in weight. */
export function repositoryName(site: MonthSite, fullName: string): Html {
  const text = html`<bdi>${fullName}</bdi>`;
  const href = site.tracked.get(fullName);
  return href === undefined ? text : html`<a href="${href}">${text}</a>`;
}

/** A line: a picture, what is said, what is said below it, and a value at its end. */
export interface Line {
  readonly person: MonthPerson | null;
  readonly text: Html;
  readonly below: Html | string;
  readonly value: Html | string;
}

const lineOf = (site: MonthSite, { person, text, below, value }: Line): Html =>
  html`<li>${person ? picture(site, person) : html`<i class="av none"></i>`}<p><b>${text}</b><small>${below}</small></p><span>${value}</span>`;

interface Roll {
  readonly title: string;
  readonly text?: string | undefined;
  readonly lines: readonly Line[];
  /** What is said where there is no line. */
  readonly empty: string;
  /** How many there are, if not all are lines. */
  readonly total?: number;
  /** Lines that are seen at once. */
  readonly shown: number;
  /** The whole width, in three columns; else a third. */
  readonly isWide?: boolean;
}

/** A list with a head; what is beyond its first lines opens below them. */
export function roll(site: MonthSite, list: Roll): Html {
  const { title, text, lines, empty, shown, total = lines.length, isWide = false } = list;
  const lists = (own: readonly Line[]) =>
    html`<ul class="roll${isWide ? ' wide-roll' : ''}">${own.map((line) => lineOf(site, line))}</ul>`;
  const rest = lines.slice(shown);
  const beyond = total - lines.length;
  return html`<section class="g${isWide ? 12 : 4}"><h2>${title}</h2>${text && html`<p class="note">${text}</p>`}
    ${lines.length === 0 ? html`<p class="note">${empty}</p>` : lists(lines.slice(0, shown))}
    ${
      rest.length > 0 &&
      html`<details class="more"><summary>${rest.length + beyond} more</summary>${lists(rest)}
      ${beyond > 0 && html`<p class="note">And ${beyond} that the document does not list.</p>`}</details>`
    }</section>`;
}
