import type { Cell, Compared, Measure } from '../lib/compared.ts';
import { type Html, html } from '../lib/html.ts';
import { subject } from './compare-marks.ts';

/** What is compared, side by side: one row for each measure that all of them have. */

interface Row extends Pick<Measure, 'group' | 'label' | 'best'> {
  readonly cells: readonly Cell[];
}

export function listRows(compared: readonly Compared[]): Row[] {
  const [first, ...others] = compared;
  return (first?.measures ?? []).flatMap(({ group, label, best, ...cell }) => {
    const cells = others.flatMap(
      ({ measures }) =>
        measures.find((other) => other.group === group && other.label === label) ?? [],
    );
    return cells.length === others.length ? [{ group, label, best, cells: [cell, ...cells] }] : [];
  });
}

/**
 * The place of the one that is first; -1 where nobody can be called so: two are equal, or the number
 * of somebody is not known, or is only the least that it can be.
 */
export function firstOf(cells: readonly Pick<Cell, 'value'>[], best: Measure['best']): number {
  const values = cells.map(({ value }) => value);
  const known = values.filter((value) => value !== null);
  if (best === null || known.length < values.length || known.length < 2) return -1;
  const value = best === 'most' ? Math.max(...known) : Math.min(...known);
  return known.indexOf(value) === known.lastIndexOf(value) ? known.indexOf(value) : -1;
}

export function compareTable(compared: readonly Compared[]): Html {
  const groups = [...Map.groupBy(listRows(compared), ({ group }) => group)];
  const head = (group: string) =>
    html`<tr class="part"><th scope="rowgroup" colspan="${compared.length + 1}">${group}</th></tr>`;
  return html`<section class="g7 side"><h2>Side by side</h2>
    <p class="lead-s">Bold is first: nobody where two are equal, or a number is not known (–) or may be higher (+).</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Side by side"><table class="led">
    <thead><tr><th scope="col"><span class="sr-only">Measure</span></th>${compared.map((one, place) => html`<th scope="col">${subject(one, place)}</th>`)}</tr></thead>
    ${groups.map(([group, rows]) => html`<tbody>${head(group)}${rows.map(tableRow)}</tbody>`)}</table></div></section>`;
}

function tableRow({ label, best, cells }: Row): Html {
  const first = firstOf(cells, best);
  return html`<tr><th scope="row">${label}</th>${cells.map(({ text }, place) => html`<td>${place === first ? html`<b>${text}</b>` : markText(text)}</td>`)}</tr>`;
}

/** Zero, not known and a lower bound are quieter than numbers. */
function markText(text: string): Html | string {
  if (text === '–' || text === '0' || text === 'none') return html`<span class="n">${text}</span>`;
  return text.endsWith('+') ? html`${text.slice(0, -1)}<span class="n">+</span>` : text;
}
