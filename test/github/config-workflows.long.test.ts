import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commentPreview } from '../../pipeline/actions/comment-preview.ts';
import { PREVIEW_FILE } from '../../pipeline/actions/config-preview-document.ts';
import { COMMENT_MARKER } from '../../pipeline/actions/preview-comment.ts';
import { previewConfig } from '../../pipeline/actions/preview-config.ts';
import { unzipFile } from '../../pipeline/actions/unzip.ts';
import { EXIT } from '../../pipeline/util/usage-error.ts';
import { useDatabase } from '../support/databases.ts';
import { type CopyPull, type Pushed, pushConfig } from '../support/github/copy-pulls.ts';
import { IN_FORCE, peopleYaml, publishCommunity } from '../support/proposals.ts';
import { runHere } from '../support/run-here.ts';
import {
  FILES,
  outputOf,
  resultsOf,
  summaryOf,
  useCopy,
} from '../support/workflow-runner/copy-of-project.ts';
import type { FinishedWorkflow } from '../support/workflow-runner/run-workflow.ts';
import { zip } from '../support/zip.ts';

/** `config-preview.yml` and `config-comment.yml`, executed one after the other. */

const FORK = { id: 77, full_name: 'ada/leaderboard', branch: 'heavier' };
const HERE = 'guild/leaderboard';

const NO_PULL = 'No open pull request has the commit of this preview.';

const commitOf = (push: number) => String(push).padStart(40, 'a');

describe('a pull request that changes the configuration', () => {
  const database = useDatabase();
  const project = useCopy();
  const { copy } = project;
  const folder = mkdtempSync(join(tmpdir(), 'pull-'));
  const pull: CopyPull = {
    ...{ number: 7, state: 'open', from: FORK, head: commitOf(0), merged: null },
    ...{ files: ['config/weights.yaml'], comments: [] },
  };
  beforeAll(async () => {
    copy.git.pulls.push(pull);
    await publishCommunity(database.db, folder);
    project.publish(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const push = (commit: string, files: Readonly<Record<string, Pushed>>) => {
    pull.head = commit;
    pull.merged = pushConfig(copy.git, { ...IN_FORCE, ...files });
  };

  const preview = () =>
    project.run('config-preview.yml', {
      event: {
        name: 'pull_request',
        sha: pull.merged ?? '',
        payload: {
          number: pull.number,
          pull_request: { head: { sha: pull.head }, base: { ref: 'main' } },
        },
      },
    });

  /** The event `workflow_run` about the end of a preview. */
  const endOf = ({ id, attempt, conclusion }: FinishedWorkflow, changes: object = {}) => ({
    workflow_run: {
      ...{ id, run_attempt: attempt, conclusion, event: 'pull_request', head_sha: pull.head },
      ...{ head_branch: FORK.branch, head_repository: { id: FORK.id, owner: { login: 'ada' } } },
      html_url: `https://github.com/guild/leaderboard/actions/runs/${id}`,
      ...changes,
    },
  });
  const comment = (run: FinishedWorkflow) =>
    project.run('config-comment.yml', { event: { name: 'workflow_run', payload: endOf(run) } });

  const variables = () => ({
    ...{ GITHUB_TOKEN: 'token', GITHUB_REPOSITORY: HERE },
    GITHUB_API_URL: project.github.apiUrl,
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
  });

  /** The same without a process of its own. */
  const commentHere = async (run: FinishedWorkflow, changes: object = {}) => {
    const path = join(folder, 'event.json');
    writeFileSync(path, JSON.stringify(endOf(run, changes)));
    const { signal } = new AbortController();
    const work = () => commentPreview(signal);
    return (await runHere(work, { cwd: folder, env: variables() })).output;
  };

  /** Changes what a run left. */
  const tamper = async (run: FinishedWorkflow, change: (text: string) => string) => {
    const artifact = copy.artifacts.find(({ runId }) => runId === run.id);
    if (!artifact) throw new Error('the run left no artifact');
    const [archive, file] = [join(folder, 'archive'), join(folder, 'preview.json')];
    writeFileSync(archive, artifact.zip);
    await unzipFile(archive, 'preview.json', file, 1e9);
    artifact.zip = zip({ 'preview.json': Buffer.from(change(readFileSync(file, 'utf8'))) });
  };
  let second: FinishedWorkflow;

  it('gets a comment at its first push', async () => {
    push(commitOf(1), { 'weights.yaml': 'base_points: { COMMIT: 0 }\n' });
    const run = await preview();
    expect(resultsOf(run), outputOf(run)).toEqual({ preview: 'success', comment: 'skipped' });
    expect(summaryOf(run)).toContain('| base_points.COMMIT | 10 → 0 |');
    const end = await comment(run);
    expect(resultsOf(end), outputOf(end)).toEqual({ comment: 'success' });
    expect(pull.comments).toHaveLength(1);
    expect(pull.comments[0]?.body.startsWith(`${COMMENT_MARKER}\n\nCommit ${pull.head}: `)).toBe(
      true,
    );
    expect(pull.comments[0]?.body).toContain(`actions/runs/${run.id}) has it as its summary.`);
    expect(project.github.violations).toEqual([]);
  });

  it('has the same comment brought up to date at its second push', async () => {
    pull.comments.unshift({ id: 99, by: 'User', body: `${COMMENT_MARKER} copied by a person` });
    push(commitOf(2), { 'people.yaml': peopleYaml({ bots: { logins: ['Bob'] } }) });
    second = await preview();
    await comment(second);
    expect(pull.comments.map(({ id }) => id)).toEqual([99, 1]);
    expect(pull.comments[0]?.body).toContain('copied by a person');
    expect(pull.comments[1]?.body).toContain(`Commit ${commitOf(2)}: `);
    expect(pull.comments[1]?.body).toContain('Become bots: `Bob`');
  });

  it('is said to be wrong, and where, also where the preview was started by hand', async () => {
    push(commitOf(3), { 'weights.yaml': 'base_points:\n  COMIT: 0\n' });
    const inputs = { pull_request: '7' };
    const event = { name: 'workflow_dispatch', payload: { inputs } };
    const run = await project.run('config-preview.yml', { event });
    expect(resultsOf(run), outputOf(run)).toEqual({ preview: 'failure', comment: 'success' });
    expect(outputOf(run)).toContain('::error file=config/weights.yaml,line=2,col=3::unknown key');
    const wrong = 'config/weights.yaml:2:3: unknown key `COMIT`';
    expect(pull.comments[1]?.body).toContain(wrong);
    // A preview that has failed is commented on, too.
    pull.comments[1] = { id: 1, by: 'Bot', body: `${COMMENT_MARKER} of an earlier push` };
    expect(run.conclusion).toBe('failure');
    expect(resultsOf(await comment(run))).toEqual({ comment: 'success' });
    expect(pull.comments).toHaveLength(2);
    expect(pull.comments[1]?.body).toContain(wrong);
  });

  it('is looked at by its number, as long as it is open and can be merged', async () => {
    const path = join(folder, 'event.json');
    writeFileSync(path, JSON.stringify({ inputs: { pull_request: '7' } }));
    const env = { ...variables(), GITHUB_SHA: commitOf(0) };
    const { signal } = new AbortController();
    const byHand = () => runHere(() => previewConfig(signal), { cwd: folder, env });
    mkdirSync(join(folder, 'config'));
    writeFileSync(join(folder, 'config/repos.yaml'), FILES['config/repos.yaml']);
    expect(await byHand()).toMatchObject({ code: EXIT.usage });
    expect(JSON.parse(readFileSync(join(folder, PREVIEW_FILE), 'utf8'))).toMatchObject({
      ...{ pull_request: 7, commit: commitOf(3) },
      problems: [{ file: 'config/weights.yaml', line: 2 }],
    });
    const { merged } = pull;
    pull.merged = null;
    expect((await byHand()).output).toContain("closed, or can't be merged");
    pull.merged = merged;
    pull.state = 'closed';
    expect((await byHand()).output).toContain("closed, or can't be merged");
    pull.state = 'open';
    writeFileSync(path, JSON.stringify({ inputs: { pull_request: '7; rm' } }));
    expect((await byHand()).output).toContain('The event names no pull request');
  });

  it('gets a new comment where somebody has deleted ours', async () => {
    pull.head = commitOf(2);
    pull.comments.length = 0;
    expect(await commentHere(second)).toContain('Commented on pull request 7.');
    expect(pull.comments).toHaveLength(1);
  });

  it('gets no comment of a commit that is not its newest, once it is closed, or beside another', async () => {
    const before = pull.comments[0]?.body;
    pull.head = commitOf(9);
    expect(await commentHere(second, { head_sha: commitOf(2) })).toContain(NO_PULL);
    pull.head = commitOf(2);
    pull.state = 'closed';
    expect(await commentHere(second)).toContain(NO_PULL);
    pull.state = 'open';
    copy.git.pulls.push({ ...pull, number: 8, comments: [] });
    expect(await commentHere(second)).toContain(NO_PULL);
    copy.git.pulls.pop();
    const elsewhere = { id: 78, owner: { login: 'ada' } };
    expect(await commentHere(second, { head_repository: elsewhere })).toContain(NO_PULL);
    expect(await commentHere(second, { head_branch: 'other' })).toContain(NO_PULL);
    expect(await commentHere(second, { head_repository: null })).toContain(NO_PULL);
    expect(await commentHere(second, { event: 'push' })).toContain(NO_PULL);
    expect(pull.comments.map(({ body }) => body)).toEqual([before]);
  });

  it('gets a comment of a preview that was started with its number, and no other', async () => {
    const path = join(folder, 'event.json');
    const byHand = async (number: string) => {
      writeFileSync(path, JSON.stringify({ inputs: { pull_request: number } }));
      const run = { GITHUB_RUN_ID: String(second.id), GITHUB_RUN_ATTEMPT: '1' };
      const { signal } = new AbortController();
      const work = () => commentPreview(signal);
      return (await runHere(work, { cwd: folder, env: { ...variables(), ...run } })).output;
    };
    expect(await byHand('8')).toContain(NO_PULL);
    expect(await byHand('7')).toContain('up to date');
    pull.head = commitOf(9);
    expect(await byHand('7')).toContain(NO_PULL);
    pull.head = commitOf(2);
  });

  it('is said to change the workflows if it does', async () => {
    pull.files.push('.github/workflows/config-preview.yml');
    await commentHere(second);
    expect(pull.comments[0]?.body).toContain('also changes files under `.github/`');
  });

  it('gets no comment of an artifact that does not fit', async () => {
    const before = pull.comments[0]?.body;
    await tamper(second, (text) => text.replace('"pull_request":7', '"pull_request":8'));
    expect(await commentHere(second)).toContain('No open pull request');
    await tamper(second, (text) => text.replace('"pull_request":8', '"pull_request":"7"'));
    expect(await commentHere(second)).toContain('pull_request is not as it should be');
    await tamper(second, () => '{');
    expect(await commentHere(second)).toContain('it is not JSON');
    await tamper(second, () => ' '.repeat(8_000_001));
    expect(await commentHere(second)).toContain('has more than 8000000 bytes');
    const [artifact] = copy.artifacts.filter(({ runId }) => runId === second.id);
    if (artifact) artifact.zip = Buffer.from('no archive');
    expect(await commentHere(second)).toContain('it is no ZIP archive');
    copy.artifacts.length = 0;
    expect(await commentHere(second)).toContain('The run left no preview.');
    expect(pull.comments.map(({ body }) => body)).toEqual([before]);
    expect(project.github.violations).toEqual([]);
  });
});
