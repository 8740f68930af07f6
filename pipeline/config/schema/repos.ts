import { z } from 'zod';
import { FULL_NAME } from '../../domain/names.ts';

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
  ],
  'expected owner/name, or `repo: owner/name` with settings',
);

export const reposSchema = z
  .strictObject({
    repositories: z
      .array(repository, 'expected a list of repositories, each owner/name')
      .describe('The repositories of the leaderboard, each once.'),
  })
  .meta({ title: 'Repositories', description: 'Whose contributions are counted.' });
