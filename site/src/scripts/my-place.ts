import { asciiLower } from '../../../pipeline/domain/names.ts';
import { describeMovement } from '../lib/entry.ts';
import { formatCount } from '../lib/format.ts';
import { html } from '../lib/html.ts';
import type { BoardFacts } from '../views/board.ts';
import { rankText } from '../views/board-row.ts';
import { avatar, movement } from '../views/person-marks.ts';
import type { BoardSource } from './board-view.ts';

/** The reader's own place, in a line at the foot of each board: the login stays in this browser. */

const KEY = 'login';

function readLogin(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

function keepLogin(login: string): void {
  try {
    if (login === '') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, login);
  } catch {
    // Storage may be forbidden: the place is then shown on this page alone.
  }
}

export class MyPlace {
  readonly #line: HTMLElement;
  readonly #facts: BoardFacts;
  readonly #open: () => Promise<BoardSource>;
  /** Shows a row of the board, which may be on another page. */
  readonly #go: (login: string) => void;

  constructor(
    root: HTMLElement,
    facts: BoardFacts,
    open: () => Promise<BoardSource>,
    go: (login: string) => void,
  ) {
    this.#line = root.querySelector('[data-you]') as HTMLElement;
    this.#facts = facts;
    this.#open = open;
    this.#go = go;
    root.querySelector('[data-me]')?.addEventListener('click', () => {
      if (this.#line.hidden) this.#ask();
      else this.#line.hidden = true;
    });
    const login = readLogin();
    if (login !== '') void this.#show(login);
  }

  #ask(note = ''): void {
    this.#line.innerHTML =
      html`<label>Your login <input type="text" autocomplete="username" spellcheck="false" autocapitalize="off"></label>
      <button class="btn" type="button">Show my place</button><span role="status">${note}</span>`.text;
    this.#line.hidden = false;
    const field = this.#line.querySelector('input') as HTMLInputElement;
    const take = () => {
      const login = field.value.trim().replace(/^@/, '');
      if (login === '') return;
      keepLogin(login);
      void this.#show(login);
    };
    this.#line.querySelector('button')?.addEventListener('click', take);
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') take();
    });
    field.focus();
  }

  async #show(login: string): Promise<void> {
    try {
      const source = await this.#open();
      const row = findRow(source, login);
      if (row < 0) return this.#ask(`${login} has no points on this board.`);
      this.#write(source, row);
    } catch {
      this.#ask('The board could not be fetched; try again.');
    }
  }

  #write(source: BoardSource, row: number): void {
    const entry = source.entry(row);
    const { username, display_name, total_score, rank, previous_rank } = entry;
    const { site, previousOn } = this.#facts;
    const isMoved = previousOn !== null && describeMovement(rank, previous_rank).kind !== 'same';
    this.#line.innerHTML =
      html`<span>You: <b>#${rankText(entry)}</b>${isMoved && html` ${movement(rank, previous_rank)}`}</span>
      <span class="you-name">${avatar(site, entry)}<bdi>${display_name ?? username}</bdi></span>
      <span>${formatCount(total_score)} points${distance(source, row, total_score)}</span>
      <a href="#c-${username}">Show my row</a><button class="btn" type="button" aria-label="Forget my login">×</button>`.text;
    this.#line.hidden = false;
    this.#line.querySelector('a')?.addEventListener('click', (event) => {
      event.preventDefault();
      this.#go(username);
    });
    this.#line.querySelector('button')?.addEventListener('click', () => {
      keepLogin('');
      this.#line.hidden = true;
    });
  }
}

function findRow({ size, entry, logins }: BoardSource, login: string): number {
  const wanted = asciiLower(login);
  const row = logins().findIndex((one) => asciiLower(one) === wanted);
  return row < size && row >= 0 && entry(row).rank > 0 ? row : -1;
}

/** To the next who has more points. */
function distance(source: BoardSource, row: number, score: number): string {
  for (let other = row - 1; other >= 0; other--) {
    const { total_score, rank } = source.entry(other);
    if (total_score > score) {
      const by = formatCount(Math.max(1, total_score - score));
      return `, ${by} behind #${formatCount(rank)}`;
    }
  }
  return ', the first';
}
