import { readSpelling } from '../../../pipeline/published/path-names.ts';
import { findPerson, findRepository } from './find-address.ts';
import { openSearch } from './search-source.ts';

/** Leads from an address with another letter case, or without a built page, to the page that is meant. */
async function leadOn(base: string): Promise<void> {
  const parts = location.pathname.slice(base.length).split('/').filter(Boolean).map(decode);
  const [first, ...names] = parts.map(readSpelling);
  const [name = '', second = ''] = names;
  const address =
    first?.toLowerCase() === 'contributors' && name !== ''
      ? await findPerson(base, name)
      : first?.toLowerCase() === 'repositories' && second !== ''
        ? await findRepository(base, `${name}/${second}`)
        : null;
  if (address !== null && !address.startsWith(location.pathname)) location.replace(address);
  else await offerNearest(base, [second, name, first ?? ''].find((part) => part.length > 1) ?? '');
}

/** Links to the names that are nearest to what was asked for; nothing where none is near. */
async function offerNearest(base: string, wanted: string): Promise<void> {
  const { best } = (await openSearch(`${base}search.json`, base))(wanted);
  const place = document.querySelector('[data-not-found]');
  if (best.length === 0 || !place) return;
  const list = document.createElement('ul');
  list.append(
    ...best.map(({ label, detail, href }) => {
      const link = document.createElement('a');
      link.href = href;
      link.textContent = label;
      const item = document.createElement('li');
      item.append(link, ` ${detail}`);
      return item;
    }),
  );
  const words = document.createElement('p');
  words.textContent = 'Did you mean';
  place.append(words, list);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const { base = '/' } = document.querySelector<HTMLElement>('[data-not-found]')?.dataset ?? {};
// What is not found stays so, and the page says it.
if (location.pathname.startsWith(base)) leadOn(base).catch(() => undefined);
