import { nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import { formatMonth } from '../../../pipeline/domain/months.ts';
import type { Month, Months } from '../../../pipeline/published/documents.ts';
import { formatCount, formatDay, formatShare, plural } from '../lib/format.ts';
import { attribute, type Html, html } from '../lib/html.ts';
import { monthPath } from '../lib/paths.ts';
import { bumpPlot } from './bump.ts';
import { monthChart } from './month-chart.ts';
import { firstMerged, newcomers, releases } from './month-events.ts';
import type { MonthSite } from './month-person.ts';
import { firstByRepository, firstPlaces, places, rises } from './month-places.ts';
import { boardSource } from './source-line.ts';

type MonthRow = Months['months'][number];

/** The page of a month of the calendar. */
export interface MonthView {
  readonly month: Month;
  /** All months that have a page, newest first. */
  readonly all: Months['months'];
  /** The address of the document. */
  readonly json: string;
}

export function monthBody(site: MonthSite, view: MonthView): Html {
  const { month, all, json } = view;
  const until = all.filter((one) => one.month <= month.month).slice(0, 12);
  return html`${head(site, view)}${figures(view)}<div class="grid">
    ${ranks(site, month)}${firstPlaces(site, month)}${places(site, month)}
    ${rises(site, month)}${newcomers(site, month)}${firstMerged(site, month)}
    ${firstByRepository(site, month)}${releases(site, month)}
    ${monthChart(until.toReversed(), html`<span>Months of the calendar, UTC; the board of the month is of the last 30 days.</span><span><a href="${site.base}months/">All months</a></span>`)}</div>
    ${boardSource(site.base, {
      known: month.coverage / 100,
      gaps: [],
      links: [{ label: 'JSON', href: json }],
    })}`;
}

function head(site: MonthSite, { month: own, all }: MonthView): Html {
  const name = formatMonth(own.month);
  return html`<p class="crumb"><a href="${site.base}months/">Months</a></p><header class="board-top month-head"><div><h1>${name}</h1>
    <p>${describeState(own)}</p></div>${pager(site, own.month, all)}</header>
    ${own.corrections.map(({ on, what }) => html`<p class="warning"><b>Corrected on ${formatDay(on)}.</b> <span dir="auto">${what}</span></p>`)}
    ${own.closed_at === null && own.waits_for.length > 0 && isOver(own) && html`<p class="warning">${describeWaiting(own.waits_for)}</p>`}`;
}

const isOver = ({ generated_at, closes_at }: Month): boolean => generated_at >= closes_at;

function describeState(month: Month): Html {
  const { closed_at, closes_at, data_until, generated_at } = month;
  const day = (at: string) => html`<time datetime="${at}">${formatDay(at)}</time>`;
  if (closed_at !== null)
    return html`A permanent page: closed on ${day(closed_at)}, it changes no more, but for a correction with its date.`;
  const until = html`Counted up to ${day(data_until ?? generated_at)}, and anew with each run. Nobody is called first`;
  return isOver(month)
    ? html`${until} before it closes.`
    : html`${until} before it closes on ${day(closes_at)}.`;
}

/** Names of repositories that are shown. */
const NAMED = 3;

function describeWaiting(names: readonly string[]): Html {
  const more = names.length - NAMED;
  return html`It waits until all of it is read of ${names.slice(0, NAMED).map((name, place) => html`${place > 0 && ', '}<bdi>${name}</bdi>`)}${more > 0 && ` and ${plural(more, 'other repository', 'other repositories')}`}.`;
}

/** The month before, this one and the next, as far as they have a page. */
function pager({ base }: MonthSite, month: string, all: MonthView['all']): Html | false {
  const place = all.findIndex((own) => own.month === month);
  const shown = [
    [all[place + 1]?.month, 'prev'],
    [month, null],
    [all[place - 1]?.month, 'next'],
  ] as const;
  const links = shown.flatMap(([own, rel]) => (own === undefined ? [] : [{ own, rel }]));
  if (links.length < 2) return false;
  const label = (own: string) => formatMonth(own).split(' ')[0];
  return html`<nav class="tabs" aria-label="Months"><ul>${links.map(
    ({ own, rel }) =>
      html`<li><a href="${base}${monthPath(own)}"${attribute('rel', rel)}${attribute('aria-current', rel === null && 'page')}>${rel === 'prev' && '‹ '}${label(own)}${rel === 'next' && ' ›'}</a>`,
  )}</ul></nav>`;
}

function figures({ month, all }: MonthView): Html {
  const { previous, newcomers: came, releases: released } = month;
  const before = all.find((own) => own.month === previous?.month);
  const name = previous && (formatMonth(previous.month).split(' ')[0] ?? null);
  const cell = (label: string, value: string, remark: Html | string | false) =>
    html`<div><dt>${label}</dt><dd${value === '–' && html` class="none"`}>${value} <span class="sub">${remark}</span></dd></div>`;
  const repositories = new Set(released.first.map(({ repository }) => repository)).size;
  return html`<dl class="figs">
    ${cell('Contributions', formatCount(month.contributions), previous ? change(month, previous.contributions, { name, before }) : 'of all kinds')}
    ${cell('People', formatCount(month.people), previous ? `${formatCount(previous.people)} in ${name}` : 'contributed')}
    ${cell('Newcomers', came ? formatCount(came.total) : '–', newcomersBefore(came, before?.newcomers, name))}
    ${cell('Releases', formatCount(released.total), released.total > 0 && released.total === released.first.length && `in ${plural(repositories, 'repository', 'repositories')}`)}
    ${cell('Known', formatShare(month.coverage / 100), describeUnknown(month))}</dl>`;
}

function newcomersBefore(
  came: Month['newcomers'],
  before: number | null | undefined,
  name: string | null | undefined,
): string {
  if (!came) return 'too little is known of before';
  return typeof before === 'number' ? `${formatCount(before)} in ${name}` : 'never seen before';
}

/** The month before may have had kinds that are not known of this one, or fewer. */
function change(
  { contributions: now, unknown_kinds }: Month,
  last: number,
  { name, before }: { readonly name: string | null; readonly before: MonthRow | undefined },
): Html | string {
  const share = Math.round((now / last - 1) * 100);
  if (before && before.unknown_kinds.join() !== unknown_kinds.join())
    return `${formatCount(last)} in ${name}, of other kinds`;
  if (last === 0 || share === 0) return `${formatCount(last)} in ${name}`;
  const text = `${share > 0 ? '+' : '−'}${formatCount(Math.abs(share))}%`;
  return html`<span class="${share > 0 ? 'up' : 'down'}" title="${formatCount(last)} in ${name}">${text}</span> on ${name}`;
}

function describeUnknown({ unknown_kinds: kinds, repositories }: Month): string {
  if (kinds.length === 0) return `of ${plural(repositories.length, 'repository', 'repositories')}`;
  const names = kinds.length > 2 ? 'not all kinds' : nameKinds(kinds).toLowerCase();
  const lacking = repositories.filter(({ unknown_kinds: own }) => own.length > 0).length;
  const whose =
    lacking === repositories.length ? '' : ` of ${plural(lacking, 'repository', 'repositories')}`;
  return kinds.length > 2 ? `${names} of all repositories` : `${names}${whose} missing`;
}

/** How the first ten came there: nothing before there are three months. */
function ranks(site: MonthSite, { ranks: own, places: all, closed_at }: Month): Html | false {
  const first = own.months[0];
  if (own.months.length < 3 || first === undefined || own.people.length === 0) return false;
  const lines = own.people.flatMap((line, place) => {
    const person = all[place];
    return person
      ? [{ username: person.username, href: site.personOf(person.username).href, ranks: line }]
      : [];
  });
  const last = formatMonth(own.months.at(-1) ?? first);
  return html`<figure class="fig g12 month-bump"><header><div><h2>${closed_at === null ? 'Where the first ten come from' : 'How the first ten came there'}</h2>
    <p>Rank of each month, ${formatMonth(first)} to ${last}. A line from below comes from past #14.</p></div></header>
    ${bumpPlot(lines, `Ranks of the first ten of ${last} over ${own.months.length} months`)}
    <p class="bump-days">${own.months.map((month) => html`<time datetime="${month}">${formatMonth(month).slice(0, 3)}</time>`)}</p></figure>`;
}
