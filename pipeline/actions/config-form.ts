import { addEntry } from '../config/add-entry.ts';
import { readConfigText } from '../config/read-file.ts';
import type { ConfigName } from '../config/schema.ts';
import { print } from '../util/printable.ts';
import { answerNumber } from './forms/answer-number.ts';
import { type Base, readBase, readFileAt } from './forms/config-branch.ts';
import { type ChangeForm, decide } from './forms/decide.ts';
import type { Change } from './forms/decision.ts';
import { readForm } from './forms/form.ts';
import {
  ensureAcceptedLabel,
  type FormIssue,
  readFormEvent,
  readIssue,
  sayOnIssue,
} from './forms/issue.ts';
import { type Proposed, propose, startPreview } from './forms/pull-request.ts';
import { quote } from './forms/quote.ts';
import { openRepository, type RepositoryApi } from './repository-api.ts';

/**
 * `actions:form`: answers an issue that was made with a form, by one comment and, where the
 * configuration changes, a pull request. All is derived anew from the issue as it is by now, so that
 * an event that comes twice, or out of order, does no harm.
 */
export async function answerForm(variables: NodeJS.ProcessEnv = process.env): Promise<void> {
  const api = openRepository(variables);
  const { number, isComment, branch } = readFormEvent(variables.GITHUB_EVENT_PATH ?? '');
  const issue = await readIssue(api, number);
  const form = issue && readForm(issue.body);
  if (!form) return print(`Issue ${number}: no open form.`);
  // Comments are read where one is asked for.
  if (isComment && form.name !== 'same-person') return print(`Issue ${number}: nothing to do.`);
  const words =
    form.name === 'wrong-number'
      ? await answerNumber(form.answers, api, variables)
      : await answerChange(api, issue, form, branch);
  await sayOnIssue(api, issue, words);
  print(`Issue ${number}: answered the form ${form.name}.`);
}

async function answerChange(
  api: RepositoryApi,
  issue: FormIssue,
  form: ChangeForm,
  branch: string,
): Promise<readonly string[]> {
  const base = await readBase(api, branch);
  const read = async <N extends ConfigName>(name: N) =>
    readConfigText(name, await readFileAt(api, pathOf(name), base.commit));
  const [people, repos] = [await read('people'), await read('repos')];
  const problem = people.problems[0] ?? repos.problems[0];
  if (!people.document || !repos.document) return broken(problem?.message ?? 'not valid');
  const decision = await decide(form, {
    api,
    issue,
    people: people.document,
    repos: repos.document,
  });
  if ('change' in decision) return change(api, issue, decision.change, base);
  if (decision.needsLabel) await ensureAcceptedLabel(api);
  return decision.words;
}

const pathOf = (name: ConfigName) => `config/${name}.yaml`;

const broken = (problem: string) => [
  `The configuration has to be edited by a maintainer first: ${quote(problem)}.`,
];

async function change(
  api: RepositoryApi,
  issue: FormIssue,
  { entry, ...rest }: Change,
  base: Base,
): Promise<readonly string[]> {
  const path = pathOf(entry.file);
  const edited = addEntry(await readFileAt(api, path, base.commit), entry);
  if ('problem' in edited) return broken(`${path}: ${edited.problem}`);
  const { text } = edited;
  const proposed = await propose(api, { issue, change: { entry, ...rest }, base, path, text });
  const isNew = proposed.state === 'new' || proposed.state === 'changed';
  const hasPreview = isNew && (await startPreview(api, base.branch, proposed.number));
  return describe(proposed, api, isNew && !hasPreview);
}

/** What happened, and what a person can do now. */
function describe(proposed: Proposed, { url }: RepositoryApi, lacksPreview: boolean): string[] {
  if (proposed.state === 'refused') {
    return [
      `The change is ready, but GitHub does not let the workflow open a pull request here. A maintainer can [open it](${proposed.url}), and switch this on for the next time: ${url}/settings/actions → Workflow permissions → Allow GitHub Actions to create and approve pull requests.`,
    ];
  }
  const pull = `#${proposed.number}`;
  if (proposed.state === 'closed') {
    return [
      `${pull} asked for this, and a maintainer has closed it. It can be opened again there.`,
    ];
  }
  const edited = ', and somebody has edited it: it stays as it is';
  const asks = `${pull} asks for this change${proposed.state === 'edited by hand' ? edited : ''}.`;
  const next = 'It closes this issue, and the next run of the pipeline applies it.';
  const preview =
    'There is no preview of it: the workflow config-preview.yml could not be started.';
  return [
    `${asks} A maintainer decides by merging it. ${next}`,
    ...(lacksPreview ? [preview] : []),
  ];
}
