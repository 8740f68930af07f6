import { attribute, type Html, html } from '../lib/html.ts';

/**
 * The pages that get a link: both ends and the neighbours; null is a gap between.
 * At most seven, so that they fit a phone.
 */
export function listPagerPages(page: number, pages: number): (number | null)[] {
  const wanted = [1, page - 1, page, page + 1, pages].filter((one) => one >= 1 && one <= pages);
  const sorted = [...new Set(wanted)].sort((a, b) => a - b);
  return sorted.flatMap((one, index) => {
    const before = sorted[index - 1] ?? one - 1;
    // A gap of a single page is that page.
    if (one - before === 2) return [one - 1, one];
    return one - before > 2 ? [null, one] : [one];
  });
}

/** The way to the other pages of a board; nothing if there is only one. */
export function pager(page: number, pages: number, to: (page: number) => string): Html | null {
  if (pages <= 1) return null;
  const step = (other: number, rel: 'prev' | 'next', label: string) =>
    other < 1 || other > pages
      ? html`<span class="off">${label}</span>`
      : html`<a href="${to(other)}" rel="${rel}">${label}</a>`;
  const links = listPagerPages(page, pages).map((other) =>
    other === null
      ? html`<li><span class="gap">…</span></li>`
      : html`<li><a href="${to(other)}"${attribute('aria-current', other === page && 'page')} aria-label="Page ${other}">${other}</a></li>`,
  );
  return html`<nav class="pager" aria-label="Pages" data-pager>
    ${step(page - 1, 'prev', 'Previous')}<ul>${links}</ul>${step(page + 1, 'next', 'Next')}
  </nav>`;
}
