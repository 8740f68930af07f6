import { type View, writeView } from './board-view.ts';

/** How a board is shown stands in the address, and goes with the reader to its other periods. */
export function keepInAddress(view: View): void {
  try {
    const { pathname, search, hash } = location;
    history.replaceState(history.state, '', pathname + writeView(search, view) + hash);
  } catch {
    // A browser limits how often the address may change; the next change is written again.
  }
  keepInTabs(view);
}

/** Other periods have other pages, and begin with the first. */
export function keepInTabs(view: View): void {
  const search = writeView('', { ...view, page: 0 });
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.tabs a')) link.search = search;
}
