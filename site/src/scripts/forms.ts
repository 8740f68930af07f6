/** On the page of the forms: fills in the login or the repository that the address has. */

const query = new URLSearchParams(location.search);

/** What may be a login or `owner/name`: the address may have been written by anybody. */
function given(what: string): string | null {
  const value = query.get(what)?.trim() ?? '';
  return /^[\w./[\]-]{1,140}$/.test(value) ? value : null;
}

for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-fills]')) {
  const url = new URL(link.href);
  for (const pair of (link.dataset.fills ?? '').split(' ')) {
    const [what = '', field = ''] = pair.split(':');
    const value = given(what);
    if (value !== null) url.searchParams.set(field, value);
  }
  link.href = url.href;
}

const about = given('login') ?? given('repository');
const place = document.querySelector('[data-about]');
if (place && about !== null) place.textContent = `Filled in for ${about}.`;
