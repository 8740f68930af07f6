import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FORMS as FIELDS } from '../../pipeline/actions/forms/form.ts';
import { FORMS, formHref } from '../../site/src/lib/forms.ts';
import { footPart } from '../../site/src/views/shell.ts';

/** The links of the site to the forms of the repository. */

describe('the forms that the site knows', () => {
  it('are those of the repository, by their names', () => {
    expect(FORMS.map(({ template }) => template).toSorted()).toEqual(
      Object.keys(FIELDS).toSorted(),
    );
    for (const { template, title } of FORMS) {
      const text = readFileSync(`.github/ISSUE_TEMPLATE/${template}.yml`, 'utf8');
      expect(text.split('\n')[0]).toBe(`name: ${title}`);
    }
  });

  it('are filled in by the ids of their fields', () => {
    for (const { template, fills } of FORMS) {
      const fields = Object.keys(FIELDS[template as keyof typeof FIELDS]);
      expect(fields).toEqual(expect.arrayContaining(Object.values(fills)));
    }
  });

  it('have addresses in the repository that publishes', () => {
    expect(formHref('https://github.com/octo/board/issues/new', 'bot')).toBe(
      'https://github.com/octo/board/issues/new?template=bot.yml',
    );
  });
});

it('are linked from the foot of a page where they are known', () => {
  const facts = { title: 'T', url: 'https://x.example/b/', base: '/b/', index: '/b/i.json' };
  const head = { title: 'P', description: 'D' };
  const link = '<li><a href="/b/forms/">Correct something</a></li>';
  expect(footPart({ ...facts, forms: true }, head).text).toContain(link);
  expect(footPart({ ...facts, forms: false }, head).text).not.toContain('forms/');
});
