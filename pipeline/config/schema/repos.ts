import { z } from 'zod';

/** GitHub's rule: owners have letters, digits, hyphens (and `_` in managed accounts); names also dots. */
export const SLUG =
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,38}\/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/;

/** The whole address is what people paste: the part of it that is meant is shown. */
function explainSlug(input: unknown): string {
  const pasted = /github\.com[/:]([\w-]+\/[\w.-]+?)(?:\.git)?(?:[/?#]|$)/.exec(String(input))?.[1];
  const example = pasted === undefined ? '' : ` (here, \`${pasted}\`)`;
  return `expected owner/name, as in the address of the repository on GitHub${example}`;
}

const slug = z
  .string('expected owner/name')
  .regex(SLUG, { error: ({ input }) => explainSlug(input) });

/** A branch name that git accepts, in as far as it matters here. */
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
    slug.describe('owner/name'),
    z.strictObject({
      repo: slug.describe('owner/name'),
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
