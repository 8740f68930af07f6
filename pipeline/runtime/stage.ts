import { classifyError, type ErrorClass } from '../domain/error-class.ts';
import type { StageEnd } from '../domain/run.ts';
import { formatSeconds } from '../domain/time.ts';
import { withoutSecrets } from '../util/secrets.ts';
import type { Context } from './context.ts';
import { reasonOf } from './main.ts';
import { asLongAs, withElapsed } from './progress.ts';
import { closeGroup, openGroup } from './workflow-commands.ts';

/** Thousandths of a second. */
const secondsSince = (start: number) => Math.round(performance.now() - start) / 1000;

/** What our own messages say of the kind of a failure, where no code does. */
const SIGNS: readonly (readonly [ErrorClass, RegExp])[] = [
  [
    'unauthorized',
    /\bneeds a token\b|\brefuses the token\b|\bpermission denied\b|\bhas no right\b/,
  ],
  ['connection', /^(?:\w+: )?(?:DATABASE_URL: no PostgreSQL|no answer)\b/m],
  ['budget', /\bbudget\b.*\bused up\b/],
];

/** The kind of a failure; some errors state it. */
export function errorClassOf(error: unknown): ErrorClass {
  const stated = (error as { errorClass?: ErrorClass } | null)?.errorClass ?? classifyError(error);
  if (stated !== 'unknown' || !(error instanceof Error)) return stated;
  return SIGNS.find(([, sign]) => sign.test(error.message))?.[0] ?? 'unknown';
}

export const messageOf = (error: unknown) =>
  withoutSecrets(error instanceof Error ? error.message || error.name : String(error));

export interface StageSettings {
  /** It shows its progress itself. */
  readonly showsProgress?: boolean;
}

/**
 * Does the work of a stage: each line of its log names the stage, its end says how long it took, and
 * on a terminal a long one shows that it goes on.
 */
export async function inStage<T>(
  context: Context,
  stage: string,
  work: (context: Context) => Promise<T>,
  { showsProgress = false }: StageSettings = {},
): Promise<T> {
  const { journal, signal, timeLimit } = context;
  const log = context.log.child({ stage });
  const start = performance.now();
  const run = () => work({ ...context, log });
  const before = journal?.durations.get(stage);
  journal?.begin(stage);
  openGroup(stage);
  try {
    const result = await (showsProgress
      ? run()
      : withElapsed(stage, asLongAs(before && before * 1000), run));
    closeGroup();
    const seconds = secondsSince(start);
    log.info({ ended: 'COMPLETED', seconds }, `done in ${formatSeconds(seconds)}`);
    journal?.end({ stage, status: 'COMPLETED', seconds, errorClass: null, message: null });
    return result;
  } catch (error) {
    closeGroup();
    if (signal.aborted && signal.reason === timeLimit?.signal.reason) {
      endInTime(context, log, stage, secondsSince(start));
      throw error;
    }
    const end = failedEnd(stage, secondsSince(start), reasonOf(error, signal));
    const { seconds, errorClass, message } = end;
    log.info(
      { ended: 'FAILED', seconds, error_class: errorClass, error: message },
      `failed after ${formatSeconds(seconds)}`,
    );
    journal?.end(end);
    throw error;
  }
}

/** The time is up: a later run does the rest, and nothing has failed. */
function endInTime({ journal }: Context, log: Context['log'], stage: string, seconds: number) {
  log.info({ ended: 'COMPLETED', seconds }, `stopped after ${formatSeconds(seconds)}: time is up`);
  journal?.end({ stage, status: 'COMPLETED', seconds, errorClass: null, message: null });
}

export const failedEnd = (stage: string, seconds: number, error: unknown): StageEnd => ({
  stage,
  status: 'FAILED',
  seconds,
  errorClass: errorClassOf(error),
  message: messageOf(error),
});
