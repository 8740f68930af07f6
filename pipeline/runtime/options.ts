import { type Command, Option } from 'commander';
import { z } from 'zod';
import { FULL_NAME } from '../domain/names.ts';
import { JOB_TYPES, type JobType } from '../domain/plan-window.ts';
import { SOURCE_NAMES, type SourceName } from '../domain/source.ts';
import { didYouMean } from '../util/nearest.ts';
import { UsageError } from '../util/usage-error.ts';
import { createConfigCommand, parseCommand } from './command.ts';
import { isActions } from './workflow-commands.ts';

/** The options that the pipeline and its stages share. */

export const LOG_FORMATS = ['json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** The output formats of `config:preview`. */
export const PREVIEW_FORMATS = ['text', 'markdown', 'json'] as const;
export type PreviewFormat = (typeof PREVIEW_FORMATS)[number];

/** What `dead-letters` does. */
export const LETTER_ACTIONS = ['list', 'retry', 'drop'] as const;
export type LetterAction = (typeof LETTER_ACTIONS)[number];

export interface PipelineOptions {
  /** Folder of the YAML files. */
  readonly config: string;
  /** Null: the sources of the configuration. */
  readonly sources: readonly SourceName[] | null;
  /** `owner/name`; null: all repositories of the configuration. */
  readonly repositories: readonly string[] | null;
  /** Null: chosen by the history of each repository. */
  readonly jobType: JobType | null;
  /** The window is half-open: `from` is in it, `to` is not. Null: planned. */
  readonly from: Date | null;
  readonly to: Date | null;
  /** Folder of the published documents. */
  readonly out: string;
  /** The clock of the run; null: the clock of the machine. */
  readonly now: Date | null;
  readonly dryRun: boolean;
  readonly log: LogFormat;
  /** Minutes after which no more is read; null: as long as it takes. */
  readonly timeLimit?: number | null;
  /** Other processes have read what there is: no repository is read. */
  readonly skipScraping?: boolean;
  /** Empties the database first. */
  readonly fresh?: boolean;
  /** Agrees to that without a question: `yes`, or the name of the database. */
  readonly yes?: string | null;
  /** Workers of this process that read at once. Default 1. */
  readonly workers?: number;
}

/** A parser that takes one of some words and suggests the nearest for any other. */
export function oneOf<T extends string>(option: string, words: readonly T[]) {
  return (text: string): T => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    const expected = words.join(', ');
    throw new UsageError(
      `${option} ${text}: expected one of ${expected}${didYouMean(text, words)}`,
    );
  };
}

function moment(option: string) {
  return (text: string): Date => {
    const parsed = parseInstant(text);
    if (parsed !== null) return parsed;
    const expected = 'expected a date like 2025-01-31 or an instant like 2025-01-31T12:00:00Z';
    throw new UsageError(`${option} ${text}: ${expected}`);
  };
}

/** A TCP port; with 0, the system chooses one. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port ${text}: expected a number from 0 to 65535`);
}

/** Six hours: GitHub Actions ends a job then. */
const LONGEST_LIMIT = 360;

function minutes(text: string): number {
  const number = /^\d{1,3}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (number > 0 && number <= LONGEST_LIMIT) return number;
  throw new UsageError(`--time-limit ${text}: expected minutes, more than 0 and at most 360`);
}

/** As many as a process has connections to the database. */
const MOST_WORKERS = 8;

function workerCount(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MOST_WORKERS) return number;
  throw new UsageError(
    `--workers ${text}: expected a number from 1 to ${MOST_WORKERS}; for more, start it several times`,
  );
}

function repositoryName(text: string): string {
  if (FULL_NAME.test(text)) return text;
  throw new UsageError(`--repo ${text}: expected OWNER/NAME, as in its address on GitHub`);
}

/** Adds a value to the earlier ones; duplicates are dropped. */
function collect<T>(parse: (text: string) => T) {
  return (text: string, before: readonly T[] = []): T[] => [...new Set([...before, parse(text)])];
}

/** People read a terminal, and the log of GitHub Actions; programs read any other output. */
const defaultLog = (): LogFormat => (process.stdout.isTTY || isActions() ? 'pretty' : 'json');

/** Options of a command beside those that all stages share. */
export interface Abilities {
  /** It plans windows: `--job-type`, `--from`, `--to`. */
  readonly plansWindows?: boolean;
  /** It can report its plan without changes: `--dry-run`. */
  readonly supportsDryRun?: boolean;
  /** It can do without reading repositories: `--skip-scraping`. */
  readonly canSkipScraping?: boolean;
  /** It can start over: `--fresh`, `--yes`. */
  readonly startsOver?: boolean;
  /** It works off the queue: `--time-limit`, `--workers`. */
  readonly worksOffQueue?: boolean;
}

/** The command of a stage. It rejects options that it does not use. */
export function createCommand(
  name: string,
  description: string,
  abilities: Abilities = {},
): Command {
  const { plansWindows, supportsDryRun, worksOffQueue, canSkipScraping, startsOver } = abilities;
  const command = createStageCommand(name, description);
  if (plansWindows) {
    command
      .option('--job-type <type>', JOB_TYPES.join(' or '), oneOf('--job-type', JOB_TYPES))
      .option('--from <date>', 'first moment to read, UTC', moment('--from'))
      .option('--to <date>', 'first moment not to read any more, UTC', moment('--to'));
  }
  if (worksOffQueue) {
    command
      .option('--time-limit <minutes>', 'begin nothing new after this time, and stop', minutes)
      .option('--workers <number>', 'jobs to read at once (1 to 8)', workerCount);
  }
  if (canSkipScraping) {
    command.option('--skip-scraping', 'read no repository; do all that follows');
  }
  if (startsOver) {
    command
      .option('--fresh', 'start over: empty the database first; asks before')
      .option('--yes [database]', 'do not ask; for a server with the name of the database');
  }
  if (supportsDryRun) command.option('--dry-run', 'say what would be done, and change nothing');
  return command;
}

function createStageCommand(name: string, description: string): Command {
  return createConfigCommand(name, description)
    .option(
      '--source <name>',
      `read from this source, repeatable: ${SOURCE_NAMES.join(', ')}`,
      collect(oneOf('--source', SOURCE_NAMES)),
    )
    .option('--repo <owner/name>', 'only this repository, repeatable', collect(repositoryName))
    .option('--out <dir>', 'folder of the published documents', 'site/data')
    .option('--now <iso>', 'the clock of the run, to reproduce it', moment('--now'))
    .addOption(
      new Option('--log <format>', LOG_FORMATS.join(' or '))
        .default(defaultLog(), 'pretty in a terminal and in GitHub Actions, else json')
        .argParser(oneOf('--log', LOG_FORMATS)),
    );
}

function requireWindow(from: Date | null, to: Date | null): void {
  if (to && !from) throw new UsageError('--to needs --from: give both ends of the window');
  if (!from || !to || from < to) return;
  const found = `${from.toISOString()} is not before ${to.toISOString()}`;
  throw new UsageError(`--from must lie before --to (--to is not in the window): ${found}`);
}

/** Each of these asks for another run. */
function requireCompatible({ fresh, dryRun, skipScraping }: RawOptions): void {
  const given = [
    ...(fresh ? ['--fresh'] : []),
    ...(skipScraping ? ['--skip-scraping'] : []),
    ...(dryRun ? ['--dry-run'] : []),
  ];
  if (given.length > 1) throw new UsageError(`${given.join(' and ')} exclude each other`);
}

interface RawOptions {
  config: string;
  source?: SourceName[];
  repo?: string[];
  jobType?: JobType;
  from?: Date;
  to?: Date;
  out: string;
  now?: Date;
  dryRun?: boolean;
  log: LogFormat;
  timeLimit?: number;
  workers?: number;
  skipScraping?: boolean;
  fresh?: boolean;
  yes?: string | true;
}

/**
 * The options of a stage; `args` are the words after its name.
 *
 * @throws UsageError for an option that is unknown or wrong
 */
export function parseOptions(command: Command, args: readonly string[]): PipelineOptions {
  const raw = parseCommand<RawOptions>(command, args);
  const { config, out, log } = raw;
  const [from, to] = [raw.from ?? null, raw.to ?? null];
  requireWindow(from, to);
  requireCompatible(raw);
  return {
    config,
    sources: raw.source ?? null,
    repositories: raw.repo ?? null,
    jobType: raw.jobType ?? null,
    from,
    to,
    out,
    now: raw.now ?? null,
    dryRun: raw.dryRun ?? false,
    log,
    timeLimit: raw.timeLimit ?? null,
    workers: raw.workers ?? 1,
    skipScraping: raw.skipScraping ?? false,
    fresh: raw.fresh ?? false,
    yes: raw.yes === true ? 'yes' : (raw.yes ?? null),
  };
}

const day = z.iso.date();
const ZONES = { offset: true, local: true };

/** With seconds and their fractions, or with minutes only. */
const instant = z.union([z.iso.datetime(ZONES), z.iso.datetime({ ...ZONES, precision: -1 })]);

const hasZone = (text: string) => /(Z|[+-]\d\d:?\d\d)$/.test(text);

/** Years that every part of the pipeline can store. */
const isInRange = (moment: Date) =>
  moment.getUTCFullYear() >= 1970 && moment.getUTCFullYear() <= 9999;

/**
 * A date (`2025-01-31`: its first moment in UTC) or an ISO instant, in UTC unless it has a zone.
 * Null for any other text, and for days that do not exist.
 */
export function parseInstant(text: string): Date | null {
  if (day.safeParse(text).success) return parseInstant(`${text}T00:00:00Z`);
  if (!instant.safeParse(text).success) return null;
  const moment = new Date(hasZone(text) ? text : `${text}Z`);
  return isInRange(moment) ? moment : null;
}
