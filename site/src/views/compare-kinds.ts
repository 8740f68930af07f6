import type { Compared, Parts } from '../lib/compared.ts';
import { type Html, html } from '../lib/html.ts';
import { GROUPS } from '../lib/kinds.ts';
import { lineClass } from './compare-marks.ts';

/**
 * Points by kind, or contributions where a repository is among them: a bar for each, all on one scale.
 * @param span the period in words
 */
export function compareKinds(compared: readonly Compared[], span: string): Html {
  const points = compared.flatMap((one) => (one.points ? [one.points] : []));
  const areAllPeople = points.length === compared.length;
  const parts = areAllPeople ? points : compared.map(({ counts }) => counts);
  const most = Math.max(1, ...parts.flat().map(({ size }) => size));
  const groups = GROUPS.flatMap(({ id, label }, group) => {
    const own = parts.map((one) => one[group]).filter((part) => part !== undefined);
    const hasLines = id !== 'lines' || areAllPeople;
    return hasLines && own.some(({ text }) => text !== '0')
      ? [
          html`<li><h3><i class="dot c-${id}"></i>${label}</h3><ul>${own.map((part, place) => bar(compared, part, place, most))}</ul></li>`,
        ]
      : [];
  });
  return html`<section class="g5 bars"><h2>${areAllPeople ? 'Points' : 'Contributions'} by kind, ${span}</h2>
    <p class="lead-s">All bars have one scale.</p><ul>${groups}</ul></section>`;
}

function bar(
  compared: readonly Compared[],
  { text, size }: Parts[number],
  place: number,
  most: number,
): Html {
  // What is there is seen, however little it is.
  const width = size > 0 ? Math.max(0.5, Math.round((1000 * size) / most) / 10) : 0;
  return html`<li><span class="sr-only"><bdi>${compared[place]?.label}</bdi>: </span>
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><path class="${lineClass(place)}" d="M0 4h${width}"/></svg><span>${text}</span></li>`;
}
