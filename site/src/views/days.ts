import { type Event, type EventDay, type EventLine, groupByDay } from '../lib/events.ts';
import { capitalise, formatScore, formatWeekday, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { eventLabel, groupOf, kindText } from '../lib/kinds.ts';
import { outsideHref, type SiteFacts } from '../lib/site.ts';

/** The contributions of a person behind a score, by day. */

type LinkSite = Pick<SiteFacts, 'sample'>;

/** Lines shown at first: more would hide the end of the page. */
const FIRST = 20;

/** The latest days that together have about as many lines as are shown at first. */
export function firstDays(events: readonly Event[]): EventDay[] {
  const shown: EventDay[] = [];
  let lines = 0;
  for (const day of groupByDay(events)) {
    const own = day.lines.slice(0, FIRST - lines);
    if (own.length === 0) break;
    shown.push({ ...day, lines: own });
    lines += own.length;
  }
  return shown;
}

export const days = (site: LinkSite, all: readonly EventDay[]): Html =>
  html`<div class="days">${all.map(
    ({ day, points, lines }) =>
      html`<h3><time datetime="${day}">${formatWeekday(day)}</time><small>+${plural(points, 'point')}</small></h3>
        <ul>${lines.map((line) => item(site, line))}</ul>`,
  )}</div>`;

function item(site: LinkSite, { event, count, points }: EventLine): Html {
  const link = outsideHref(site, event.url);
  const title = html`<bdi>${event.title ?? nameOf(event)}</bdi>`;
  const at = event.occurred_at.slice(11, 16);
  return html`<li><i class="dot c-${groupOf(event.kind)}"></i><p>${link ? html`<a href="${link}">${title}</a>` : html`<b>${title}</b>`}
    <small>${whatOf(event, count)} · ${whereOf(event)}</small></p>
    <time datetime="${event.occurred_at.slice(0, 10)}T${at}Z">${at}</time><b>+${formatScore(points)}</b>`;
}

/** What stands for a title that nobody has stated. */
const nameOf = (event: Event): string =>
  `${capitalise(kindText(event.kind).one)} ${labelOf(event)}`;

const labelOf = ({ event_id, number }: Event): string =>
  number === undefined ? (eventLabel(event_id) ?? '') : `#${number}`;

function whatOf({ kind }: Event, count: number): string {
  const { one, label } = kindText(kind);
  return count === 1 ? capitalise(one) : `${count} ${label.toLowerCase()}`;
}

const whereOf = (event: Event): Html =>
  html`<bdi>${event.repository}</bdi>${labelOf(event) && ` ${labelOf(event)}`}`;
