import {
  describeFindings,
  type Find,
  type Findings,
  type Found,
  openSearch,
} from './search-source.ts';

/** The search field of every page: a combobox with a list, as the ARIA practices describe it. */
const root = document.querySelector<HTMLElement>('[data-search]');
if (root) setUp(root);

function setUp(root: HTMLElement): void {
  const input = root.querySelector('input') as HTMLInputElement;
  const list = root.querySelector('[role=listbox]') as HTMLUListElement;
  const status = root.querySelector('[data-search-status]') as HTMLElement;
  let find: Promise<Find> | undefined;
  let active = -1;

  const options = () => [...list.querySelectorAll<HTMLElement>('[role=option]')];

  function open(): Promise<Find> {
    find ??= openSearch(root.dataset.search ?? '', root.dataset.base ?? '/');
    // The next key retries a failed fetch.
    find.catch(() => {
      find = undefined;
    });
    return find;
  }

  function close(): void {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    choose(-1);
  }

  function choose(place: number): void {
    active = place;
    for (const [index, option] of options().entries())
      option.setAttribute('aria-selected', String(index === place));
    const option = options()[place];
    option?.scrollIntoView({ block: 'nearest' });
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
  }

  async function update(): Promise<void> {
    const text = input.value;
    if (text.trim() === '') return close();
    try {
      const found = (await open())(text);
      // More may have been typed while the index was fetched.
      if (text === input.value) show(found);
    } catch {
      status.textContent = 'Search is not available now.';
    }
  }

  function show(findings: Findings): void {
    const { best, total } = findings;
    const text = describeFindings(findings);
    list.replaceChildren(
      ...best.map(toOption),
      ...(best.length < total || total === 0 ? [note(text)] : []),
    );
    list.hidden = false;
    input.setAttribute('aria-expanded', String(best.length > 0));
    status.textContent = text;
    choose(best.length > 0 ? 0 : -1);
  }

  function move(event: KeyboardEvent, by: number): void {
    event.preventDefault();
    const count = options().length;
    if (list.hidden) void update();
    else if (count > 0) choose((active + by + count) % count);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') move(event, 1);
    else if (event.key === 'ArrowUp') move(event, -1);
    else if (event.key === 'Enter') options()[active]?.querySelector('a')?.click();
    else if (event.key === 'Escape') leave();
  }

  function leave(): void {
    if (list.hidden) input.blur();
    close();
    input.value = '';
  }

  input.addEventListener('focus', () => void open().catch(() => undefined), { once: true });
  input.addEventListener('input', () => void update());
  input.addEventListener('keydown', onKey);
  root.addEventListener('focusout', (event) => {
    if (!root.contains(event.relatedTarget as Node | null)) close();
  });
  document.addEventListener('keydown', (event) => focusOnSlash(event, input));
}

function toOption({ label, detail, href }: Found, place: number): HTMLLIElement {
  const option = document.createElement('li');
  option.id = `found-${place}`;
  option.setAttribute('role', 'option');
  const link = document.createElement('a');
  link.href = href;
  link.tabIndex = -1;
  const name = document.createElement('span');
  name.dir = 'auto';
  name.textContent = label;
  const small = document.createElement('small');
  small.textContent = detail;
  link.append(name, small);
  option.append(link);
  return option;
}

/** Not an option: hidden from screen readers, because the status says the same. */
function note(text: string): HTMLLIElement {
  const item = document.createElement('li');
  item.className = 'note';
  item.ariaHidden = 'true';
  item.textContent = text;
  return item;
}

function focusOnSlash(event: KeyboardEvent, input: HTMLInputElement): void {
  const target = event.target as HTMLElement;
  const isTyping = target.closest('input, textarea, select, [contenteditable]') !== null;
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
  input.select();
}
