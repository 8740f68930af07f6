import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerForm } from '../../../../pipeline/actions/config-form.ts';
import { FORMS, type FormName } from '../../../../pipeline/actions/forms/form.ts';
import { ACCEPTED } from '../../../../pipeline/actions/forms/issue.ts';
import { readConfigText } from '../../../../pipeline/config/read-file.ts';
import { type Copy, createCopy } from '../../../support/github/copy.ts';
import { FAULTS } from '../../../support/github/faults.ts';
import { comment, createForge, filesOf, push } from '../../../support/github/forge.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { makeWorld } from '../../../support/github/made-up-world.ts';
import type { Person } from '../../../support/github/world.ts';

/** `actions:form` against the local GitHub: from an issue to a pull request and an answer. */

const person = (id: number, login: string, type: Person['type'] = 'User'): Person => ({
  id,
  login,
  type,
});
const ADA = person(900, 'Zelda');
const WORK = person(901, 'zelda-work');
const MALLORY = person(902, 'mallory');
const BOT = person(903, 'runner[bot]', 'Bot');

const FILES = {
  'config/people.yaml': readFileSync('config/people.yaml', 'utf8'),
  'config/repos.yaml': readFileSync('config/repos.yaml', 'utf8'),
};

let github: LocalGithub;
let copy: Copy;
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'forms-'));
  const world = makeWorld();
  copy = createCopy();
  github = await startLocalGithub({
    world: { ...world, people: [...world.people, ADA, WORK, MALLORY, BOT] },
    copy,
  });
});
afterAll(async () => {
  await github.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  copy.issues.length = 0;
  Object.assign(copy, { forge: createForge(FILES) });
  copy.workflows.set('config-preview.yml', 'active');
  github.setFault(() => undefined);
});

/** The issue that GitHub makes of a form. */
function bodyOf(name: FormName, answers: Readonly<Record<string, string>>): string {
  return Object.entries(FORMS[name])
    .map(([id, label]) => `### ${label}\n\n${answers[id] || '_No response_'}`)
    .join('\n\n');
}

function file(author: Person, name: FormName, answers: Readonly<Record<string, string>>) {
  const body = bodyOf(name, answers);
  const number = copy.issues.length + 1;
  const issue = { number, title: name, body, state: 'open', labels: [] as string[] } as const;
  copy.issues.push({ ...issue, by: 'User', author, comments: [] });
  return answer(number);
}

/** Runs the command for an event. Returns what it says on the issue. */
async function answer(number = 1, isComment = false): Promise<string> {
  const event = join(folder, 'event.json');
  const repository = { default_branch: 'main' };
  writeFileSync(
    event,
    JSON.stringify({ issue: { number }, repository, ...(isComment && { comment: {} }) }),
  );
  await answerForm({
    GITHUB_TOKEN: 'token',
    GITHUB_REPOSITORY: 'guild/leaderboard',
    GITHUB_API_URL: github.apiUrl,
    GITHUB_EVENT_PATH: event,
  });
  expect(github.violations).toEqual([]);
  return said(number);
}

const said = (number = 1) =>
  copy.forge.comments.get(number)?.find(({ by }) => by.login === 'github-actions[bot]')?.body ?? '';

const people = (branch = 'form/issue-1') =>
  readConfigText('people', filesOf(copy.forge, branch)['config/people.yaml'] ?? '').document;
const pulls = () => copy.forge.pulls.map(({ number, title, state }) => ({ number, title, state }));
const main = () => filesOf(copy.forge, 'main');

describe('leave me out', () => {
  it('is a pull request at once for the account that filed it', async () => {
    const words = await file(ADA, 'leave-me-out', { login: '@zelda' });
    expect(pulls()).toEqual([{ number: 2, title: 'Leave an account out', state: 'open' }]);
    expect(people()?.opt_out).toEqual([900]);
    expect(words).toContain('#2 asks for this change.');
    expect(copy.forge.dispatched).toEqual([
      { workflow: 'config-preview.yml', ref: 'main', inputs: { pull_request: '2' } },
    ]);
    // Who it is stands in no text that goes into the repository.
    expect(
      JSON.stringify([...copy.forge.commits.values()].map(({ message }) => message)),
    ).not.toMatch(/zelda/i);
    expect(copy.forge.pulls[0]?.body).not.toMatch(/zelda/i);
    expect(copy.forge.pulls[0]?.body).toContain('Closes #1.');
    expect(filesOf(copy.forge, 'form/issue-1')['config/people.yaml']).toBe(
      FILES['config/people.yaml'].replace('opt_out: []', 'opt_out:\n  - 900'),
    );
    expect(main()).toEqual(FILES);
  });

  it('of somebody else changes nothing before a maintainer agrees', async () => {
    const words = await file(MALLORY, 'leave-me-out', { login: 'zelda' });
    expect(pulls()).toEqual([]);
    expect([...copy.forge.refs.keys()]).toEqual(['heads/main']);
    expect(words).toContain(`the label \`${ACCEPTED}\``);
    expect(copy.labels).toContain(ACCEPTED);
    const [issue] = copy.issues;
    copy.issues[0] = { ...issue, labels: [ACCEPTED] } as (typeof copy.issues)[number];
    await answer();
    expect(people()?.opt_out).toEqual([900]);
    expect(copy.forge.pulls[0]?.body).toContain('Somebody else asks for it');
  });

  it('compares the number, and not the login of the author', async () => {
    // As if the author had another login when the issue was filed.
    const words = await file({ ...ADA, login: 'mallory' }, 'leave-me-out', { login: 'mallory' });
    expect(words).toContain('not the one that wrote this issue');
    expect(pulls()).toEqual([]);
  });

  it('says so of an account that is left out already', async () => {
    push(copy.forge, 'main', { 'config/people.yaml': 'opt_out: [ZELDA]\n' }, 'Edited');
    expect(await file(ADA, 'leave-me-out', { login: 'zelda' })).toContain('is left out already');
    expect(pulls()).toEqual([]);
  });

  it.each([
    ['', 'found nothing'],
    ['nobody-has-this', 'GitHub knows no account nobody-has-this'],
    ['zelda\nmallory', 'Expected the login'],
    ['<img src=x onerror=alert(1)> @everyone [x](http://e.example)', '&lt;img'],
    ['900 # x\naliases: []', 'Expected the login'],
  ])('asks for a login instead of %j', async (login, words) => {
    const text = await file(ADA, 'leave-me-out', { login });
    expect(text).toContain(words);
    expect(text).toContain('Edit the text of this issue');
    expect(text).not.toMatch(/@everyone|<img|https?:\/\//);
    expect(pulls()).toEqual([]);
  });
});

describe('these two accounts are me', () => {
  const BOTH = { shown: 'Zelda', other: 'zelda-work' };

  it('waits until the other account agrees, and counts its number alone', async () => {
    const words = await file(ADA, 'same-person', BOTH);
    expect(words).toContain('**Yes, this is me**');
    expect(words).not.toContain('@');
    comment(copy.forge, 1, MALLORY, 'Yes, this is me');
    comment(copy.forge, 1, ADA, 'Yes, this is me');
    comment(copy.forge, 1, { ...MALLORY, login: 'zelda-work' }, 'Yes, this is me');
    comment(copy.forge, 1, WORK, 'No, this is not me! > Yes, this is me, I never said');
    await answer(1, true);
    expect(pulls()).toEqual([]);
    comment(copy.forge, 1, WORK, 'Hello,\n\nyes this is me.');
    await answer(1, true);
    expect(pulls()).toMatchObject([{ title: 'Count zelda-work and Zelda as one person' }]);
    expect(people()?.aliases).toEqual([{ id: 901, is: 900 }]);
    const text = filesOf(copy.forge, 'form/issue-1')['config/people.yaml'];
    expect(text).toContain('\n  - {id: 901, is: 900} # zelda-work is Zelda\n');
  });

  it('can be filed by the account that is not shown', async () => {
    await file(WORK, 'same-person', BOTH);
    comment(copy.forge, 1, ADA, 'Yes, this is me!');
    await answer(1, true);
    expect(people()?.aliases).toEqual([{ id: 901, is: 900 }]);
  });

  it('can not be filed by anybody else, even if others agree', async () => {
    await file(MALLORY, 'same-person', BOTH);
    comment(copy.forge, 1, ADA, 'Yes, this is me');
    comment(copy.forge, 1, WORK, 'Yes, this is me');
    expect(await answer(1, true)).toContain('Only one of the two accounts can file this form');
    expect(pulls()).toEqual([]);
  });

  it('needs another agreement when the form is edited to another account', async () => {
    await file(ADA, 'same-person', BOTH);
    comment(copy.forge, 1, WORK, 'Yes, this is me');
    const [issue] = copy.issues;
    if (issue) issue.body = bodyOf('same-person', { shown: 'Zelda', other: 'mallory' });
    expect(await answer()).toContain('Log in as mallory');
    expect(pulls()).toEqual([]);
  });

  it('is left to a maintainer where aliases would form a chain', async () => {
    const text = 'aliases:\n  - {id: 900, is: 7}\n';
    push(copy.forge, 'main', { 'config/people.yaml': text }, 'Edited');
    await file(ADA, 'same-person', BOTH);
    comment(copy.forge, 1, WORK, 'Yes, this is me');
    expect(await answer(1, true)).toContain('has to be edited by a maintainer first');
    expect(pulls()).toEqual([]);
  });
});

describe('this is a bot', () => {
  it('is a pull request, and a maintainer decides', async () => {
    const words = await file(MALLORY, 'bot', { login: 'zelda-work', why: '@everyone' });
    expect(pulls()).toMatchObject([{ title: 'Name zelda-work as a bot' }]);
    expect(people()?.bots.ids.at(-1)).toBe(901);
    const text = filesOf(copy.forge, 'form/issue-1')['config/people.yaml'];
    expect(text).toContain('\n    - 901 # zelda-work\n');
    expect(words).toContain('A maintainer decides');
  });

  it('is none for an account that GitHub itself calls one', async () => {
    expect(await file(ADA, 'bot', { login: 'runner[bot]' })).toContain('GitHub itself says');
    expect(pulls()).toEqual([]);
  });
});

describe('add a repository', () => {
  it('adds it by the name that GitHub has', async () => {
    const [known] = makeWorld().repositories;
    const name = `${known?.owner}/${known?.name}`;
    await file(ADA, 'add-repository', { repository: `https://github.com/${name.toUpperCase()}` });
    expect(pulls()).toMatchObject([{ title: `Add the repository ${name}` }]);
    expect(filesOf(copy.forge, 'form/issue-1')['config/repos.yaml']).toBe(
      `${FILES['config/repos.yaml']}  - ${name}\n`,
    );
  });

  it.each([
    ['octo/gone', 'GitHub shows no repository octo/gone'],
    ['WITHASTRO/astro', 'GitHub shows no repository'],
    ['octo', 'Expected a repository as owner/name'],
    ['a/b\n  - c/d', 'Expected a repository as owner/name'],
  ])('answers %j', async (repository, words) => {
    expect(await file(ADA, 'add-repository', { repository })).toContain(words);
    expect(pulls()).toEqual([]);
  });
});

describe('text that does harm', () => {
  const HARM = [
    '@everyone <img src=x> [x](https://evil.example) ``` $(evil) #1',
    '\n### Login of the bot\n\nevil\n\u202eevil',
    "'\\n  - evil/evil\\n\u0000",
  ];
  const VALID: Readonly<Partial<Record<FormName, Readonly<Record<string, string>>>>> = {
    'add-repository': { repository: 'guild/engine', why: 'It is ours.' },
    'leave-me-out': { login: 'zelda' },
    'same-person': { shown: 'zelda', other: 'zelda-work' },
    bot: { login: 'zelda-work', why: 'It never sleeps.' },
  };
  /** What a maintainer reads, and no program. */
  const isForPeople = (field: string) => field === 'why';
  const fields = Object.entries(VALID).flatMap(([form, answers]) =>
    Object.keys(answers).map((field) => [form as FormName, field] as const),
  );

  it.each(fields)('reaches nothing from the form %s, field %s', async (form, field) => {
    for (const [place, text] of HARM.entries()) {
      const words = await file(ADA, form, { ...VALID[form], [field]: text });
      expect(words).not.toMatch(/@everyone|<img|https?:\/\/evil|\n#|```/);
      if (isForPeople(field)) expect(words).toContain('asks for this change');
      else expect(copy.forge.pulls).toHaveLength(0);
      const { pulls: opened, refs, commits, dispatched } = copy.forge;
      const written = [opened, [...refs.keys()], [...commits.values()], dispatched];
      expect(JSON.stringify(written)).not.toMatch(/evil|everyone/);
      if (isForPeople(field))
        expect(filesOf(copy.forge, `form/issue-${place + 1}`)).not.toEqual(main());
    }
    expect(main()).toEqual(FILES);
  });
});

describe('a form that is answered again', () => {
  it('has one comment and one pull request', async () => {
    await file(ADA, 'leave-me-out', { login: 'zelda' });
    const before = copy.forge.refs.get('heads/form/issue-1');
    await answer();
    expect(copy.forge.refs.get('heads/form/issue-1')).toBe(before);
    expect(copy.forge.pulls).toHaveLength(1);
    expect(copy.forge.comments.get(1)).toHaveLength(1);
    expect(copy.forge.dispatched).toHaveLength(1);
  });

  it('begins anew at the branch that others have changed meanwhile', async () => {
    await file(ADA, 'leave-me-out', { login: 'zelda' });
    push(copy.forge, 'main', { 'config/people.yaml': 'opt_out: [5]\n' }, 'Another form');
    await answer();
    expect(people()?.opt_out).toEqual([5, 900]);
    expect(copy.forge.pulls).toHaveLength(1);
    expect(copy.forge.dispatched).toHaveLength(2);
  });

  it('leaves alone what somebody has edited', async () => {
    await file(ADA, 'leave-me-out', { login: 'zelda' });
    const own = push(
      copy.forge,
      'form/issue-1',
      { 'config/people.yaml': 'opt_out: [1]\n' },
      'By hand',
    );
    push(copy.forge, 'main', { 'config/repos.yaml': 'repositories: []\n' }, 'Another form');
    expect(await answer()).toContain('it stays as it is');
    expect(copy.forge.refs.get('heads/form/issue-1')).toBe(own);
  });

  it('does not open again what a maintainer has closed', async () => {
    await file(ADA, 'bot', { login: 'zelda-work' });
    for (const pull of copy.forge.pulls) pull.state = 'closed';
    expect(await answer()).toContain('#2 asked for this, and a maintainer has closed it');
    expect(copy.forge.pulls).toHaveLength(1);
    const [issue] = copy.issues;
    if (issue) issue.body = bodyOf('bot', { login: 'mallory' });
    await answer();
    expect(pulls().map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('is read no more once the issue is closed, or a comment is about nothing', async () => {
    await file(MALLORY, 'leave-me-out', { login: 'zelda' });
    const before = github.requests.length;
    await answer(1, true);
    expect(github.requests.length - before).toBe(2);
    const [issue] = copy.issues;
    if (issue) Object.assign(issue, { state: 'closed', labels: [ACCEPTED] });
    await answer();
    expect(pulls()).toEqual([]);
  });
});

describe('where GitHub does not help', () => {
  it('says which setting lets a workflow open pull requests', async () => {
    copy.forge.allowsPulls = false;
    const words = await file(ADA, 'leave-me-out', { login: 'zelda' });
    expect(words).toContain('Allow GitHub Actions to create and approve pull requests');
    expect(words).toContain(
      '(https://github.com/guild/leaderboard/compare/main...form/issue-1?expand=1)',
    );
    copy.forge.allowsPulls = true;
    await answer();
    expect(pulls()).toHaveLength(1);
  });

  it('goes on without a preview', async () => {
    copy.workflows.delete('config-preview.yml');
    const words = await file(ADA, 'leave-me-out', { login: 'zelda' });
    expect(words).toContain('There is no preview of it');
    expect(pulls()).toHaveLength(1);
  });

  it('writes nothing when the configuration is broken', async () => {
    push(copy.forge, 'main', { 'config/people.yaml': 'opt_out: [1\n' }, 'Broken');
    const words = await file(ADA, 'leave-me-out', { login: 'zelda' });
    expect(words).toContain('has to be edited by a maintainer first');
    expect(pulls()).toEqual([]);
  });

  it('fails when GitHub does, and writes nothing', async () => {
    github.setFault(({ name }) => (name.endsWith('/git/trees') ? FAULTS.serverError : undefined));
    await expect(file(ADA, 'leave-me-out', { login: 'zelda' })).rejects.toThrow();
    expect(copy.forge.pulls).toEqual([]);
  });
});
