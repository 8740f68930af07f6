/**
 * How a name of GitHub is spelled as one part of a path: of documents, and of the pages made from
 * them. Without imports, because browsers load it, too.
 *
 * A name that is no safe part of a path gets a `~` before it, which no name on GitHub can hold:
 * `~.github`, `~con`, `~x.json`. If it ends in a dot, another `~` follows: `~tool.~`. All other names
 * stay.
 */

/**
 * What not every place can hold as a part of a path: a leading dot (the Pages artifact leaves such
 * files out), a dot at the end, and the names of devices, with anything after a dot (Windows; see
 * "Naming Files, Paths, and Namespaces" of Microsoft). `.` and `..` are no names, and stay what is
 * refused as a path.
 */
export const UNSAFE = /^(?!\.{1,2}$)(?:\.|.*\.$|(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))/i;

/** The folder of `x.json` would have the name of the document of `x`. */
const LIKE_DOCUMENT = /\.json$/i;

/** A login that is a safe part of a path. People with any other login have no document. */
export const SAFE_LOGIN = /^[A-Za-z0-9_-]{1,100}$/;

/** The spelling of an account's or a repository's name. Names that differ have spellings that differ. */
export function spellName(name: string): string {
  if (!UNSAFE.test(name) && !LIKE_DOCUMENT.test(name)) return name;
  return name.endsWith('.') ? `~${name}~` : `~${name}`;
}

/**
 * The picture of a person, under `api/v1/`; the site has it under the same path from its start.
 * @param id of the account
 */
export const avatarFile = (id: number, ending: string): string => `avatars/${id}.${ending}`;

/** The name that a part of a path spells: the inverse of `spellName`. */
export function readSpelling(part: string): string {
  return part.startsWith('~') ? part.slice(1).replace(/~$/, '') : part;
}
