import type { Month } from '../../../pipeline/published/documents.ts';
import { formatRange, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { kindText } from '../lib/kinds.ts';
import { outsideHref } from '../lib/site.ts';
import { type MonthSite, personLink, repositoryName, roll } from './month-person.ts';

/** What happened in a month: who came, whose first pull request was merged, what was released. */

const SHOWN = 6;
const WIDE = 9;

/** `2 Oct`: the year is that of the month. */
const dayOf = (on: string): Html => html`<time datetime="${on}">${formatRange(on, on)}</time>`;

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
