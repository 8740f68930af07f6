/** Hides pictures of people that cannot be shown, so that the initials beneath them can. */
function hideBroken(target: EventTarget | null): void {
  if (target instanceof HTMLImageElement && target.closest('.av')) target.hidden = true;
}

// Errors of pictures do not bubble: this listens in the capture phase, also for rows added later.
document.addEventListener('error', ({ target }) => hideBroken(target), true);

// Some failed before this script ran.
for (const picture of document.querySelectorAll<HTMLImageElement>('.av img[src]'))
  if (picture.complete && picture.naturalWidth === 0) hideBroken(picture);
