import type { Db } from '../../../db/client.ts';
import {
  type FlaggedAccount,
  readFlaggedAccounts,
  readHoldersOfLogins,
  readKnownUserIds,
  updateFlags,
} from '../../../db/queries/contributors.ts';
import { erasePersonalData } from '../../../db/queries/profiles.ts';
import {
  aliasedIds,
  flagsOf,
  optedOutLogins,
  type People,
  type PeopleRules,
  resolvePeople,
} from '../../domain/people.ts';

/**
 * Brings `is_bot`, `is_opted_out` and `alias_of` of all accounts in line with the configuration,
 * in a transaction. Writes only changed accounts, erases the profiles of people who opted out,
 * and returns the number of changed accounts.
 */
export async function applyPeople(trx: Db, rules: PeopleRules): Promise<number> {
  let changes = 0;
  // Read
  const people = await readPeople(trx, rules);
  for await (const users of readFlaggedAccounts(trx)) {
    // Decide
    const changed = changedUsers(users, people);
    // Write
    if (changed.length === 0) continue;
    await updateFlags(trx, changed);
    changes += changed.length;
  }
  await erasePersonalData(trx);
  return changes;
}

async function readPeople(db: Db, rules: PeopleRules): Promise<People> {
  const logins = optedOutLogins(rules);
  const holders = logins.length > 0 ? await readHoldersOfLogins(db, logins) : [];
  const known = await readKnownUserIds(db, aliasedIds(rules));
  return resolvePeople(rules, holders, new Set(known));
}

/** The accounts whose stored flags differ from the rules, with the new flags. */
function changedUsers(users: readonly FlaggedAccount[], people: People): FlaggedAccount[] {
  return users
    .map((user) => ({ user, flags: flagsOf(user, people) }))
    .filter(
      ({ user, flags }) =>
        user.isBot !== flags.isBot ||
        user.isOptedOut !== flags.isOptedOut ||
        user.aliasOf !== flags.aliasOf,
    )
    .map(({ user, flags }) => ({ ...user, ...flags }));
}
