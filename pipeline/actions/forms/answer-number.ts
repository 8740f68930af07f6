import { readConfigFile } from '../../config/read-file.ts';
import { siteAddress, usualPath } from '../../config/site-address.ts';
import { openDocuments, type ReadDocument } from '../../stages/preview/document-source.ts';
import { escapeMarkdown } from '../../util/markdown.ts';
import { UsageError } from '../../util/usage-error.ts';
import type { RepositoryApi } from '../repository-api.ts';
import { readLogin, readRepositoryName } from './names.ts';
import { describePerson, describeRepository, type Scope } from './number-words.ts';
import { readPublishedPerson } from './published-person.ts';

/** The answer to "a number is wrong": what the number is made of, from the published documents. */

/** The documents of a person and a repository have some MB; a published site may be anybody's. */
const LIMITS = { document: 20_000_000, all: 100_000_000, timeMs: 60_000 };

interface Answers {
  readonly login: string;
  readonly repository: string;
}

const STAYS = 'A maintainer reads what you wrote: this issue stays open.';

/** @returns paragraphs of Markdown */
export async function answerNumber(
  answers: Answers,
  { owner, repo, url }: RepositoryApi,
  variables: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const { document } = readConfigFile('config', 'site');
  const base = usualPath({ owner, repo });
  const site = document && siteAddress({ url: document.url, base }, variables);
  if (!site)
    return ['It is not known where the site is published, so there is no answer yet.', STAYS];
  try {
    const read = await openDocuments(site, new AbortController().signal, LIMITS);
    const server = new URL(url).origin;
    return [...(await explain(answers, read, { site, server })), STAYS];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const reason = escapeMarkdown(error.message.slice(0, 300));
    return [`The published documents could not be read: ${reason}`, STAYS];
  }
}

/** Where links lead. */
type Places = Pick<Scope, 'site' | 'server'>;

export async function explain(
  answers: Answers,
  read: ReadDocument,
  places: Places,
): Promise<readonly string[]> {
  const login = readLogin(answers.login);
  const repository = readRepositoryName(answers.repository);
  const scope = { ...places, repository };
  if (login !== null) {
    const person = await readPublishedPerson(read, login);
    return person ? describePerson(person, scope) : [NOBODY];
  }
  if (repository === null) return ['Neither a login nor a repository as owner/name is given.'];
  const { repositories } = await read('repositories');
  const found = repositories.find(
    ({ full_name }) => full_name.toLowerCase() === repository.toLowerCase(),
  );
  return found
    ? describeRepository(found, scope)
    : ['That repository is not on the site: it may be new, or have another name.'];
}

/** The same for all reasons: nobody learns who has opted out. */
const NOBODY =
  'Nobody with that login is on the site. Somebody may have been renamed, have no contribution with points, be a program, or have asked not to be listed.';
