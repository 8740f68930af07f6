import { asciiLower } from '../../domain/names.ts';
import { joinAccounts, leaveOut, nameBot } from './decide-people.ts';
import { type Asked, ask, type Decision, none, quoteAnswer } from './decision.ts';
import type { Form } from './form.ts';
import { findRepository } from './look-up.ts';
import { readRepositoryName } from './names.ts';
import { quote } from './quote.ts';

/** The forms that end in a pull request. */
export type ChangeForm = Exclude<Form, { readonly name: 'wrong-number' }>;

/** Whether the configuration may be changed as a form asks for, and how. */
export function decide(form: ChangeForm, asked: Asked): Promise<Decision> {
  switch (form.name) {
    case 'add-repository':
      return addRepository(form.answers.repository, asked);
    case 'leave-me-out':
      return leaveOut(form.answers.login, asked);
    case 'same-person':
      return joinAccounts(form.answers, asked);
    case 'bot':
      return nameBot(form.answers.login, asked);
  }
}

async function addRepository(answer: string, { api, repos }: Asked): Promise<Decision> {
  const name = readRepositoryName(answer);
  if (name === null)
    return ask(`Expected a repository as owner/name; found ${quoteAnswer(answer)}.`);
  const found = await findRepository(api, name);
  if (!found) return ask(`GitHub shows no repository ${quote(name)} to everybody.`);
  if (found.isPrivate) return ask('That repository is private: only public ones are listed here.');
  const { fullName } = found;
  const listed = repos.repositories.map((one) => {
    if (typeof one === 'string') return one;
    return 'repo' in one ? one.repo : one.org;
  });
  if (listed.some((one) => asciiLower(one) === asciiLower(fullName))) {
    return none(`${quote(fullName)} is in \`config/repos.yaml\` already.`);
  }
  const remarks = [
    asciiLower(name) !== asciiLower(fullName) && `It was asked for by a former name.`,
    found.isArchived && 'It is archived: nothing new will happen in it.',
    found.isFork && 'It is a fork.',
  ];
  return {
    change: {
      entry: { file: 'repos', list: ['repositories'], value: fullName },
      title: `Add the repository ${fullName}`,
      reasons: remarks.filter((remark) => remark !== false),
    },
  };
}
