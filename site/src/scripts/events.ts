/** Shows all contributions of a person when it is asked for; what that takes is fetched only then. */
async function openAll(link: HTMLAnchorElement): Promise<void> {
  const { showAll } = await import('./show-events.ts');
  await showAll(link);
}

// Also for a page that a script makes: its link comes later.
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element && event.target.closest('a[data-events]');
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey)
    return;
  event.preventDefault();
  link.setAttribute('aria-busy', 'true');
  // What can't be fetched by a script may still be opened by the reader.
  openAll(link).catch(() => location.assign(link.href));
});
