import { asciiLower } from '../../domain/names.ts';
import type { RepositoryApi } from '../repository-api.ts';
import { type Asked, ask, type Decision, none, quoteAnswer } from './decision.ts';
import { ACCEPTED, type Account } from './issue.ts';
import { findAccount } from './look-up.ts';
import { readLogin } from './names.ts';
import { quote } from './quote.ts';

/** The forms about accounts: who may ask for what. Accounts are compared by their numbers. */

export async function leaveOut(answer: string, { api, issue, people }: Asked): Promise<Decision> {
  const account = await readAccount(answer, api);
  if (!('id' in account)) return account;
  const isListed = people.opt_out.some(
    (one) => one === account.id || (typeof one === 'string' && isSame(one, account)),
  );
  if (isListed)
    return none('This account is left out already, from the next run on at the latest.');
  const isOwn = account.id === issue.author.id;
  if (!isOwn && !issue.isAccepted) {
    return {
      needsLabel: true,
      words: [
        'The account to leave out is not the one that wrote this issue. So nothing is changed before a maintainer agrees.',
        `The account itself can write such an issue: then the pull request is there at once. A maintainer accepts this one by the label \`${ACCEPTED}\`.`,
      ],
    };
  }
  return {
    change: {
      entry: { file: 'people', list: ['opt_out'], value: account.id },
      title: 'Leave an account out',
      reasons: [
        isOwn
          ? 'The account itself asks for it: its number is that of the author of the issue.'
          : `Somebody else asks for it, and a maintainer has set the label \`${ACCEPTED}\`.`,
      ],
    },
  };
}

/** What the other account has to write, and how it is compared: by its letters alone. */
const CONSENT = 'Yes, this is me';
const lettersOf = (line: string) => line.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
const isConsent = (body: string) =>
  body.split(/\r?\n/).some((line) => lettersOf(line) === lettersOf(CONSENT));

export async function joinAccounts(
  answers: { readonly shown: string; readonly other: string },
  { api, issue, people }: Asked,
): Promise<Decision> {
  const shown = await readAccount(answers.shown, api);
  if (!('id' in shown)) return shown;
  const other = await readAccount(answers.other, api);
  if (!('id' in other)) return other;
  if (shown.id === other.id) return ask('Both logins are of one account.');
  const partner = [shown, other].find(({ id }) => id !== issue.author.id);
  if (![shown.id, other.id].includes(issue.author.id) || !partner) {
    return ask('Only one of the two accounts can file this form: log in as one of them.');
  }
  if (people.aliases.some(({ id, is }) => id === other.id && is === shown.id)) {
    return none('Both accounts are counted as one already, from the next run on at the latest.');
  }
  const agreed = issue.comments.some(
    ({ authorId, body }) => authorId === partner.id && isConsent(body),
  );
  const names = `${quote(other.login)} counts for ${quote(shown.login)}`;
  if (!agreed) {
    return {
      words: [
        `${names} as soon as the account ${quote(partner.login)} has agreed.`,
        `Log in as ${quote(partner.login)}, and write a comment here with this line: **${CONSENT}**`,
      ],
    };
  }
  return {
    change: {
      entry: {
        file: 'people',
        list: ['aliases'],
        value: { id: other.id, is: shown.id },
        note: `${other.login} is ${shown.login}`,
      },
      title: `Count ${other.login} and ${shown.login} as one person`,
      reasons: [
        'One account wrote the issue, and the other one agreed in a comment on it: both by their numbers.',
      ],
    },
  };
}

export async function nameBot(answer: string, { api, people }: Asked): Promise<Decision> {
  const account = await readAccount(answer, api);
  if (!('id' in account)) return account;
  const { ids, logins, allow } = people.bots;
  const name = quote(account.login);
  if (
    allow.some((one) => one === account.id || (typeof one === 'string' && isSame(one, account)))
  ) {
    return none(
      `\`bots.allow\` says that ${name} is never a bot. A maintainer would have to take that out.`,
    );
  }
  if (account.isBot) return none(`GitHub itself says that ${name} is a bot: it is on no board.`);
  if (ids.includes(account.id) || logins.some((one) => isSame(one, account))) {
    return none(`${name} is known as a bot already, from the next run on at the latest.`);
  }
  return {
    change: {
      entry: { file: 'people', list: ['bots', 'ids'], value: account.id, note: account.login },
      title: `Name ${account.login} as a bot`,
      reasons: ['Anybody can say so of any account: a maintainer looks at it first.'],
    },
  };
}

const isSame = (login: string, account: Account) => asciiLower(login) === asciiLower(account.login);

/** The account of an answer, or what is wrong with that. */
async function readAccount(answer: string, api: RepositoryApi): Promise<Account | Decision> {
  const login = readLogin(answer);
  if (login === null)
    return ask(`Expected the login of an account on GitHub; found ${quoteAnswer(answer)}.`);
  const account = await findAccount(api, login);
  return (
    account ?? ask(`GitHub knows no account ${quote(login)}: it may have another name by now.`)
  );
}
