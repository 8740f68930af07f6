import { type ExampleWeights, workExample } from '../lib/example.ts';
import { formatScore } from '../lib/format.ts';

/** On the scoring page: makes fields of the counts of the example, and works it again as they change. */

/** A field holds no more, and a score stays exact. */
const MOST = 1_000_000;

function upgrade(table: HTMLTableElement): void {
  const weights: ExampleWeights = JSON.parse(table.dataset.calculator ?? '');
  const fields = [...table.querySelectorAll<HTMLElement>('[data-count]')].map(makeField);
  const show = () => {
    const counts = Object.fromEntries(fields.map((field) => [field.name, readField(field)]));
    const { added = 0, deleted = 0 } = counts;
    const { parts, bonus, sum } = workExample(weights, { counts, added, deleted });
    for (const { kind, points } of parts) write(`[data-points="${kind}"]`, points);
    write('[data-points="lines"]', bonus);
    write('[data-example-sum]', sum);
  };
  const write = (selector: string, points: number) => {
    const place = table.querySelector(selector);
    if (place) place.textContent = formatScore(points);
  };
  table.addEventListener('input', show);
  // A browser keeps what was typed when a page is loaded again.
  show();
}

function makeField(cell: HTMLElement): HTMLInputElement {
  const field = document.createElement('input');
  Object.assign(field, { type: 'number', inputMode: 'numeric', min: '0', max: String(MOST) });
  field.name = cell.dataset.count ?? '';
  field.value = (cell.textContent ?? '').replaceAll(/\D/g, '');
  field.setAttribute('aria-label', cell.previousElementSibling?.textContent?.trim() ?? '');
  cell.replaceChildren(field);
  return field;
}

/** What is no whole number from 0 counts as the nearest one. */
const readField = ({ valueAsNumber }: HTMLInputElement): number =>
  Math.min(Math.max(Math.trunc(valueAsNumber) || 0, 0), MOST);

document.querySelectorAll<HTMLTableElement>('[data-calculator]').forEach(upgrade);
