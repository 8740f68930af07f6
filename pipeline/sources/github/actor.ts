import { z } from 'zod';
import { APP_SUFFIX } from '../../domain/bots.ts';
import { type Account, GHOST_ID, parseAccountType } from '../../domain/contribution.ts';
import { storedId, storedLogin } from '../../domain/stored-value.ts';

/** Accounts of GraphQL and of REST, in one form. */

/** What every query asks of an account. */
export const ACTOR_FRAGMENT = `
fragment actor on Actor {
  __typename
  login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
  ... on Organization { databaseId }
}`;

/** Null for a deleted user. */
export const actorSchema = z
  .object({
    __typename: z.string(),
    login: z.string(),
    databaseId: z.number().nullish(),
  })
  .nullable();

/** Null for a deleted user in some answers, `ghost` in others. */
export const restUserSchema = z
  .object({ id: z.number(), login: z.string(), type: z.string().optional() })
  .nullable();

/** The account of a GraphQL actor; null if there is no account to credit. */
export function accountOfActor(actor: z.infer<typeof actorSchema> | undefined): Account | null {
  if (!actor?.databaseId) return null;
  return toAccount(actor.databaseId, actor.login, actor.__typename);
}

/** The account of a REST user; null if there is no account to credit. */
export function accountOfUser(user: z.infer<typeof restUserSchema> | undefined): Account | null {
  return user ? toAccount(user.id, user.login, user.type) : null;
}

/** An account that can't be stored is nobody to credit: its contribution counts as unattributed. */
const accountSchema = z.object({ id: storedId, login: storedLogin });

/** GraphQL shows the logins of apps without the suffix that they have everywhere else. */
function toAccount(id: number, login: string, type: string | undefined): Account | null {
  if (id === GHOST_ID || !accountSchema.safeParse({ id, login }).success) return null;
  const isBareApp = type === 'Bot' && !login.endsWith(APP_SUFFIX);
  return { id, login: isBareApp ? `${login}${APP_SUFFIX}` : login, type: parseAccountType(type) };
}
