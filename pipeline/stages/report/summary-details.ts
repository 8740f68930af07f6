import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ZodType } from 'zod';
import { readUsageOf } from '../../../db/queries/report/metrics.ts';
import { readOptedOutLogins, readRuns } from '../../../db/queries/report/operations.ts';
import {
  countGoneInRun,
  readPutAside,
  readRepositoriesOfRun,
} from '../../../db/queries/run-facts.ts';
import { readStages } from '../../../db/queries/run-log.ts';
import { LIKELY_BOTS_ADVICE, type LikelyBot } from '../../domain/likely-bots.ts';
import type { StageEnd } from '../../domain/run.ts';
import { formatSeconds, isoDate } from '../../domain/time.ts';
import {
  boardSchema,
  type Coverage,
  coverageSchema,
  type Entry,
  type Index,
  indexSchema,
  type Repository,
  repositoriesSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { type Context, wallClock } from '../../runtime/context.ts';
import { escapeMarkdown, table } from '../../util/markdown.ts';
import { readLikelyBots } from '../likely-bots/index.ts';
import { createRedact } from './operations.ts';
import { describePlan, megabytes } from './plan.ts';

/** The parts of the summary of a run that are lists: its stages, repositories, errors, movers. */

/** Rows of a list that are shown. */
const MOST_ROWS = 50;
const MOST_MOVERS = 10;
/** Entries of the global board that movers are searched among. */
const MOST_ENTRIES = 1_000;

export interface SummaryDetails {
  readonly stages: readonly Pick<StageEnd, 'stage' | 'status' | 'seconds'>[];
  readonly repositories: Awaited<ReturnType<typeof readRepositoriesOfRun>>;
  readonly putAside: Awaited<ReturnType<typeof readPutAside>>;
  readonly usage: Awaited<ReturnType<typeof readUsageOf>>;
  /** What the run found gone from GitHub. */
  readonly gone: Awaited<ReturnType<typeof countGoneInRun>>;
  readonly coverage: Pick<Coverage, 'summary' | 'repositories'>;
  /** The first rows of the global board of the month. */
  readonly month: readonly Pick<Entry, 'username' | 'rank' | 'previous_rank' | 'total_score'>[];
  /** Ranked accounts that look like programs. */
  readonly likelyBots: readonly LikelyBot[];
  /** What the budget of sizes chose; null if the index could not be published. */
  readonly index: Pick<Index, 'plan' | 'contributors' | 'people'> | null;
  /** Repositories of which nothing is known yet, or which could not be read. */
  readonly missing: readonly Pick<Repository, 'full_name' | 'status' | 'failure_reason'>[];
}

export async function readDetails(context: Context): Promise<SummaryDetails> {
  const { db, config, now, journal, options } = context;
  const [run] = await readRuns(db, 1);
  const redact = createRedact(await readOptedOutLogins(db));
  const ofRun = run ? await readRepositoriesOfRun(db, run.id) : [];
  const aside = run ? await readPutAside(db, run.id, MOST_ROWS) : [];
  const read = readerOf(join(options.out, 'api', 'v1'));
  const repositories = read(documentPath('repositories'), repositoriesSchema)?.repositories ?? [];
  return {
    stages: journal?.stages.length ? journal.stages : run ? await readStages(db, run.id) : [],
    repositories: ofRun.map((row) => ({ ...row, message: row.message && redact(row.message) })),
    putAside: aside.map((row) => ({ ...row, error_message: redact(row.error_message) })),
    usage: await readUsageOf(db, isoDate(wallClock())),
    gone: run ? await countGoneInRun(db, run.id) : { deleted: 0, transferred: 0, replaced: 0 },
    coverage: read(documentPath('coverage'), coverageSchema) ?? { summary: '', repositories: [] },
    month: readMonth(read),
    index: read(documentPath('index'), indexSchema),
    likelyBots: await readLikelyBots(db, config, now),
    missing: repositories.filter(({ status }) => status === 'PENDING' || status === 'FAILED'),
  };
}

type Read = <T>(path: string, schema: ZodType<T>) => T | null;

/** Reads a published document; one that was not published is null. */
function readerOf(folder: string): Read {
  return (path, schema) => {
    const file = join(folder, path);
    return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
  };
}

function readMonth(read: Read): SummaryDetails['month'] {
  const first = read(documentPath('global_board', { period: 'month', shard: 1 }), boardSchema);
  if (!first) return [];
  const { username, rank = [], previous_rank = [], total_score = [] } = first.columns;
  return rank.slice(0, MOST_ENTRIES).flatMap((own, place) =>
    own === null
      ? []
      : {
          username: username[place] ?? '',
          rank: own,
          previous_rank: previous_rank[place] ?? null,
          total_score: total_score[place] ?? 0,
        },
  );
}

const number = (value: number) => value.toLocaleString('en-US');
const numberIfKnown = (value: number | null) => (value === null ? '–' : number(value));
const words = (status: string) => status.toLowerCase().replaceAll('_', ' ');

/** The lists as Markdown; what is empty is left out. */
export function buildDetails(details: SummaryDetails): string {
  const { stages, usage } = details;
  const parts = [
    listOf('Stages', ['Stage', 'Ended', 'Took'], stages, ({ stage, status, seconds }) => [
      stage,
      words(status),
      formatSeconds(seconds),
    ]),
    ...ofRepositories(details),
    ofGone(details.gone),
    ofUsage(usage),
    ofCoverage(details.coverage),
    ofMovers(details.month),
    ofLikelyBots(details.likelyBots),
    ...(details.index ? [ofSizes(details.index)] : []),
  ];
  return parts
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n\n');
}

function ofUsage({ points, requests, ...recheck }: SummaryDetails['usage']): string {
  if (requests === 0) return '';
  const again =
    recheck.recheck_requests > 0
      ? `, ${number(recheck.recheck_points)} and ${number(recheck.recheck_requests)} of them to look at the past again`
      : '';
  return `GitHub today: ${number(points)} points and ${number(requests)} requests${again}.`;
}

function ofGone({ deleted, transferred, replaced }: SummaryDetails['gone']): string {
  const successors =
    replaced === 0
      ? ''
      : `${number(replaced)} ${replaced === 1 ? 'repository was' : 'repositories were'} deleted on GitHub, and another one has the name now: that one is read and counts.`;
  if (deleted === 0) return successors;
  const moved =
    transferred === 0
      ? ''
      : ` ${number(transferred)} ${transferred === 1 ? 'issue was' : 'issues were'} transferred to another repository.`;
  const what = deleted === 1 ? 'contribution that is' : 'contributions that are';
  return `Taken out: ${number(deleted)} ${what} gone from GitHub.${moved}${successors && ` ${successors}`}`;
}

function ofRepositories({ repositories, putAside, missing }: SummaryDetails): string[] {
  return [
    listOf(
      'Repositories of this run',
      ['Repository', 'State', 'Events', 'Contributions kept', 'What failed'],
      repositories,
      (row) => [
        row.full_name,
        words(row.status),
        numberIfKnown(row.events),
        numberIfKnown(row.kept),
        row.message ?? '',
      ],
    ),
    listOf('Still missing', ['Repository', 'State', 'Reason'], missing, (row) => [
      row.full_name,
      words(row.status),
      row.failure_reason ?? (row.status === 'PENDING' ? 'not read yet: a later run reads it' : ''),
    ]),
    listOf('Put aside', ['Source', 'Repository', 'Part', 'Error', 'Message'], putAside, (row) => [
      row.source,
      row.repository ?? '',
      row.part ?? '',
      row.error_class,
      row.error_message,
    ]),
  ];
}

function listOf<T>(
  title: string,
  head: readonly string[],
  rows: readonly T[],
  cells: (row: T) => readonly string[],
): string {
  if (rows.length === 0) return '';
  const more = rows.length > MOST_ROWS ? `\n\nand ${number(rows.length - MOST_ROWS)} more` : '';
  return `### ${title}\n\n${table(head, rows.slice(0, MOST_ROWS).map(cells))}${more}`;
}

/** The repositories of which least is known of the last month. */
function ofCoverage({ summary, repositories }: SummaryDetails['coverage']): string {
  const last = repositories.flatMap(({ repository, months }) => {
    const month = months.at(-1);
    return month ? [{ repository, month: month.month, coverage: month.coverage }] : [];
  });
  if (last.length === 0) return '';
  const mean = last.reduce((sum, row) => sum + row.coverage, 0) / last.length;
  const low = last.filter((row) => row.coverage < 100).sort((a, b) => a.coverage - b.coverage);
  const list = listOf(
    'Coverage of the last month',
    ['Repository', 'Month', 'Known'],
    low,
    (row) => [row.repository, row.month, `${row.coverage.toFixed(1)} %`],
  );
  return `${list}${list && '\n\n'}${mean.toFixed(1)} % of the last month is known, on average. ${escapeMarkdown(summary)}`.trimEnd();
}

/** The largest climbs on the global board of the month. */
function ofMovers(month: SummaryDetails['month']): string {
  const climbs = month
    .flatMap((row) => {
      const places = row.previous_rank === null ? 0 : row.previous_rank - row.rank;
      return places > 0 ? [{ ...row, places }] : [];
    })
    .sort((a, b) => b.places - a.places || a.rank - b.rank)
    .slice(0, MOST_MOVERS);
  return listOf(
    'Movers of the month',
    ['Contributor', 'Climbed', 'Rank', 'Score'],
    climbs,
    (row) => [row.username, number(row.places), number(row.rank), number(row.total_score)],
  );
}

/** The size of the site before it is built, and who has a page in it. */
function ofSizes({ plan, contributors, people }: NonNullable<SummaryDetails['index']>): string {
  const list = listOf('Size of the site', ['Kind', 'Files', 'MB'], plan.files, (row) => [
    row.kind,
    number(row.files),
    megabytes(row.bytes),
  ]);
  return `${list}\n\n${escapeMarkdown(describePlan(plan, contributors.length, people))}`;
}

function ofLikelyBots(bots: SummaryDetails['likelyBots']): string {
  const list = listOf('Likely bots', ['Account', 'Id', 'Signs', 'In a year'], bots, (bot) => [
    bot.login,
    String(bot.id),
    bot.signs.join(', '),
    number(bot.contributions),
  ]);
  return list && `${list}\n\n${LIKELY_BOTS_ADVICE}`;
}

/** What a good run says, too, in one sentence. */
export const putAsideSentence = (items: number) =>
  `${number(items)} ${items === 1 ? 'item was' : 'items were'} put aside, because the source does not ` +
  `show ${items === 1 ? 'it' : 'them'}, or the database refuses ${items === 1 ? 'it' : 'them'}: ` +
  'the others are stored.';

/** A remark at the top of the summary. */
export const warningOf = (sentence: string) => `> [!WARNING]\n> ${escapeMarkdown(sentence)}\n\n`;
