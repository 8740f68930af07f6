import { z } from 'zod';
import { eventIds } from '../../domain/contribution.ts';
import { storedReference, storedTitle } from '../../domain/stored-value.ts';
import { accountOfUser, restUserSchema } from './actor.ts';
import { contentOf, createPageGuard, githubTime, isPutAside, readable } from './items.ts';
import type { MakeContribution, Outcome } from './outcome.ts';
import { fetchRestPage } from './rest-pages.ts';
import type { ListContext, PassPage, SyncPass } from './sync.ts';

/**
 * Releases, by REST: GraphQL leaves out the author of some. They are listed by the time of their
 * commit, and a draft may be published years later: there is no place to stop, so all are read.
 */

const releaseSchema = z.object({
  id: z.int(),
  author: restUserSchema,
  draft: z.boolean(),
  published_at: githubTime.nullable(),
  name: storedTitle,
  tag_name: storedReference,
});

/** One pass over all releases. */
export async function* fetchReleases(
  context: ListContext,
  pass: SyncPass,
): AsyncGenerator<PassPage> {
  const { owner, name: repo, makeContribution } = context;
  const route = 'GET /repos/{owner}/{repo}/releases';
  const list = { name: 'releases', route, parameters: { owner, repo }, schema: releaseSchema };
  const guard = createPageGuard('releases');
  for (let page = Number(pass.cursor ?? 1); ; page++) {
    const { items: releases, hasNextPage } = await fetchRestPage(context, list, page);
    guard(contentOf(readable(releases).map(({ id }) => id)));
    const outcomes = releases.map((release) =>
      isPutAside(release) ? release : classifyRelease(release, makeContribution),
    );
    yield { outcomes, cursor: hasNextPage ? String(page + 1) : null };
    if (!hasNextPage) return;
  }
}

function classifyRelease(
  release: z.infer<typeof releaseSchema>,
  makeContribution: MakeContribution,
): Outcome {
  const { draft, published_at: publishedAt } = release;
  if (draft || publishedAt === null) return { skipped: 'draft_release' };
  return makeContribution({
    eventId: eventIds.release(release.id),
    kind: 'RELEASE',
    account: accountOfUser(release.author),
    occurredAt: publishedAt,
    subjectNumber: null,
    title: release.name ?? release.tag_name,
    reference: release.tag_name,
  });
}
