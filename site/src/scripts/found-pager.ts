import { formatCount } from '../lib/format.ts';

/** Pages of a sorted or filtered board. Made by the script, because only the script needs it. */
export interface FoundPager {
  readonly element: HTMLElement;
  show(total: number, page: number, perPage: number): void;
  hide(): void;
}

export function createFoundPager(onPage: (page: number) => void): FoundPager {
  const element = document.createElement('nav');
  element.className = 'pager found';
  element.setAttribute('aria-label', 'Pages of what was found');
  element.hidden = true;
  const text = document.createElement('span');
  let current = 0;
  const back = createButton('Previous', () => onPage(current - 1));
  const on = createButton('Next', () => onPage(current + 1));
  element.append(back, text, on);
  return {
    element,
    show(total, page, perPage) {
      current = page;
      const last = Math.min(total, (page + 1) * perPage);
      const range = `${formatCount(page * perPage + 1)}–${formatCount(last)}`;
      text.textContent = total === 0 ? 'Nobody found' : `${range} of ${formatCount(total)}`;
      back.disabled = page === 0;
      on.disabled = last >= total;
      element.hidden = false;
    },
    hide() {
      element.hidden = true;
    },
  };
}

function createButton(label: string, onClick: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.addEventListener('click', onClick);
  return button;
}
