import { isLostConnection } from '../../../db/lost-connection.ts';
import { addUsage } from '../../../db/queries/github-lists.ts';
import { readRepositoriesById } from '../../../db/queries/repositories.ts';
import { readUnstatedIds } from '../../../db/queries/repository-ids.ts';
import { identifyRepository } from '../../../db/queries/repository-renames.ts';
import { type IdentityBatch, SOURCE_TRAITS } from '../../domain/source.ts';
import type { Context } from '../../runtime/context.ts';
import { loadSource } from '../../sources/registry.ts';
import { sourceContext } from '../open-sources.ts';

/**
 * Before the archive is read, GitHub is asked which repositories the names mean, where there is a
 * token: a point for a hundred, once for each. If it does not answer, the archive's events show it.
 */
export async function identifyRepositories(context: Context): Promise<void> {
  const { db, log, signal, sources, environment } = context;
  const readsArchive = sources.some((name) => SOURCE_TRAITS[name].eras === 'archive');
  if (!readsArchive || environment.githubToken === null) return;
  const ids = await readUnstatedIds(db);
  if (ids.length === 0) return;
  const repositories = await readRepositoriesById(db, ids);
  const { identify } = await loadSource('github');
  let identified = 0;
  try {
    for await (const batch of identify?.(sourceContext(context, 'github'), repositories) ?? []) {
      await save(context, batch);
      identified += batch.identities.length;
    }
  } catch (err) {
    signal.throwIfAborted();
    if (isLostConnection(err)) throw err;
    log.warn(
      { err },
      'GitHub does not say which repositories the names mean: the archive shows it',
    );
  }
  log.info({ repositories: ids.length, identified }, 'repositories identified');
}

async function save({ db, now }: Context, { identities, usage }: IdentityBatch): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await addUsage(trx, usage, now);
    for (const identity of identities) await identifyRepository(trx, identity, now);
  });
}
