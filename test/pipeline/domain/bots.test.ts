import { describe, expect, it } from 'vitest';
import { isBot } from '../../../pipeline/domain/bots.ts';
import { KNOWN_BOT_IDS, KNOWN_BOT_LOGINS } from '../../../pipeline/domain/known-bots.ts';

const rules = { ids: [...KNOWN_BOT_IDS], logins: [...KNOWN_BOT_LOGINS], allow: [] };
const person = { id: 7, login: 'ada', type: 'User' } as const;

describe('the bot rule', () => {
  it.each([
    ['by type', { ...person, type: 'Bot' as const }],
    ['by suffix', { ...person, login: 'my-app[bot]', type: null }],
    ['by suffix in capitals', { ...person, login: 'My-App[BOT]', type: null }],
    ['by id, with any login', { ...person, id: 49699333, login: 'renamed' }],
    ['by login, in any case', { ...person, login: 'COPILOT' }],
  ])('finds a program %s', (_, account) => {
    expect(isBot(account, rules)).toBe(true);
  });

  it.each([
    ['bors', 1],
    ['rust-highfive', 2],
    ['sparkqa', 3],
    ['AmplabJenkins', 4],
    ['weblate', 5],
    ['r-ryantm', 6],
    ['brewtestbot', 8],
    ['elasticmachine', 9],
    ['openshift-ci-robot', 10],
    ['llvmbot', 11],
    ['claude', 81847],
    ['an-agent-that-was-renamed', 81847],
    ['cursoragent', 199161495],
  ])('the shipped list has %s (%i), of the type User', (login, id) => {
    expect(isBot({ id, login, type: 'User' }, rules)).toBe(true);
  });

  it('does not take another account for an agent that is known by its id', () => {
    expect(isBot({ id: 5, login: 'claude', type: 'User' }, rules)).toBe(false);
  });

  it('lists each account once', () => {
    const logins = KNOWN_BOT_LOGINS.map((login) => login.toLowerCase());
    expect(new Set(logins).size).toBe(logins.length);
    expect(new Set(KNOWN_BOT_IDS).size).toBe(KNOWN_BOT_IDS.length);
  });

  it.each(['Abbott', 'bot', 'robot-ci', 'lucci-ci', 'copilot2', 'bot[bot]x', 'notcoveralls'])(
    'does not match the person %s: only complete names match',
    (login) => {
      expect(isBot({ ...person, login }, rules)).toBe(false);
    },
  );

  it.each([7, 'ADA[bot]'])('applies the allow list first (%s)', (name) => {
    const account = { id: 7, login: 'ada[bot]', type: 'Bot' } as const;
    expect(isBot(account, { ...rules, allow: [name] })).toBe(false);
  });

  it('distinguishes an id from a login of digits', () => {
    const digits = { ids: [], logins: ['123'], allow: [] };
    expect(isBot({ ...person, id: 123 }, digits)).toBe(false);
    expect(isBot({ ...person, login: '123' }, digits)).toBe(true);
  });
});
