import { z } from 'zod';
import { FULL_NAME } from '../../domain/names.ts';
import { JOB_TYPES } from '../../domain/plan-window.ts';
import { SOURCE_NAMES } from '../../domain/source.ts';

/**
 * What a run of the workflow can be asked for: `client_payload` of a `repository_dispatch` of the
 * type `DISPATCH_TYPE`. GitHub takes at most ten properties. The inputs of `workflow_dispatch` have
 * the same names.
 */

/** `event_type` of the request to `POST /repos/{owner}/{repo}/dispatches`. */
export const DISPATCH_TYPE = 'update-leaderboard';

const MOST_REPOSITORIES = 100;

/** A date, or an instant in UTC. */
const DAY = String.raw`20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ`;
const moment = z
  .string('expected a date')
  .regex(new RegExp(`^${DAY}(?:${TIME})?$`), 'expected 2025-01-31 or 2025-01-31T12:00:00Z');

const flag = z.boolean('expected true or false').default(false);

export const dispatchSchema = z
  .strictObject({
    repositories: z
      .array(z.string('expected owner/name').regex(FULL_NAME, 'expected owner/name'))
      .max(MOST_REPOSITORIES, `expected at most ${MOST_REPOSITORIES} repositories`)
      .default([])
      .describe('Only these repositories, each owner/name; none: all of config/repos.yaml.'),
    job_type: z
      .enum(JOB_TYPES, `expected ${JOB_TYPES.join(' or ')}`)
      .optional()
      .describe('How much is read; else it is chosen by the history of each repository.'),
    from: moment.optional().describe('First moment to read, UTC.'),
    to: moment.optional().describe('First moment not to read any more, UTC; needs `from`.'),
    sources: z
      .array(z.enum(SOURCE_NAMES, `expected one of ${SOURCE_NAMES.join(', ')}`))
      .max(SOURCE_NAMES.length, 'expected each source once')
      .default([])
      .describe('The sources to read; none: those of config/pipeline.yaml.'),
    enrich: flag.describe('Also look all contributors up on GitHub.'),
    dry_run: flag.describe('Say what would be done, and change nothing.'),
    skip_scraping: flag.describe('Read no repository; calculate and publish what is there.'),
    recalculate_only: flag.describe('Read nothing; calculate all scores again, and publish.'),
    accept_drop: flag.describe('Publish although contributions fell by more than a fifth.'),
  })
  .meta({
    title: 'Request for a run',
    description: `The client_payload of a repository_dispatch with the event_type ${DISPATCH_TYPE}.`,
  });

export type Dispatch = z.infer<typeof dispatchSchema>;
