import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { UNSAFE } from '../../pipeline/published/path-names.ts';
import { error, type Finding, firstOf, warning } from './finding.ts';

/** GitHub's limit for a published site: "no larger than 1 GB". */
const MOST_BYTES = 1_000_000_000;
const WARN_AT = 0.8;

/** What there is in the folder of a site. */
export interface SiteFiles {
  /** Size in bytes by path, with `/` between the parts. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Paths of what is neither a file nor a folder: links, sockets. */
  readonly others: readonly string[];
}

export function listSiteFiles(out: string): SiteFiles {
  const sizes = new Map<string, number>();
  const others: string[] = [];
  for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(out, file).split(sep).join('/');
    if (entry.isFile()) sizes.set(path, statSync(file).size);
    else others.push(path);
  }
  return { sizes, others };
}

/** Whether every file fits into the artifact that GitHub Pages takes, and out of it again. */
export function checkFiles({ sizes, others }: SiteFiles): Finding[] {
  const unsafe = [...sizes.keys()].filter((path) => path !== NEEDLESS).flatMap(checkName);
  const links = others.map((path) =>
    error(`${path} is not a file but a link or a device, which GitHub Pages refuses: remove it.`),
  );
  return [
    ...firstOf(links, 'links'),
    ...firstOf(unsafe, 'names'),
    ...firstOf(findTwins([...sizes.keys()]), 'twins'),
    ...checkSize(sizes),
  ];
}

/** For branches that GitHub Pages serves; an artifact does without it. */
const NEEDLESS = '.nojekyll';

/** What Windows can't hold in a name, besides `UNSAFE`; control characters too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const REFUSED = /[<>:"\\|?*\u0000-\u001f\u007f]| $/;
/** The longest part of a path on any common file system. */
const MOST_NAME_BYTES = 255;

function checkName(path: string): Finding[] {
  const part = path.split('/').find((name) => UNSAFE.test(name) || REFUSED.test(name));
  const long = path.split('/').find((name) => Buffer.byteLength(name) > MOST_NAME_BYTES);
  if (long !== undefined)
    return [error(`${path} has a part of more than ${MOST_NAME_BYTES} bytes: shorten it.`)];
  if (part === undefined) return [];
  const why = part.startsWith('.')
    ? 'the artifact of GitHub Pages leaves it out'
    : 'not every system can hold such a name';
  return [error(`${path} would be missing: ${why}; rename ${part}, or delete the file.`)];
}

/** Files whose paths differ by case alone: one replaces the other on macOS and Windows. */
function findTwins(paths: readonly string[]): Finding[] {
  const groups = Map.groupBy(paths, (path) => path.toLowerCase());
  return [...groups.values()].flatMap((group) => {
    if (group.length === 1) return [];
    return [error(`${group.join(' and ')} differ by case alone: keep one of them.`)];
  });
}

/** Whether GitHub Pages takes a site of this size. */
export function checkSize(sizes: ReadonlyMap<string, number>): Finding[] {
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (bytes <= MOST_BYTES * WARN_AT) return [];
  const size = `The site has ${Math.round(bytes / 1e6)} MB of the 1,000 MB that GitHub Pages takes`;
  const cure =
    'lower size_limit_mb or contributor_pages in config/site.yaml, or track fewer repositories.';
  return [(bytes > MOST_BYTES ? error : warning)(`${size}: ${cure}`)];
}
