import type { Costs } from '../../../pipeline/published/documents.ts';
import { DAY_MS, dateOf, formatRange } from '../lib/format.ts';
import type { Html } from '../lib/html.ts';
import { columnMarks, drawChart, listMonthTicks, listTicks } from './chart.ts';

/** Spending by day, with the daily limit as a line where it can be seen; there is at least one day. */
export function costChart({ days, daily }: Pick<Costs, 'days' | 'daily'>): Html {
  const times = days.map(({ date }) => Date.parse(date));
  const [start, end] = [Math.min(...times), Math.max(...times) + DAY_MS];
  const spent = Math.max(0.01, ...days.map(({ usd }) => usd));
  const showLimit = daily.limit_usd > 0 && daily.limit_usd <= spent * 4;
  const most = showLimit ? Math.max(spent, daily.limit_usd) : spent;
  const at = (time: number) => Math.round((time - start) / DAY_MS);
  return drawChart({
    label: `Cost by day: US dollars on each of ${days.length} days.`,
    columns: at(end),
    marks: [
      columnMarks(
        'r2',
        days.map(({ usd }, place) => ({ at: at(times[place] ?? start), from: 0, to: usd })),
        most,
      ),
    ],
    values: listTicks(most).map((value) => ({ at: value / most, text: `$${value.toFixed(2)}` })),
    times: listTimes(start, end).map(({ time, text }) => ({ at: at(time), text })),
    limit: showLimit ? daily.limit_usd / most : undefined,
  });
}

/** The months that begin; where none does, the first day and the last. */
function listTimes(start: number, end: number) {
  const months = listMonthTicks(start, end);
  const day = (time: number) => ({ time, text: formatRange(dateOf(time), dateOf(time)) });
  return months.length > 0 ? months : [day(start), day(end - DAY_MS)];
}
