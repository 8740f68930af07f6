import { z } from 'zod';
import type { StoredLetter } from '../../../db/queries/dead-letters.ts';
import {
  type AccountObservation,
  type Contribution,
  parseAccountType,
} from '../../domain/contribution.ts';
import { CONTRIBUTION_KINDS } from '../../domain/contribution-kinds.ts';
import { STORED_JOB_TYPES, type StoredJobType } from '../../domain/plan-window.ts';
import { storedReference, storedTitle } from '../../domain/stored-value.ts';

/** What a dead letter says of what failed. */
export type FailedPart =
  /** A job, with all that it was to read. */
  | {
      readonly type: 'job';
      readonly jobType: StoredJobType;
      readonly repositoryIds: readonly number[];
      readonly from: Date;
      readonly to: Date;
    }
  /** The jobs of a source that could not be planned. Each run plans them anew. */
  | { readonly type: 'plan'; readonly repositoryIds: readonly number[] }
  /** An item that the database refused, with all its facts. */
  | {
      readonly type: 'item';
      readonly contribution: Contribution | null;
      readonly observation: AccountObservation | null;
    }
  /** Something of a repository that has to be read again; null: of none that is known. */
  | { readonly type: 'part'; readonly repositoryId: number | null };

const moment = z.iso.datetime().transform((text) => new Date(text));
const account = z.object({
  id: z.int(),
  login: z.string(),
  type: z.string().nullable().transform(parseAccountType),
});

const jobSchema = z.object({
  job_type: z.enum(STORED_JOB_TYPES).default('full'),
  repository_ids: z.array(z.int()),
  window_from: moment,
  window_to: moment,
});

const planSchema = z.object({ plan_of: z.array(z.int()) });

const itemSchema = z.object({
  contribution: z
    .object({
      repositoryId: z.int(),
      eventId: z.string(),
      kind: z.enum(CONTRIBUTION_KINDS),
      account: account.nullable(),
      occurredAt: moment,
      subjectNumber: z.number().nullable(),
      linesAdded: z.number().nullable(),
      linesDeleted: z.number().nullable(),
      title: storedTitle,
      reference: storedReference,
    })
    .nullable(),
  observation: account.extend({ firstSeenAt: moment, lastSeenAt: moment }).nullable(),
});

const partSchema = z.object({ repository_id: z.int().nullish() });

/** Reads what a letter holds; one of an earlier version holds less. */
export function parseLetter({ payload }: Pick<StoredLetter, 'payload'>): FailedPart {
  const job = jobSchema.safeParse(payload);
  if (job.success) {
    const { job_type, repository_ids, window_from, window_to } = job.data;
    const window = { from: window_from, to: window_to };
    return { type: 'job', jobType: job_type, repositoryIds: repository_ids, ...window };
  }
  const plan = planSchema.safeParse(payload);
  if (plan.success) return { type: 'plan', repositoryIds: plan.data.plan_of };
  const item = itemSchema.safeParse(payload);
  if (item.success && (item.data.contribution ?? item.data.observation)) {
    return { type: 'item', ...item.data };
  }
  const part = partSchema.safeParse(payload);
  return { type: 'part', repositoryId: part.data?.repository_id ?? null };
}

/** A few words about what failed. */
export function describePart(part: FailedPart): string {
  if (part.type === 'job') {
    const [from, to] = [part.from, part.to].map((at) => at.toISOString().slice(0, 16));
    const count = part.repositoryIds.length;
    return `job of ${count} ${count === 1 ? 'repository' : 'repositories'}, ${from} to ${to}`;
  }
  if (part.type === 'plan') return `plan of ${part.repositoryIds.length} repositories`;
  if (part.type === 'part') return `item of repository ${part.repositoryId ?? 'unknown'}`;
  return part.contribution?.eventId ?? `account ${part.observation?.login}`;
}
