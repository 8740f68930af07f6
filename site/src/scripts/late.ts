/** Says on the dashboard that runs have stopped, which a page that was built before can't know. */

const LATE_MS = 86_400_000;

for (const notice of document.querySelectorAll<HTMLElement>('.late')) {
  const expected = Date.parse(notice.dataset.expected ?? '');
  notice.hidden = !(Date.now() - expected > LATE_MS);
}
