import { readAvatarSizes, readAvatars, type StoredAvatar } from '../../../db/queries/avatars.ts';
import type { PictureType } from '../../domain/picture.ts';
import { avatarFile } from '../../published/paths.ts';
import { type KindSize, picture } from '../../published/sizes.ts';
import type { Report, ReportContext } from './context.ts';

/** The pictures that fit the limit of the site's size. */
export interface ChosenPictures {
  /** The kind of each picture, by the id of its person. */
  readonly types: ReadonlyMap<number, PictureType>;
  readonly size: KindSize;
}

/** The pictures that may be published: of real people, if the site shows any. */
export const readPictures = async ({
  db,
  config,
  sample,
}: Pick<ReportContext, 'db' | 'config' | 'sample'>): Promise<StoredAvatar[]> =>
  config.site.avatars && !sample ? readAvatarSizes(db) : [];

/**
 * Chooses the pictures of people, as far as there is room.
 * @param people those with a page first, whose pages have left room for their pictures
 * @param room in bytes
 */
export function choosePictures(
  people: readonly number[],
  stored: ReadonlyMap<number, StoredAvatar>,
  room: number,
): ChosenPictures {
  const types = new Map<number, PictureType>();
  let bytes = 0;
  for (const id of people) {
    const own = stored.get(id);
    if (!own || bytes + picture(own.size) > room) continue;
    types.set(id, own.type);
    bytes += picture(own.size);
  }
  return { types, size: { kind: 'pictures of people', files: types.size, bytes } };
}

/** Writes the chosen pictures, beside the documents. */
export async function writeAvatars({ db, folder, appearance }: Report): Promise<void> {
  if (appearance.pictures.size === 0) return;
  for await (const { id, type, bytes } of readAvatars(db)) {
    if (appearance.pictures.has(id)) folder.writeText(avatarFile(id, type), bytes);
  }
}
