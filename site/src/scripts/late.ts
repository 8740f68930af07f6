/** Says on the dashboard that runs have stopped, which a page that was built before can't know. */

const LATE_MS = 86_400_000;

const state = document.querySelector<HTMLElement>('[data-late]');
if (state && Date.now() - Date.parse(state.dataset.expected ?? '') > LATE_MS) {
  // As long as the other words: nothing moves.
  state.textContent = state.dataset.late ?? '';
  state.className = 'state behind';
}
