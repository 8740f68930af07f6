import { avatarFile } from '../../pipeline/published/paths.ts';
import type { Documents } from './documents.ts';

/** A picture of one pixel that a browser can show. */
const GIF = Buffer.from('R0lGODlhAQABAIABAP8AAP///yH5BAEAAAEALAAAAAABAAEAAAICRAEAOw==', 'base64');

/** Whether there is a picture of an account: of two of three. */
export const isPictured = (id: unknown): id is number => typeof id === 'number' && id % 3 > 0;

const ELSEWHERE = 'https://avatars.githubusercontent.com/u/';

/** Gives two of three people a picture, and all of them an address of one elsewhere. */
export function addPictures(documents: Documents): void {
  const ids = new Set<number>();
  for (const document of documents.values()) walk(document as Record<string, unknown>, ids);
  for (const id of ids) documents.set(avatarFile(id, 'gif'), GIF);
}

function walk(value: Record<string, unknown>, ids: Set<number>): void {
  const { avatar_url, github_id, columns } = value;
  if (avatar_url !== undefined && columns) {
    value.avatar_url = `${ELSEWHERE}{github_id}`;
    const own = columns as { github_id?: (number | null)[]; avatar?: number[] };
    own.avatar = (own.github_id ?? []).map((id) => (isPictured(id) ? 4 : 0));
  } else if (avatar_url !== undefined && github_id) {
    value.avatar_url = `${ELSEWHERE}${github_id}`;
    if (isPictured(github_id)) value.avatar = 'gif';
    if (isPictured(github_id)) ids.add(github_id);
  }
  for (const part of Object.values(value))
    if (typeof part === 'object' && part !== null) walk(part as Record<string, unknown>, ids);
}
