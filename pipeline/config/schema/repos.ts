import { z } from 'zod';
import { FULL_NAME, OWNER, REPOSITORY_NAME } from '../../domain/names.ts';

/** People paste whole addresses: the message shows the part that is meant. */
function describeFullName(input: unknown): string {
  const pasted = /github\.com[/:]([\w-]+\/[\w.-]+?)(?:\.git)?(?:[/?#]|$)/.exec(String(input))?.[1];
  const example = pasted === undefined ? '' : ` (here, \`${pasted}\`)`;
  return `expected owner/name, as in the address of the repository on GitHub${example}`;
}

const fullName = z
  .string('expected owner/name')
  .regex(FULL_NAME, { error: ({ input }) => describeFullName(input) });

/** Keeps out the characters that git forbids in the name of a branch (`git check-ref-format`). */
const branch = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\s~^:?*[\\]+$/, 'expected the name of a branch');

const date = z.iso
  .date('expected a date, YYYY-MM-DD')
  .regex(/^20\d\d-/, 'expected a date from 2000-01-01 on');

/** Repositories of one organisation that can be left out; beyond that, list single ones. */
const MOST_NAMES = 1_000;

const organisation = z.strictObject({
  org: z
    .string('expected the login of an organisation')
    .regex(OWNER, 'expected the login of an organisation')
    .describe('An organisation or a person, whose public repositories are followed.'),
  exclude: z
    .array(z.string('expected names').regex(REPOSITORY_NAME, 'expected a name, without the owner'))
    .max(MOST_NAMES)
    .default([])
    .describe('Names of its repositories that are left out.'),
  include_forks: z.boolean().default(false).describe('Also its forks of other repositories.'),
  include_archived: z.boolean().default(false).describe('Also what is archived on GitHub.'),
  topics: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'expected a topic, in small letters'))
    .max(100)
    .default([])
    .describe('Only repositories with one of these topics; none: all.'),
});

const repository = z.union(
  [
    fullName.describe('owner/name'),
    z.strictObject({
      repo: fullName.describe('owner/name'),
      never_rescrape_before: date
        .optional()
        .describe('Nothing before this date (UTC) is ever read again.'),
      default_branch: branch.optional().describe('Commits count when they reach this branch.'),
    }),
    organisation,
  ],
  'expected owner/name, `repo: owner/name` with settings, or `org: name`',
);

export const reposSchema = z
  .strictObject({
    repositories: z
      .array(repository, 'expected a list of repositories, each owner/name')
      .describe(
        'The repositories of the leaderboard and the organisations that are followed, each once.',
      ),
  })
  .meta({ title: 'Repositories', description: 'Whose contributions are counted.' });
