import { describe, expect, it } from 'vitest';
import { comment, createForge, filesOf } from '../support/github/forge.ts';
import { outputOf, resultsOf, useCopy } from '../support/workflow-runner/copy-of-project.ts';

/** `config-form.yml`, executed for an issue that was made with a form. */

const files = {
  'config/people.yaml': '# Who is not counted.\nopt_out: [] # nobody yet\n',
  'config/repos.yaml': 'repositories:\n  - guild/engine\n',
};

const WROTE = { id: 77, login: 'wrote', type: 'User' as const };

const issue = {
  number: 1,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of workflows, as somebody else wrote it.
  title: '`$(id)` ${{ github.token }}',
  body: '### Login of the account to leave out\n\nwrote',
  labels: [],
  state: 'open' as const,
  by: 'User' as const,
  author: WROTE,
  comments: [],
};

describe('a form', () => {
  const project = useCopy({ issues: [issue], forge: createForge(files) });
  const { copy, run } = project;
  const event = (name: string, changes: object = {}) => ({
    event: { name, payload: { issue: { ...issue, ...changes } } },
  });

  it('becomes a pull request, and is answered', async () => {
    project.github.setWorld({ repositories: [], people: [WROTE] });
    const end = await run('config-form.yml', event('issues'));
    expect(resultsOf(end), outputOf(end)).toEqual({ answer: 'success' });
    expect(outputOf(end)).toContain('Issue 1: answered the form leave-me-out.');
    expect(copy.forge.pulls).toMatchObject([{ number: 2, head: 'form/issue-1', state: 'open' }]);
    expect(filesOf(copy.forge, 'form/issue-1')).toEqual({
      ...files,
      'config/people.yaml': '# Who is not counted.\nopt_out:\n  - 77\n  # nobody yet\n',
    });
    expect(copy.forge.comments.get(1)?.map(({ body }) => body)).toEqual([
      expect.stringContaining('#2 asks for this change.'),
    ]);
    expect(project.github.violations).toEqual([]);
  });

  it('is looked at after no other comment and issue', async () => {
    comment(copy.forge, 1, WROTE, '### Login of the account to leave out');
    const other = await run('config-form.yml', event('issues', { body: 'Something else' }));
    const pull = await run('config-form.yml', event('issue_comment', { pull_request: {} }));
    expect([resultsOf(other), resultsOf(pull)]).toEqual([
      { answer: 'skipped' },
      { answer: 'skipped' },
    ]);
  });
});
