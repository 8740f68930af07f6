import { describeFindings, type Find, type Findings, type Found } from './search-source.ts';

/** A field that finds names: a combobox with a list, as the ARIA practices describe it. */
export class SearchField {
  readonly #root: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLUListElement;
  readonly #status: HTMLElement;
  readonly #fetch: () => Promise<Find>;
  #find: Promise<Find> | undefined;
  /** The place of the selected option; -1 if there is none. */
  #active = -1;

  /** @param fetch opens what is searched, when the field is first used */
  constructor(root: HTMLElement, fetch: () => Promise<Find>) {
    this.#root = root;
    this.#fetch = fetch;
    this.#input = root.querySelector('input') as HTMLInputElement;
    this.#list = root.querySelector('[role=listbox]') as HTMLUListElement;
    this.#status = root.querySelector('[data-search-status]') as HTMLElement;
    this.#listen();
  }

  #listen(): void {
    const input = this.#input;
    const prepare = () => void this.#open().catch(() => undefined);
    if (document.activeElement === input) prepare();
    else input.addEventListener('focus', prepare, { once: true });
    // What was typed before this script came.
    if (input.value !== '') void this.#update();
    input.addEventListener('input', () => void this.#update());
    input.addEventListener('keydown', (event) => this.#onKey(event));
    this.#root.addEventListener('focusout', (event) => {
      if (!this.#root.contains(event.relatedTarget as Node | null)) this.#close();
    });
  }

  get #options(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>('[role=option]')];
  }

  #open(): Promise<Find> {
    this.#find ??= this.#fetch();
    // The next key retries a failed fetch.
    this.#find.catch(() => {
      this.#find = undefined;
    });
    return this.#find;
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#choose(-1);
  }

  #choose(place: number): void {
    this.#active = place;
    const options = this.#options;
    for (const [index, option] of options.entries())
      option.setAttribute('aria-selected', String(index === place));
    const option = options[place];
    option?.scrollIntoView({ block: 'nearest' });
    if (option) this.#input.setAttribute('aria-activedescendant', option.id);
    else this.#input.removeAttribute('aria-activedescendant');
  }

  async #update(): Promise<void> {
    const text = this.#input.value;
    if (text.trim() === '') return this.#close();
    try {
      const found = (await this.#open())(text);
      // More may have been typed while the index was fetched.
      if (text === this.#input.value) this.#show(found);
    } catch {
      this.#status.textContent = 'Search is not available now.';
    }
  }

  #show(findings: Findings): void {
    const { best, total } = findings;
    const text = describeFindings(findings);
    this.#list.replaceChildren(
      ...best.map((found, place) => toOption(found, `${this.#list.id}-${place}`)),
      ...(best.length < total || total === 0 ? [note(text)] : []),
    );
    this.#list.hidden = false;
    this.#input.setAttribute('aria-expanded', String(best.length > 0));
    this.#status.textContent = text;
    this.#choose(best.length > 0 ? 0 : -1);
  }

  #move(event: KeyboardEvent, by: number): void {
    event.preventDefault();
    const count = this.#options.length;
    if (this.#list.hidden) void this.#update();
    else if (count > 0) this.#choose((this.#active + by + count) % count);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') this.#move(event, 1);
    else if (event.key === 'ArrowUp') this.#move(event, -1);
    else if (event.key === 'Enter') this.#options[this.#active]?.querySelector('a')?.click();
    else if (event.key === 'Escape') this.#leave();
  }

  #leave(): void {
    if (this.#list.hidden) this.#input.blur();
    this.#close();
    this.#input.value = '';
  }
}

function toOption({ label, detail, href }: Found, id: string): HTMLLIElement {
  const option = document.createElement('li');
  option.id = id;
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
