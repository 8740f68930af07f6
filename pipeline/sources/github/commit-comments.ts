import { z } from 'zod';
import { eventIds } from '../../domain/contribution.ts';
import { ACTOR_FRAGMENT, accountOfActor, actorSchema } from './actor.ts';
import { type ListContext, rateLimitFields } from './list-context.ts';
import type { Outcome } from './outcome.ts';
import { fetchPage } from './page-size.ts';
import type { PassPage, SyncPass } from './sync.ts';

/** Comments on commits. GitHub lists them oldest first and by nothing else: read from the end. */
export const COMMIT_COMMENTS_QUERY = `
query commitComments($owner: String!, $name: String!, $size: Int!, $before: String) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    commitComments(last: $size, before: $before) {
      nodes { databaseId createdAt author { ...actor } }
      pageInfo { hasPreviousPage startCursor }
    }
  }
}
${ACTOR_FRAGMENT}`;

const answerSchema = z.object({
  repository: z.object({
    commitComments: z.object({
      nodes: z.array(
        z.object({
          databaseId: z.int().nullable(),
          createdAt: z.coerce.date(),
          author: actorSchema,
        }),
      ),
      pageInfo: z.object({ hasPreviousPage: z.boolean(), startCursor: z.string().nullable() }),
    }),
  }),
});

/** One pass over the comments on commits, back to those that are known. */
export async function* fetchCommitComments(
  context: ListContext,
  pass: SyncPass,
): AsyncGenerator<PassPage> {
  const { client, owner, name, sizes, signal, makeContribution } = context;
  for (let before = pass.cursor; ; ) {
    const { data } = await fetchPage(
      client,
      COMMIT_COMMENTS_QUERY,
      { owner, name, before },
      sizes.commitComments,
      answerSchema,
      signal,
    );
    const { nodes, pageInfo } = data.repository.commitComments;
    const outcomes = nodes.map(
      ({ databaseId, createdAt, author }): Outcome =>
        databaseId === null
          ? { skipped: 'no_id' }
          : makeContribution({
              eventId: eventIds.commitComment(databaseId),
              kind: 'COMMENT',
              account: accountOfActor(author),
              occurredAt: createdAt,
              subjectNumber: null,
            }),
    );
    const isKnown = nodes.some(({ createdAt }) => createdAt < pass.changed_since);
    before = pageInfo.hasPreviousPage && !isKnown ? pageInfo.startCursor : null;
    yield { outcomes, cursor: before };
    if (before === null) return;
  }
}
