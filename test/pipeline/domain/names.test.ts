import { describe, expect, it } from 'vitest';
import { peopleSchema } from '../../../pipeline/config/schema/people.ts';
import { reposSchema } from '../../../pipeline/config/schema/repos.ts';
import { spellName } from '../../../pipeline/published/path-names.ts';
import { SAFE_LOGIN } from '../../../pipeline/published/paths.ts';
import { createCommand, parseOptions } from '../../../pipeline/runtime/options.ts';

/** Logins that GitHub has issued, by rules of different years. */
const LOGINS = [
  ['of today', 'ada-lovelace'],
  ['with a hyphen at the start', '-old-name-'],
  ['that is a hyphen', '-'],
  ['with two hyphens', 'a--b'],
  ['with a hyphen at the end', 'old-'],
  ['of digits only', '007'],
  ['of an Enterprise Managed User', 'ada_acme'],
  ['of the administrator of an enterprise', 'acme_admin'],
  ['of the longest length', 'a'.repeat(39)],
] as const;

describe.each(LOGINS)('a login %s', (_, login) => {
  it('can opt out, be a bot, and be none', () => {
    const given = { opt_out: [login], bots: { logins: [login], allow: [login] } };
    expect(peopleSchema.safeParse(given).error).toBeUndefined();
  });

  it('can own a repository, in the configuration and as an option', () => {
    const name = `${login}/tool`;
    const given = { repositories: [name, { repo: `${login}/other` }] };
    expect(reposSchema.safeParse(given).error).toBeUndefined();
    expect(parseOptions(createCommand('test', ''), ['--repo', name]).repositories).toEqual([name]);
  });

  it('has a page and a document', () => {
    expect(login).toMatch(SAFE_LOGIN);
    expect(spellName(login)).toBe(login);
  });
});

describe('what no login can be', () => {
  it.each(['', 'a b', 'a/b', 'ada.lovelace', '[bot]', 'ü', 'a\u200b', '../x'])('%j', (login) => {
    expect(peopleSchema.safeParse({ opt_out: [login] }).success).toBe(false);
    expect(reposSchema.safeParse({ repositories: [`${login}/tool`] }).success).toBe(false);
  });
});
