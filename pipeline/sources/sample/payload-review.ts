import type { Fact, FactOf, Pull } from './activity.ts';
import { apiUrl, toNodeId, toTime, toUser, webUrl } from './github-objects.ts';
import { toRemark } from './payload-issue.ts';

/** Reviews and the comments in them, without the pull request, which differs between the eras. */

function toReviewLinks({ repository }: Fact, { number }: Pull, anchor: string) {
  return {
    html_url: webUrl(repository, `/pull/${number}#${anchor}`),
    pull_request_url: apiUrl(repository, `/pulls/${number}`),
  };
}

export function toReview(fact: FactOf<'review'>) {
  const { review, pull, actor, at } = fact;
  const links = toReviewLinks(fact, pull, `pullrequestreview-${review.id}`);
  return {
    id: review.id,
    node_id: toNodeId('PRR', review.id),
    user: toUser(actor, at),
    body: review.body,
    commit_id: pull.headSha,
    submitted_at: toTime(at),
    state: review.state,
    ...links,
    _links: { html: { href: links.html_url }, pull_request: { href: links.pull_request_url } },
  };
}

/** Where in the change a comment stands: always the first line, which every change has. */
const FIRST_LINE = {
  diff_hunk: '@@ -1 +1 @@\n-a\n+b',
  path: 'src/index.ts',
  position: 1,
  original_position: 1,
  start_line: null,
  original_start_line: null,
  start_side: null,
  line: 1,
  original_line: 1,
  side: 'RIGHT',
  subject_type: 'line',
} as const;

export function toReviewComment(fact: FactOf<'review-comment'>) {
  const { repository, remark, review, pull } = fact;
  const url = apiUrl(repository, `/pulls/comments/${remark.id}`);
  const links = toReviewLinks(fact, pull, `discussion_r${remark.id}`);
  const _links = {
    self: { href: url },
    html: { href: links.html_url },
    pull_request: { href: links.pull_request_url },
  };
  const commit_id = pull.headSha;
  return {
    ...toRemark(fact, remark, 'PRRC', url),
    pull_request_review_id: review.id,
    ...FIRST_LINE,
    commit_id,
    original_commit_id: commit_id,
    ...links,
    _links,
  };
}
