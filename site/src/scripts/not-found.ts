import { readSpelling } from '../../../pipeline/published/path-names.ts';
import { findPerson, findRepository } from './find-address.ts';

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
