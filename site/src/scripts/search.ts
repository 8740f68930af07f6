import type { Find, SitePage } from './search-source.ts';

/** What a field of names is called, and the id of the list that it opens. */
interface FieldWords {
  readonly label: string;
  readonly placeholder: string;
  readonly list: string;
}

/** A field that finds names; without this script it would do nothing. */
const field = ({ label, placeholder, list }: FieldWords): string =>
  `<svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
  <circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/></svg>
  <input type="text" role="combobox" aria-label="${label}" aria-autocomplete="list" aria-expanded="false" aria-controls="${list}" placeholder="${placeholder}" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go">
  <ul id="${list}" role="listbox" aria-label="Found" hidden></ul>
  <p class="sr-only" role="status" data-search-status></p>`;

/** The pages that the header and the footer lead to. */
const listPages = (): SitePage[] =>
  [...document.querySelectorAll<HTMLAnchorElement>('header nav a, footer a')]
    .filter(({ host }) => host === location.host)
    .map(({ textContent, href }) => ({ label: textContent?.trim() ?? '', href }));

/** `/` where nothing is typed, and Ctrl-K or Cmd-K everywhere. */
function focusOnKey(event: KeyboardEvent, input: HTMLInputElement): void {
  const { key, ctrlKey, metaKey, altKey } = event;
  const target = event.target as HTMLElement;
  const isTyping = target.closest('input, textarea, select, [contenteditable]') !== null;
  const isSlash = key === '/' && !isTyping && !ctrlKey && !metaKey;
  const isControlK = key.toLowerCase() === 'k' && (ctrlKey || metaKey) && !event.shiftKey;
  if (altKey || !(isSlash || isControlK)) return;
  event.preventDefault();
  input.focus();
  input.select();
}

/**
 * Makes a field, which searches when it is first used, and fetches only then what that takes: most
 * readers of a page do not search.
 * @param fetch opens what is searched
 */
export function makeField(
  root: HTMLElement,
  words: FieldWords,
  fetch: () => Promise<Find>,
): HTMLInputElement {
  root.innerHTML = field(words);
  const input = root.querySelector('input') as HTMLInputElement;
  const connect = async () => {
    const { SearchField } = await import('./search-field.ts');
    new SearchField(root, fetch);
  };
  let isConnected = false;
  input.addEventListener('focus', () => {
    if (isConnected) return;
    isConnected = true;
    connect().catch(() => {
      // The next focus tries again.
      isConnected = false;
      const status = root.querySelector('[data-search-status]');
      if (status) status.textContent = 'Search is not available now.';
    });
  });
  return input;
}

/** Opens the names of the site, and pages beside them. */
export async function openNames(
  url: string,
  base: string,
  pages: readonly SitePage[] = [],
): Promise<Find> {
  const { openSearch } = await import('./search-source.ts');
  return openSearch(url, base, pages);
}

/** The field in the header of every page, which finds its pages, too. */
function openHeader(root: HTMLElement): void {
  const { search = '', base = '/' } = root.dataset;
  const words = { label: 'Find a contributor or repository', placeholder: 'Find a name' };
  const input = makeField(root, { ...words, list: 'search-list' }, () =>
    openNames(search, base, listPages()),
  );
  input.insertAdjacentHTML('afterend', '<kbd aria-hidden="true">/</kbd>');
  document.addEventListener('keydown', (event) => focusOnKey(event, input));
}

const root = document.querySelector<HTMLElement>('[data-search]');
if (root) openHeader(root);
