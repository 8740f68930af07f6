import type { Environment } from '../../config/environment.ts';
import { type PictureType, pictureTypeOf } from '../../domain/picture.ts';
import { type RetryPolicy, withRetries } from '../../util/retry.ts';

/** Pictures of people, from the one host that has them: without a token, as any browser gets them. */

/** What a look for a picture brought. */
export type AvatarAnswer =
  | {
      readonly kind: 'picture';
      readonly type: PictureType;
      readonly bytes: Buffer;
      readonly etag: string | null;
    }
  /** It is still the one of the given ETag. */
  | { readonly kind: 'unchanged' }
  /** There is none of this account any more. */
  | { readonly kind: 'gone'; readonly reason: string }
  /** @param isLimit the host wants to be asked no more for now */
  | { readonly kind: 'failed'; readonly reason: string; readonly isLimit: boolean };

export interface AvatarLimits {
  /** For one picture, from the request to its last byte. */
  readonly timeoutMs: number;
  readonly bytes: number;
}

/** Pixels: twice the size at which pages show pictures, for dense screens. */
const PIXELS = 56;
/** A picture of 56 pixels has 1 to 8 KB; an animated one may have far more, and is refused. */
const LIMITS: AvatarLimits = { timeoutMs: 10_000, bytes: 20_000 };

const GITHUB_API = 'https://api.github.com';

/**
 * Where pictures come from: the address before `/u/ID`. Null if there is no such place: without
 * https, or if API and server are not of one GitHub, whose ids would be other people's.
 */
export function avatarHost({
  githubApiUrl,
  githubServerUrl,
}: Pick<Environment, 'githubApiUrl' | 'githubServerUrl'>): string | null {
  const isGithub = githubApiUrl === GITHUB_API;
  if (isGithub !== (githubServerUrl === 'https://github.com')) return null;
  if (isGithub) return 'https://avatars.githubusercontent.com';
  return githubServerUrl.startsWith('https://') ? `${githubServerUrl}/avatars` : null;
}

/**
 * Fetches the picture of an account, if it is another one than that of the ETag. Follows no redirect.
 * @param host as `avatarHost` gives it
 * @throws only if the signal aborts: whatever else is wrong is an answer
 */
export async function fetchAvatar(
  host: string,
  { id, etag }: { readonly id: number; readonly etag: string | null },
  signal: AbortSignal,
  limits = LIMITS,
): Promise<AvatarAnswer> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]);
  try {
    const ask = () =>
      fetch(`${host}/u/${id}?s=${PIXELS}`, {
        headers: { accept: 'image/*', ...(etag !== null && { 'if-none-match': etag }) },
        redirect: 'manual',
        signal: stop,
      });
    return await readAnswer(await withRetries(ask, REPEAT, stop), etag, limits);
  } catch (error) {
    signal.throwIfAborted();
    return failed(stop.aborted ? 'no answer in time' : describe(error));
  }
}

/** A host may end a kept connection just as it is used again: RFC 9112, 9.5. */
const REPEAT: RetryPolicy = {
  delaysMs: [0],
  isTransient: (error) => {
    const { code = '' } = ((error as Error).cause ?? {}) as { readonly code?: string };
    return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(code);
  },
};

const failed = (reason: string, isLimit = false) => ({ kind: 'failed', reason, isLimit }) as const;

/** `fetch failed` says nothing; its cause does. */
const describe = (error: unknown): string => {
  const { cause, message } = error as { readonly cause?: Error; readonly message?: string };
  return cause?.message || message || 'no answer';
};

async function readAnswer(
  answer: Response,
  etag: string | null,
  limits: AvatarLimits,
): Promise<AvatarAnswer> {
  if (answer.status === 200) return readPicture(answer, limits);
  const { status } = answer;
  await answer.body?.cancel();
  if (status === 304 && etag !== null) return { kind: 'unchanged' };
  if (status === 404 || status === 410)
    return { kind: 'gone', reason: `the host answers ${status}` };
  if (status >= 300 && status < 400 && status !== 304) return failed('the host leads elsewhere');
  return failed(`the host answers ${status}`, status === 429);
}

async function readPicture(answer: Response, limits: AvatarLimits): Promise<AvatarAnswer> {
  const bytes = await readBytes(answer, limits.bytes);
  if (bytes === null) return failed(`more than ${limits.bytes} bytes`);
  const type = pictureTypeOf(bytes);
  if (type === null) return failed('no PNG, JPEG, WebP or GIF');
  return { kind: 'picture', type, bytes, etag: etagOf(answer) };
}

/** Null if there are more than `most`: then the rest is not read. */
async function readBytes({ body, headers }: Response, most: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = Number(headers.get('content-length') ?? 0) > most ? most + 1 : 0;
  if (size > most) await body?.cancel();
  else
    for await (const chunk of body ?? []) {
      size += chunk.length;
      // Leaving the loop cancels the rest.
      if (size > most) break;
      chunks.push(chunk);
    }
  return size > most ? null : Buffer.concat(chunks);
}

/** One that can be sent back; whatever else it may be is left out. */
function etagOf({ headers }: Response): string | null {
  const etag = headers.get('etag') ?? '';
  return /^(?:W\/)?"[\x21\x23-\x7e]{1,200}"$/.test(etag) ? etag : null;
}
