import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ensureLabel } from '../labels.ts';
import { type RepositoryApi, WORKFLOW_LOGIN } from '../repository-api.ts';
import { formMarker } from './marker.ts';

/** The issue that a form was filed as, and the one comment of ours on it. */

/** An account of GitHub: the number stays when the login changes. */
export interface Account {
  readonly id: number;
  readonly login: string;
  /** A program, by what GitHub says of it. */
  readonly isBot: boolean;
}

interface Comment {
  readonly id: number;
  readonly authorId: number;
  readonly body: string;
}

export interface FormIssue {
  readonly number: number;
  readonly body: string;
  readonly author: Account;
  /** A maintainer has labelled it: outsiders can't. */
  readonly isAccepted: boolean;
  readonly comments: readonly Comment[];
  /** What we have answered before. */
  readonly answer: Comment | null;
}

/** The label by which a maintainer accepts what only the account itself may ask for. */
export const ACCEPTED = 'leaderboard-accepted';

const eventSchema = z.object({
  issue: z.object({ number: z.int().positive() }),
  comment: z.unknown().optional(),
  repository: z.object({ default_branch: z.string().min(1) }),
});

/** What a run is about: `issues` or `issue_comment`. */
export function readFormEvent(path: string) {
  const { issue, comment, repository } = eventSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return {
    number: issue.number,
    isComment: comment !== undefined,
    branch: repository.default_branch,
  };
}

/** As it is by now: an event may be old. Null if there is nothing to answer. */
export async function readIssue(api: RepositoryApi, number: number): Promise<FormIssue | null> {
  const { octokit, owner, repo } = api;
  const place = { owner, repo, issue_number: number };
  const { data } = await octokit.rest.issues.get(place);
  if (data.state !== 'open' || data.pull_request || data.user?.type !== 'User') return null;
  const listed = await octokit.paginate(octokit.rest.issues.listComments, {
    ...place,
    per_page: 100,
  });
  const labels = data.labels.map((label) => (typeof label === 'string' ? label : label.name));
  const isOwn = ({ user, body }: (typeof listed)[number]) =>
    user?.login === WORKFLOW_LOGIN && formMarker.read(body ?? '') !== null;
  const toComment = ({ id, user, body }: (typeof listed)[number]) => ({
    id,
    authorId: user?.id ?? 0,
    body: body ?? '',
  });
  const own = listed.find(isOwn);
  return {
    number,
    body: data.body ?? '',
    author: { id: data.user.id, login: data.user.login, isBot: false },
    isAccepted: labels.includes(ACCEPTED),
    comments: listed.filter((comment) => !isOwn(comment)).map(toComment),
    answer: own ? toComment(own) : null,
  };
}

/** Our comment is made once, and changed when the answer does. */
export async function sayOnIssue(
  { octokit, owner, repo }: RepositoryApi,
  { number, answer }: FormIssue,
  paragraphs: readonly string[],
): Promise<void> {
  const body = [...paragraphs, formMarker.write({ form: number })].join('\n\n');
  if (answer?.body === body) return;
  if (answer) {
    await octokit.rest.issues.updateComment({ owner, repo, comment_id: answer.id, body });
  } else {
    await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });
  }
}

/** The label is there for a maintainer who wants to set it. */
export const ensureAcceptedLabel = (api: RepositoryApi): Promise<void> =>
  ensureLabel(api, {
    name: ACCEPTED,
    color: '0e8a16',
    description: 'A maintainer accepts what this form asks for',
  });
