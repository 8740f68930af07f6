import type { AccountType } from './contribution.ts';

/** Somebody who is known by id, under the login that was seen last. */
export interface KnownPerson {
  readonly id: number;
  readonly login: string;
}

/** What an account shows of itself on GitHub. */
export interface Profile extends KnownPerson {
  readonly type: AccountType;
  readonly displayName: string | null;
  readonly avatarUrl: string | null;
  readonly company: string | null;
  readonly location: string | null;
  /** Only when public. */
  readonly email: string | null;
  /** The name on Twitter/X, as GitHub states it. */
  readonly twitter: string | null;
  readonly website: string | null;
  /** As GitHub states them; empty if they were not asked for. */
  readonly accounts: readonly { readonly provider: string; readonly url: string }[];
}
