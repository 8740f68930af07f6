import type { Trends } from '../../../../pipeline/published/documents.ts';
import { DAY_MS, formatCount, formatRange, formatWeekday } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';
import { columnMarks, drawChart, listMonthTicks, listTicks } from '../chart.ts';
import { figure } from '../figure.ts';

type Day = Trends['days'][number];

/** Contributions by day; the last day goes on. */
export function dayCounts(days: readonly Day[]): Html | null {
  const over = days.slice(0, -1);
  const all = over.reduce((sum, { contributions }) => sum + contributions, 0);
  const [first, last] = [days[0], days.at(-1)];
  if (all === 0 || !first || !last) return null;
  const mean = formatCount(all / over.length);
  const partly = listPartly(days);
  const lacking = partly.length > 0 ? ' Hours of the hatched days are missing.' : '';
  return figure({
    title: `${mean} contributions a day`,
    text: `The mean of ${over.length} days up to ${formatRange(over.at(-1)?.date ?? '', over.at(-1)?.date ?? '')}.${lacking}`,
    plot: draw(days, partly),
    table: html`<table class="led values"><thead><tr><th scope="col">Day<th scope="col">Contributions</tr></thead>
      <tbody>${days.map(({ date, contributions }) => html`<tr><th>${formatWeekday(date)}<td>${formatCount(contributions)}`).toReversed()}</tbody></table>`,
    width: 4,
  });
}

/** The places of days of which hours are missing, as spans. */
function listPartly(days: readonly Day[]) {
  const spans: { from: number; to: number }[] = [];
  for (const [at, { missing_hours }] of days.entries()) {
    const last = spans.at(-1);
    if (missing_hours === 0) continue;
    if (last?.to === at) last.to = at + 1;
    else spans.push({ from: at, to: at + 1 });
  }
  return spans;
}

function draw(days: readonly Day[], bands: readonly { from: number; to: number }[]): Html {
  const most = Math.max(1, ...days.map(({ contributions }) => contributions));
  const start = Date.parse(days[0]?.date ?? '');
  const parts = days.map(({ contributions: to }, at) => ({ at, from: 0, to }));
  return drawChart({
    label: `Contributions on each of ${days.length} days`,
    columns: days.length,
    marks: [
      columnMarks('quiet', parts.slice(0, -1), most),
      columnMarks('quiet going', parts.slice(-1), most),
    ],
    values: listTicks(most, 1).map((value) => ({ at: value / most, text: formatCount(value) })),
    times: listMonthTicks(start, start + days.length * DAY_MS).map(({ time, text }) => ({
      at: (time - start) / DAY_MS,
      text,
    })),
    bands,
    lacking: '',
  });
}
