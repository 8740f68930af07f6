import { z } from 'zod';
import { KNOWN_BOT_IDS, KNOWN_BOT_LOGINS } from '../../domain/known-bots.ts';
import { LOGIN } from '../../domain/names.ts';
import type { PeopleRules } from '../../domain/people.ts';

const login = z.string().regex(LOGIN, 'expected a GitHub login');
const accountId = z.int('expected a numeric id').positive();
const account = z.union([accountId, login], 'expected a numeric id or a login');

export const peopleSchema = z
  .strictObject({
    bots: z
      .strictObject({
        ids: z
          .array(accountId)
          .default([...KNOWN_BOT_IDS])
          .describe('Numeric ids of bots: they hold when a login changes.'),
        logins: z
          .array(login)
          .default([...KNOWN_BOT_LOGINS])
          .describe('Logins of bots, beside every login that ends in [bot].'),
        allow: z
          .array(account)
          .default([])
          .describe('Never bots, whatever the rule says: ids or logins.'),
      })
      .prefault({})
      .describe('Accounts that are programs: on no board.'),
    opt_out: z.array(account).default([]).describe('On no page, board or download: ids or logins.'),
    aliases: z
      .array(
        z.strictObject({
          id: accountId.describe('The account that is not shown.'),
          is: accountId.describe('The account that it is shown as.'),
        }),
      )
      .default([])
      .describe('{id: 1, is: 2}: one person, two accounts, shown as 2.'),
  })
  .meta({
    title: 'People',
    description: 'Bots, opt-outs and people with two accounts.',
  }) satisfies z.ZodType<PeopleRules>;
