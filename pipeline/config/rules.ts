import { asciiLower } from '../domain/names.ts';
import { type Issue, type Path, quoteWord, valueAt } from './issue.ts';
import type { ConfigName } from './schema.ts';
import type { YamlDocument } from './yaml-document.ts';

/**
 * Rules between entries, which a schema can't express. They skip malformed entries: the schema
 * reports those.
 */

type Rule = (document: YamlDocument) => Issue[];

function listAt(document: YamlDocument, path: Path): unknown[] {
  const value = valueAt(document.value, path);
  return Array.isArray(value) ? value : [];
}

const lineOf = (document: YamlDocument, path: Path) => document.locate(path, 'value').line;

/** What an entry names; an organisation has no slash. */
const repositoryOf = (entry: unknown): unknown =>
  typeof entry === 'string' ? entry : (valueAt(entry, ['repo']) ?? valueAt(entry, ['org']));

/** As on GitHub, the case of the letters makes no difference. */
const repositoriesAreListedOnce: Rule = (document) => {
  const first = new Map<string, number>();
  return listAt(document, ['repositories']).flatMap((entry, index): Issue[] => {
    const repository = repositoryOf(entry);
    if (typeof repository !== 'string') return [];
    const path = ['repositories', index];
    const before = first.get(asciiLower(repository));
    if (before === undefined) {
      first.set(asciiLower(repository), index);
      return [];
    }
    const [one, two] = [lineOf(document, ['repositories', before]), lineOf(document, path)];
    const message = `${quoteWord(repository)} is listed twice, on lines ${one} and ${two}; keep one`;
    return [{ path, part: 'value', message }];
  });
};

/** A repository `a/b.json` would need a folder where the document of `a/b` is a file. */
const documentPathsDiffer: Rule = (document) => {
  const names = listAt(document, ['repositories']).map((entry) =>
    asciiLower(String(repositoryOf(entry))),
  );
  const first = new Map(names.map((name, index) => [name, index] as const).toReversed());
  return names.flatMap((name, index): Issue[] => {
    const other = first.get(name.replace(/\.json$/, ''));
    if (!name.endsWith('.json') || other === undefined) return [];
    const line = lineOf(document, ['repositories', other]);
    const message = `${quoteWord(name)} and the repository on line ${line} would have the same published path; keep one`;
    return [{ path: ['repositories', index], part: 'value', message }];
  });
};

interface Alias {
  readonly id: number;
  readonly is: number;
  readonly path: Path;
}

function aliasesOf(document: YamlDocument): Alias[] {
  return listAt(document, ['aliases']).flatMap((entry, index) => {
    const [id, is] = [valueAt(entry, ['id']), valueAt(entry, ['is'])];
    const valid = Number.isSafeInteger(id) && Number.isSafeInteger(is);
    return valid ? [{ id: id as number, is: is as number, path: ['aliases', index] }] : [];
  });
}

/**
 * The last account when aliases are followed from one; null where they form a circle. `ends` keeps
 * what is found, so that a long chain is followed once.
 */
function endOf(
  start: number,
  next: ReadonlyMap<number, Alias>,
  ends: Map<number, number | null>,
): number | null {
  const seen = new Set<number>();
  let current = start;
  for (let alias = next.get(current); alias; alias = next.get(current)) {
    if (seen.has(current) || ends.has(current)) break;
    seen.add(current);
    current = alias.is;
  }
  const known = ends.get(current);
  const end = seen.has(current) || known === null ? null : (known ?? current);
  for (const account of seen) ends.set(account, end);
  return end;
}

/** Each entry alone must say which account is shown for which, in any order of the entries. */
const aliasesPointAtShownAccounts: Rule = (document) => {
  const aliases = aliasesOf(document);
  const next = new Map(aliases.toReversed().map((alias) => [alias.id, alias]));
  const ends = new Map<number, number | null>();
  return aliases.flatMap((alias): Issue[] => {
    const { id, is, path } = alias;
    const issue = (message: string): Issue[] => [{ path, part: 'value', message }];
    if (id === is) return issue(`${id} is an alias of itself; remove the entry`);
    const first = next.get(id);
    if (first && first.is !== is) {
      const line = lineOf(document, first.path);
      return issue(`${id} is already an alias of ${first.is}, on line ${line}; keep one`);
    }
    const onward = next.get(is);
    if (!onward || onward.is === is) return [];
    const end = endOf(is, next, ends);
    const line = lineOf(document, onward.path);
    if (end === null) return issue(`${id} and ${is} are aliases in a circle; see line ${line}`);
    return issue(`${is} is itself an alias, on line ${line}; write {id: ${id}, is: ${end}}`);
  });
};

const ACCOUNT_LISTS: readonly Path[] = [['opt_out'], ['bots', 'allow'], ['bots', 'ids']];

/** YAML reads the logins `007`, `0x1f` and `1e5` as numbers, which would be ids of other people. */
const idsAreWrittenPlainly: Rule = (document) =>
  ACCOUNT_LISTS.flatMap((list) =>
    listAt(document, list).flatMap((value, index): Issue[] => {
      const path = [...list, index];
      const typed = document.typed(path);
      if (typeof value !== 'number' || typed === null || !Number.isSafeInteger(value)) return [];
      if (value <= 0 || typed === String(value)) return [];
      const message = `${quoteWord(typed)} reads as the number ${value}; write ${value}, or a login in quotes`;
      return [{ path, part: 'value', message }];
    }),
  );

const RULES: Partial<Record<ConfigName, readonly Rule[]>> = {
  repos: [repositoriesAreListedOnce, documentPathsDiffer],
  people: [aliasesPointAtShownAccounts, idsAreWrittenPlainly],
};

/** Every issue between the entries of a file. */
export function checkRules(name: ConfigName, document: YamlDocument): Issue[] {
  return (RULES[name] ?? []).flatMap((rule) => rule(document));
}
