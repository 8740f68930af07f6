import type { RepositoryActivity } from '../../../pipeline/published/documents.ts';
import { formatCount } from '../lib/format.ts';
import { attribute, type Html, html } from '../lib/html.ts';
import type { SiteFacts } from '../lib/site.ts';
import { figure } from './figure.ts';
import { avatar } from './person-marks.ts';

type Pictures = Pick<SiteFacts, 'base' | 'avatars'>;

/** Who reviews whom, as a table: a row for each reviewer. Nothing where nobody does. */
export function reviewMatrix(site: Pictures, { reviews }: RepositoryActivity): Html | null {
  const { usernames, counts } = reviews;
  const most = Math.max(0, ...counts.flat());
  if (most === 0) return null;
  // The darkest of the four steps begins at three quarters of the most.
  const step = (count: number) => Math.min(4, 1 + Math.floor((4 * count) / most));
  const cell = (count: number, isOwn: boolean) =>
    isOwn
      ? html`<td class="self"><span class="sr-only">own</span>`
      : html`<td${attribute('class', count > 0 && `s${step(count)}`)}>${formatCount(count)}`;
  const picture = (username: string) =>
    avatar(site, { username, display_name: null, github_id: null });
  return figure({
    title: 'Who reviews whom',
    text: `Reviews in 12 months among the first ${formatCount(usernames.length)} of the year.`,
    plot: html`<div class="scroll" tabindex="0" role="region" aria-label="Who reviews whom"><table class="mx">
      <caption class="sr-only">Reviews given, by reviewer and author</caption>
      <thead><tr><th>Reviewer ↓ author →${usernames.map((username) => html`<th title="${username}">${picture(username)}<span class="sr-only">${username}</span>`)}</tr></thead>
      <tbody>${usernames.map((username, row) => html`<tr><th><bdi>${username}</bdi>${usernames.map((_, column) => cell(counts[row]?.[column] ?? 0, row === column))}`)}</tbody></table></div>`,
    width: 4,
  });
}
