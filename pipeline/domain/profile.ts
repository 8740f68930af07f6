import type { AccountType } from './contribution.ts';

/** A person with id and the login that was seen last. */
export interface KnownPerson {
  readonly id: number;
  readonly login: string;
}

/** The public profile of an account on GitHub. */
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
  /** As GitHub states them; empty if they were not requested. */
  readonly accounts: readonly { readonly provider: string; readonly url: string }[];
}
