import { existsSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readBudgetDay, readSpending } from '../../../db/queries/budget.ts';
import { readHeldBackUsd } from '../../../db/queries/restored-ledger.ts';
import { tryEveryTable } from '../../../db/queries/sample-rows.ts';
import { readClockLead, readServerFacts, readTableFacts } from '../../../db/queries/server.ts';
import { budgetSettings } from '../../config/schema/budget.ts';
import { describeLateCharge, leftMicros, toUsd } from '../../domain/budget.ts';
import {
  problemOfClocks,
  problemsOfServer,
  problemsOfTables,
} from '../../domain/database-fitness.ts';
import { asciiLower, fullName } from '../../domain/names.ts';
import type { SourceName } from '../../domain/source.ts';
import { isoDate } from '../../domain/time.ts';
import { type Context, PendingMigrationsError, wallClock } from '../../runtime/context.ts';
import { loadSource } from '../../sources/registry.ts';
import type { FindRefusals, PaidSource, Source } from '../../sources/source.ts';
import { saveBudget } from '../backfill/index.ts';
import { sourceContext } from '../open-sources.ts';
import { requireOurFolder } from '../report/output-folder.ts';
import { type Check, requireHealth, runChecks } from './run-checks.ts';

/** Prepares the budget and checks everything that the run needs; an error says what to do. */
export async function runPreflight(context: Context) {
  await requireOurFolder(context.options.out);
  // The first of all, since the budget is written to it.
  const ofDatabase = await runChecks([databaseCheck(context)], context.log);
  const isFit = ofDatabase.every(({ isHealthy }) => isHealthy);
  const ofSources: Check[] = [];
  for (const name of context.sources) {
    const source = await loadSource(name);
    if (source.paid && isFit) await prepareBudget(context, name, source.paid);
    ofSources.push(...sourceChecks(context, name, source));
  }
  const others = await runChecks([outputCheck(context), ...ofSources], context.log);
  return requireHealth([...ofDatabase, ...others]);
}

/** Everything that would stop the real run, all at once, without changing anything. */
export async function checkForDryRun(context: Context) {
  const { out } = context.options;
  const folder: Check = {
    name: 'output',
    async run() {
      await requireOurFolder(out);
      await access(nearestFolder(out), constants.W_OK);
      return `documents go to ${out}`;
    },
  };
  const ofSources: Check[] = [];
  for (const name of context.sources) {
    ofSources.push(...sourceChecks(context, name, await loadSource(name)));
  }
  return requireHealth(
    await runChecks([databaseCheck(context), folder, ...ofSources], context.log),
  );
}

/** A folder that is there: of the path, or the first above it. */
function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(resolve(path)));
}

/** Finds a folder without write access before hours of work, not after them. */
function outputCheck({ options }: Context): Check {
  return {
    name: 'output',
    async run() {
      await mkdir(options.out, { recursive: true });
      await access(options.out, constants.W_OK);
      return `documents go to ${options.out}`;
    },
  };
}

/** What the database can't do, with what to type; then the proof that it takes every row. */
function databaseCheck({ db, log, databaseProblem }: Context): Check {
  return {
    name: 'database',
    async run() {
      if (databaseProblem instanceof PendingMigrationsError) {
        const names = databaseProblem.pending.join(', ');
        return `a run brings the tables up to date first (${names}); its plan is not known before`;
      }
      // Without its cause: a lost connection would be tried again.
      if (databaseProblem) throw new Error(databaseProblem.message);
      // Read
      const facts = await readServerFacts(db);
      const tables = await readTableFacts(db);
      const clocks = problemOfClocks(await readClockLead(db));
      // Decide
      const problems = [...problemsOfServer(facts), ...problemsOfTables(facts, tables)];
      if (clocks?.isRefused) problems.push(clocks.text);
      if (problems.length > 0) throw new Error(problems.join('\n'));
      if (clocks) log.warn({ check: 'database' }, clocks.text);
      // Write
      await tryEveryTable(db);
      return `PostgreSQL ${facts.versionName} answers, the tables are up to date and take every row`;
    },
  };
}

/** Saves the budget, and settles the reservations of workers that died. */
async function prepareBudget(context: Context, name: SourceName, paid: PaidSource): Promise<void> {
  await saveBudget(context);
  await paid.recover(sourceContext(context, name));
}

/**
 * Checks that a source answers, and then each repository; for one that costs money, also shows
 * today's remaining budget.
 */
function sourceChecks(context: Context, name: SourceName, source: Source): Check[] {
  const { check, findRefusals, paid } = source;
  if (!check) return [];
  const run = async () => {
    const given = sourceContext(context, name);
    const answer = await check(given);
    if (findRefusals) return `${answer}; ${await checkRepositories(context, name, findRefusals)}`;
    if (!paid || context.databaseProblem) return answer;
    return `${answer}; ${await leftToday(context)} are left today`;
  };
  return [{ name, run }];
}

/** Warns of each repository that the source refuses. Throws if it refuses all. */
async function checkRepositories(
  context: Context,
  name: SourceName,
  findRefusals: FindRefusals,
): Promise<string> {
  const { config, options, log } = context;
  const named = options.repositories?.map(asciiLower);
  const wanted = config.repositories.filter(
    (repository) => named?.includes(asciiLower(fullName(repository))) ?? true,
  );
  const refusals = await findRefusals(sourceContext(context, name), wanted);
  if (refusals === null) return 'whether each repository can be read was not checked';
  const lines = refusals.map(({ repository, reason }) => `${repository}: ${reason}`);
  if (wanted.length > 0 && lines.length === wanted.length) {
    throw new Error(`no repository can be read:\n${lines.join('\n')}`);
  }
  for (const line of lines) log.warn({ check: name }, `not readable, the others are read: ${line}`);
  return `${wanted.length - lines.length} of ${wanted.length} repositories answer`;
}

async function leftToday({ db, config, log }: Context): Promise<string> {
  const now = wallClock();
  const day = await readBudgetDay(db, now);
  if (day > isoDate(now)) log.warn({ check: 'budget' }, describeLateCharge(day, isoDate(now)));
  const left = leftMicros(budgetSettings(config.budget), await readSpending(db, now));
  const heldBack = await readHeldBackUsd(db, now);
  const why =
    heldBack > 0
      ? ` (${heldBack.toFixed(2)} USD are held back until the month ends: the database was lost, ` +
        'and with it what was spent)'
      : '';
  return `${toUsd(left).toFixed(2)} USD${why}`;
}
