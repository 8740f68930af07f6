import { LINES_SHOWN } from '../../../pipeline/published/sizes.ts';
import { type Event, type EventDay, type EventLine, groupByDay } from '../lib/events.ts';
import { capitalise, formatScore, formatWeekday, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { eventLabel, groupOf, kindText } from '../lib/kinds.ts';
import { outsideHref, type SiteFacts } from '../lib/site.ts';

/** The contributions of a person behind a score, by day. */

type LinkSite = Pick<SiteFacts, 'sample'>;

/** The latest days that together have as many lines as are shown at first: more would hide the end of the page. */
export function firstDays(events: readonly Event[]): EventDay[] {
  const shown: EventDay[] = [];
  let lines = 0;
  for (const day of groupByDay(events)) {
    const own = day.lines.slice(0, LINES_SHOWN - lines);
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

/** What has no title is named by its kind and number, and has the repository beneath. */
function item(site: LinkSite, { event, count, points }: EventLine): Html {
  const link = outsideHref(site, event.url);
  const [what, label] = [whatOf(event, count), labelOf(event)];
  const title = html`<bdi>${event.title ?? `${what}${label && ` ${label}`}`}</bdi>`;
  const where = html`<bdi>${event.repository}</bdi>${event.title !== null && label && ` ${label}`}`;
  const at = event.occurred_at.slice(11, 16);
  return html`<li><i class="dot c-${groupOf(event.kind)}"></i><p>${link ? html`<a href="${link}">${title}</a>` : html`<b>${title}</b>`}
    <small>${event.title !== null && `${what} · `}${where}</small></p>
    <time>${at}</time><b>+${formatScore(points)}</b>`;
}

const labelOf = ({ event_id, number }: Event): string =>
  number === undefined ? (eventLabel(event_id) ?? '') : `#${number}`;

function whatOf({ kind }: Event, count: number): string {
  const { one, label } = kindText(kind);
  return count === 1 ? capitalise(one) : `${count} ${label.toLowerCase()}`;
}
