import type { Db } from '../../../db/client.ts';
import {
  noteAvatarLook,
  type PersonToPicture,
  readPeopleToPicture,
  storeAvatar,
} from '../../../db/queries/avatars.ts';
import type { Config } from '../../config/schema.ts';
import { LONGEST, toStoredText } from '../../domain/stored-value.ts';
import { DAY_MS } from '../../domain/time.ts';
import { type AvatarAnswer, fetchAvatar } from '../../sources/github/avatars.ts';
import type { Log } from '../../util/log.ts';

export interface AvatarContext {
  readonly db: Db;
  readonly log: Log;
  readonly site: Pick<Config['site'], 'contributor_pages' | 'board_pages' | 'page_size'>;
  /** As `avatarHost` gives it. */
  readonly host: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Whether nothing new may be begun any more. */
  readonly isOver: () => boolean;
}

export interface AvatarResult {
  /** Pictures that are new or changed. */
  readonly fetched: number;
  readonly unchanged: number;
  readonly failed: number;
}

/** Pictures change: they are looked at again after this time, and those that failed sooner. */
const REFRESH_MS = 30 * DAY_MS;
const RETRY_MS = 3 * DAY_MS;
/** Pictures of one run: at most so many, and for so long. */
const MOST_PICTURES = 500;
const MOST_MS = 120_000;
/** So many failures in a row are the host's, and not those of single pictures. */
const MOST_IN_A_ROW = 5;

/**
 * Fetches the pictures that are due, the best people's first, one after the other: each is stored by
 * itself, so that a run that ends loses none.
 */
export async function fetchAvatars(context: AvatarContext): Promise<AvatarResult> {
  const { log } = context;
  const end = performance.now() + MOST_MS;
  const counts = { fetched: 0, unchanged: 0, failed: 0 };
  let inARow = 0;
  for (const person of await readDue(context)) {
    if (context.isOver() || performance.now() >= end) break;
    const answer = await lookAt(context, person);
    const isFailure = answer.kind === 'failed' || answer.kind === 'gone';
    inARow = isFailure ? inARow + 1 : 0;
    if (answer.kind === 'picture') counts.fetched += 1;
    else if (answer.kind === 'unchanged') counts.unchanged += 1;
    else counts.failed += 1;
    const isLimit = answer.kind === 'failed' && answer.isLimit;
    if (!isLimit && inARow < MOST_IN_A_ROW) continue;
    const { reason } = answer as Extract<AvatarAnswer, { reason: string }>;
    log.warn({ reason }, 'pictures of people are left to a later run');
    break;
  }
  log.info(counts, 'pictures of people fetched');
  return counts;
}

function readDue({ db, site, now }: AvatarContext): Promise<PersonToPicture[]> {
  return readPeopleToPicture(db, {
    staleBefore: new Date(now.getTime() - REFRESH_MS),
    failedBefore: new Date(now.getTime() - RETRY_MS),
    pages: site.contributor_pages,
    firstPlaces: site.board_pages * site.page_size,
    limit: MOST_PICTURES,
  });
}

/** Fetches one picture and stores what came of it. */
async function lookAt(
  { db, host, now, signal }: AvatarContext,
  person: PersonToPicture,
): Promise<AvatarAnswer> {
  const answer = await fetchAvatar(host, person, signal);
  const { id } = person;
  if (answer.kind === 'picture') {
    await storeAvatar(db, id, answer, { lookedAt: now, failure: null });
  } else if (answer.kind === 'unchanged') {
    await noteAvatarLook(db, id, { lookedAt: now, failure: null });
  } else {
    const failure = toStoredText(answer.reason, LONGEST.message);
    if (answer.kind === 'gone') await storeAvatar(db, id, null, { lookedAt: now, failure });
    else await noteAvatarLook(db, id, { lookedAt: now, failure });
  }
  return answer;
}
