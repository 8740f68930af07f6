import type { ConfiguredRepository } from '../../domain/repository.ts';
import type { Context } from '../../runtime/context.ts';
import { loadSource } from '../../sources/registry.ts';
import type { InventedRepository } from '../../sources/source.ts';

/** The repositories of the boards: the configured ones, or the invented ones of the sample. */
export async function wantedRepositories(
  context: Context,
): Promise<readonly ConfiguredRepository[]> {
  const invented = await inventedRepositories(context);
  return invented.length > 0 ? invented : context.config.repositories;
}

export async function inventedRepositories({
  sources,
  now,
}: Context): Promise<readonly InventedRepository[]> {
  const loaded = await Promise.all(sources.map(loadSource));
  return loaded.flatMap((source) => source.inventRepositories?.(now) ?? []);
}
