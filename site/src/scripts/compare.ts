import { compareHref, MOST_COMPARED, readChoice } from '../lib/compare-address.ts';
import { html } from '../lib/html.ts';
import type { Period } from '../lib/site.ts';
import { chosenList, compareBody } from '../views/compare.ts';
import { watchCharts } from './charts.ts';
import { type CompareFacts, readAnswers } from './compare-source.ts';
import { makeField, openNames } from './search.ts';
import type { Find } from './search-source.ts';

/** The page that compares: shows who stands in its address, and leads to addresses with another choice. */

async function show(root: HTMLElement, facts: CompareFacts): Promise<void> {
  const { names, leftOut, period } = readChoice(location.search);
  if (names.length === 0) return openPicker(root, facts, [], period);
  part(root, 'shown').innerHTML = '';
  const answers = await readAnswers(facts, names, period);
  const compared = answers.flatMap((answer) => ('compared' in answer ? [answer.compared] : []));
  // A former and a present login are one person.
  const different = [...new Map(compared.map((one) => [one.name, one])).values()];
  say(root, [
    ...answers.flatMap((answer) => ('words' in answer ? [answer.words] : [])),
    ...(leftOut.length > 0 ? [`Only the first ${MOST_COMPARED} are compared.`] : []),
    ...(different.length === 1 ? ['Add a second one to compare with.'] : []),
  ]);
  const chosen = different.map(({ name }) => name);
  part(root, 'chosen').innerHTML = chosenList(facts.site.base, different, period).text;
  openPicker(root, facts, chosen, period);
  const shown = part(root, 'shown');
  if (different.length === 0) return;
  offerLink(part(root, 'copy'), compareHref(facts.site.base, chosen, period));
  shown.innerHTML = compareBody(facts.site, different, period).text;
  watchCharts(shown);
  document.title = `${different.map(({ label }) => label).join(', ')} · ${document.title}`;
}

const part = (root: HTMLElement, name: string): HTMLElement =>
  root.querySelector(`[data-${name}]`) as HTMLElement;

/** A button that copies the address of what is shown, by present names. */
function offerLink(button: HTMLElement, href: string): void {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const { href: whole } = new URL(href, location.href);
    const isDone = await navigator.clipboard.writeText(whole).then(
      () => true,
      () => false,
    );
    button.textContent = isDone ? 'Copied' : 'Copy it from the address bar';
  });
}

const say = (root: HTMLElement, sentences: readonly string[]): void => {
  part(root, 'words').innerHTML = html`${sentences.map((text) => html`<p>${text}</p>`)}`.text;
};

/** The site's search, whose results lead to this page with one more. */
function openPicker(
  root: HTMLElement,
  { site, search }: CompareFacts,
  chosen: readonly string[],
  period: Period,
) {
  const picker = part(root, 'picker');
  picker.hidden = chosen.length >= MOST_COMPARED;
  const withHref = (find: Find): Find => {
    return (text) => {
      const { best, total } = find(text);
      const href = (name = '') => compareHref(site.base, [...chosen, name], period);
      return { best: best.map((found) => ({ ...found, href: href(found.name) })), total };
    };
  };
  const words = { label: 'Add a contributor or repository', placeholder: 'Add a name' };
  makeField(picker, { ...words, list: 'picker-list' }, async () =>
    withHref(await openNames(search, site.base)),
  );
}

const root = document.querySelector<HTMLElement>('[data-compare]');
if (root) {
  const facts: CompareFacts = JSON.parse(root.dataset.compare ?? '');
  show(root, facts).catch(() => say(root, ['It could not be fetched; try again.']));
}
