import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FORMS, readForm } from '../../../../pipeline/actions/forms/form.ts';
import { readLogin, readRepositoryName } from '../../../../pipeline/actions/forms/names.ts';
import { FULL_NAME, LOGIN } from '../../../../pipeline/domain/names.ts';
import { hostileText } from '../../../support/hostile-text.ts';

/** The forms of the repository, and the reading of what GitHub makes of them. */

const FOLDER = '.github/ISSUE_TEMPLATE';

interface Template {
  readonly name: string;
  readonly description: string;
  readonly title: string;
  readonly labels?: unknown;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes: { readonly label: string };
  }[];
}

const templates = readdirSync(FOLDER)
  .filter((file) => file !== 'config.yml')
  .map((file) => [file.replace('.yml', ''), read(file)] as const);

function read(file: string): Template {
  return parse(readFileSync(join(FOLDER, file), 'utf8'));
}

describe('the forms', () => {
  it('have the fields that are read, in their order', () => {
    const fields = templates.map(([name, { body }]) => [
      name,
      Object.fromEntries(
        body.flatMap(({ id, attributes }) => (id ? [[id, attributes.label]] : [])),
      ),
    ]);
    expect(Object.fromEntries(fields)).toEqual(FORMS);
    for (const [name, labels] of fields) {
      const own = FORMS[name as keyof typeof FORMS];
      expect(Object.keys(labels as object)).toEqual(Object.keys(own));
    }
  });

  it('are known by their first label', () => {
    const first = Object.values(FORMS).map((fields) => Object.values(fields)[0]);
    expect(new Set(first).size).toBe(first.length);
  });

  it('set no label: that of a maintainer would be one of them', () => {
    for (const [, template] of templates) {
      expect(template).not.toHaveProperty('labels');
      expect(template.name.length * template.description.length * template.title.length).not.toBe(
        0,
      );
    }
  });
});

describe('an issue', () => {
  it.each([
    [
      '### Login of the account to leave out\n\nada',
      { name: 'leave-me-out', answers: { login: 'ada' } },
    ],
    [
      '### Login of the account to leave out\r\n\r\n_No response_\r\n',
      { name: 'leave-me-out', answers: { login: '' } },
    ],
    [
      '### Login of the bot\n\nci\n\n### How one can see that\n\n### Login of the bot\n\nada',
      { name: 'bot', answers: { login: 'ci', why: '### Login of the bot\n\nada' } },
    ],
    ['### Login of the bot\n\nci', null],
    ['words\n### Login of the account to leave out\n\nada', null],
    ['#### Login of the account to leave out\n\nada', null],
    ['', null],
  ])('is read as it was filled in: %j', (body, form) => {
    expect(readForm(body)).toEqual(form);
  });

  it('of 100 KB is cut, and gives no name', () => {
    const form = readForm(`### Login of the account to leave out\n\n${'a'.repeat(100_000)}`);
    const login = form?.name === 'leave-me-out' ? form.answers.login : '';
    expect(login).toHaveLength(300);
    expect(readLogin(login)).toBeNull();
  });
});

describe('a name', () => {
  it.each([
    ['ada', 'ada'],
    ['@ada', 'ada'],
    ['https://github.com/ada/', 'ada'],
    ['github.com/ada', 'ada'],
    ['ci[bot]', 'ci[bot]'],
    ['ada\nbob', null],
    ['ada bob', null],
    ['ada # bob', null],
    ['', null],
    ['https://evil.example/ada', null],
  ])('of an account is read from %j', (text, login) => {
    expect(readLogin(text)).toBe(login);
  });

  it.each([
    ['octo/cat', 'octo/cat'],
    ['https://github.com/octo/cat/issues?q=1', 'octo/cat'],
    ['github.com/octo/cat.git', 'octo/cat'],
    ['octo/../cat', null],
    ['octo/..', null],
    ['octo/cat\n  - a/b', null],
    ['https://github.com.evil.example/octo/cat', null],
  ])('of a repository is read from %j', (text, name) => {
    expect(readRepositoryName(text)).toBe(name);
  });

  it('is one that GitHub can have, or none, whatever was typed', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.string()), (text) => {
        expect(readLogin(text) ?? 'ada').toMatch(LOGIN);
        expect(readRepositoryName(text) ?? 'a/b').toMatch(FULL_NAME);
      }),
    );
  });
});
