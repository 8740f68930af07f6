import type { Costs } from '../../../pipeline/published/documents.ts';
import { drawSvg, Plot } from './plots.ts';

/** Spending by day, with the daily limit as a line where it can be seen. */
export function drawCosts({ days, daily }: Pick<Costs, 'days' | 'daily'>, width: number): string {
  const most = Math.max(0, ...days.map((day) => day.usd));
  const showLimit = daily.limit_usd > 0 && daily.limit_usd <= most * 4;
  return drawSvg(
    {
      width,
      height: 190,
      marginLeft: 44,
      marginRight: 16,
      marginBottom: 34,
      x: { type: 'utc', label: null },
      y: { label: null, grid: true, ticks: 4, tickFormat: '$.2f', tickSize: 0, zero: true },
      marks: [
        Plot.rectY(
          days.map((day) => ({ date: new Date(day.date), usd: day.usd })),
          {
            x: 'date',
            interval: 'day',
            y: 'usd',
            fill: 'var(--accent)',
            insetLeft: 1,
            insetRight: 1,
          },
        ),
        Plot.ruleY(showLimit ? [daily.limit_usd] : [], {
          stroke: 'var(--down)',
          strokeDasharray: '4 4',
        }),
        Plot.ruleY([0], { strokeOpacity: 0.4 }),
      ],
    },
    { label: 'Cost by day', description: `US dollars on each of ${days.length} days.` },
  );
}
