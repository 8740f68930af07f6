import type { Command } from 'commander';
import { type BuildOptions, DEFAULT_DATA, DEFAULT_OUT, DEFAULT_PORT } from '../site/options.ts';
import { createBaseCommand, createConfigCommand, parseCommand } from './runtime/command.ts';
import type { Context } from './runtime/context.ts';
import { runMain } from './runtime/main.ts';
import {
  type Abilities,
  createCommand,
  LETTER_ACTIONS,
  type LetterAction,
  oneOf,
  PREVIEW_FORMATS,
  type PreviewFormat,
  parseOptions,
  parsePort,
} from './runtime/options.ts';
import type { CheckCommand } from './site.ts';
import type { BackupOptions } from './stages/backup/index.ts';
import type { Replacement } from './stages/backup/restore.ts';
import { didYouMean } from './util/nearest.ts';
import { print } from './util/printable.ts';
import { EXIT, UsageError } from './util/usage-error.ts';

/**
 * The map of all commands: what each does, which options it takes, and where its work is done.
 * `npm run NAME` is `cli.ts NAME`. What a command needs is loaded when it runs, and nothing else.
 */

interface CommandEntry {
  /** The command with its options. */
  create(name: string): Command;
  /** Parses the words after the name and does the work; a number it resolves to is the exit code. */
  run(command: Command, args: readonly string[], signal: AbortSignal): Promise<unknown>;
}

/** A command on an opened database, with the options that all stages share. */
function stage(
  help: string,
  run: (context: Context, command: Command) => Promise<unknown>,
  abilities: Abilities = {},
): CommandEntry {
  return {
    create: (name) => createCommand(name, help, abilities),
    async run(command, args, signal) {
      const { runRecorded } = await import('./recorded-run.ts');
      const work = (context: Context) => run(context, command);
      return runRecorded(command.name(), parseOptions(command, args), signal, work, {
        goesOn: abilities.plansWindows === true,
        checksFirst: ['preflight', 'pipeline'].includes(command.name()),
      });
    },
  };
}

/** A stage that is done again from its start when the connection to the database is lost. */
function repeatable(...[help, run, abilities]: Parameters<typeof stage>): CommandEntry {
  const repeat = async (context: Context, command: Command) => {
    const { withReconnects } = await import('../db/lost-connection.ts');
    return withReconnects(command.name(), context, () => run(context, command));
  };
  return stage(help, repeat, abilities);
}

/**
 * Brings the boards in line with the contributions and the configured weights.
 * @param isWhole counts everything again, and not only what changed
 */
async function calculateAlone(context: Context, isWhole: boolean): Promise<void> {
  const { withRunLock } = await import('./runtime/run-lock.ts');
  const { calculate } = await import('./stages/calculate/index.ts');
  const { closeMonths } = await import('./stages/months/index.ts');
  await withRunLock(context, true, async (locked) => {
    await calculate({ ...locked, isWhole });
    await closeMonths(locked);
  });
}

/** All stages; to a person, it says what to type next. Returns the exit code. */
async function runPipelineAlone(context: Context): Promise<number> {
  const { runPipeline } = await import('./run-pipeline.ts');
  const { isForPeople, nextCommand } = await import('./next-command.ts');
  const code = await runPipeline(context);
  if (isForPeople(context.options)) print(nextCommand(code, context.options));
  return code;
}

/** A command of a workflow, which takes what it needs from the variables of the runner. */
function action(help: string, run: (signal: AbortSignal) => Promise<unknown>): CommandEntry {
  return {
    create: (name) => createBaseCommand(name, help),
    async run(command, args, signal) {
      parseCommand(command, args);
      return run(signal);
    },
  };
}

/** The options of a command that replaces what a database holds. */
function withReplacement(command: Command): Command {
  return command
    .option('--fresh', 'replace what the database holds; asks first')
    .option('--yes', 'do not ask');
}

/** The steps of `actions:state`. */
const STATE_STEPS = ['restore', 'keep'] as const;

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  start: {
    create: (name) =>
      createCommand(name, 'The whole pipeline, and then the site, served here.', {
        plansWindows: true,
        worksOffQueue: true,
        startsOver: true,
      }),
    run: async (command, args, signal) =>
      (await import('./start.ts')).start(parseOptions(command, args), signal),
  },
  pipeline: stage(
    'All stages in order, in one process.',
    async (context) =>
      context.options.dryRun
        ? (await import('./stages/discovery/dry-run.ts')).printPlan(context)
        : runPipelineAlone(context),
    {
      plansWindows: true,
      supportsDryRun: true,
      worksOffQueue: true,
      canSkipScraping: true,
      startsOver: true,
    },
  ),
  preflight: repeatable('Checks all that a run depends on.', async (context) => {
    await (await import('./stages/preflight/index.ts')).runPreflight(context);
  }),
  discovery: repeatable(
    'Queues the jobs of all repositories that are stale.',
    async (context) => {
      if (context.options.dryRun) {
        await (await import('./stages/discovery/dry-run.ts')).printPlan(context);
      } else {
        const { withRunLock } = await import('./runtime/run-lock.ts');
        const { runDiscovery } = await import('./stages/discovery/index.ts');
        const runId = context.runId ?? null;
        await withRunLock(context, false, (locked) => runDiscovery(locked, runId));
      }
    },
    { plansWindows: true, supportsDryRun: true },
  ),
  scrape: stage(
    'Works off the queue of jobs.',
    async (context) => {
      const { keepingRunLock } = await import('./runtime/run-lock.ts');
      const { runScrape } = await import('./stages/scrape/index.ts');
      const { failed } = await keepingRunLock(context, () => runScrape(context));
      return failed === 0 ? EXIT.done : EXIT.failed;
    },
    { worksOffQueue: true },
  ),
  calculate: repeatable('Calculates the boards.', (context) => calculateAlone(context, false)),
  recalculate: repeatable('Calculates all scores again, and reads no source.', (context) =>
    calculateAlone(context, true),
  ),
  report: repeatable('Writes the published documents.', async (context) => {
    const { runReportAlone } = await import('./recorded-run.ts');
    return runReportAlone(context);
  }),
  enrich: repeatable('Looks all contributors up on GitHub.', async (context) => {
    await (await import('./stages/enrich/index.ts')).runEnrichAll(context);
  }),
  maintenance: repeatable(
    'Deletes old records, thins the snapshots and tidies the tables.',
    async (context) => {
      await (await import('./stages/maintenance/index.ts')).runMaintenance(context);
    },
    { supportsDryRun: true },
  ),
  'dead-letters': {
    create: (name) =>
      createCommand(name, 'What was given up: lists it, tries it again, or drops it.')
        .usage('-- <action> [ids...] [options]')
        .argument('<action>', LETTER_ACTIONS.join(', '), oneOf('dead-letters', LETTER_ACTIONS))
        .argument('[ids...]', 'numbers of the list')
        .option('--all', 'all of the list')
        .option('--json', 'list as JSON'),
    async run(command, args, signal) {
      const { withContext } = await import('./runtime/context.ts');
      const { runDeadLetters } = await import('./stages/dead-letters/index.ts');
      const options = parseOptions(command, args);
      const [action, ids] = command.processedArgs as [LetterAction, string[]];
      const { all = false, json = false } = command.opts<{ all?: boolean; json?: boolean }>();
      return withContext(options, signal, (context) =>
        runDeadLetters(context, { action, ids, all, json }),
      );
    },
  },
  backup: {
    create: (name) =>
      createBaseCommand(
        name,
        'Writes a backup of the database: by pg_dump where that can be used, else a portable dump.',
      )
        .requiredOption('--to <file>', 'file to write')
        .option('--portable', 'a portable dump in any case'),
    run: async (command, args) =>
      (await import('./stages/backup/index.ts')).backup(parseCommand<BackupOptions>(command, args)),
  },
  restore: {
    create: (name) =>
      withReplacement(
        createBaseCommand(name, 'Makes the database that of a backup.').requiredOption(
          '--from <file>',
          'file that `npm run backup` wrote',
        ),
      ),
    run: async (command, args) =>
      (await import('./stages/backup/restore.ts')).restore(
        parseCommand<Replacement & { from: string }>(command, args),
      ),
  },
  'database:copy': {
    create: (name) =>
      withReplacement(
        createBaseCommand(
          name,
          'Copies a database to another one. A place is `embedded` (.data/), `embedded:FOLDER`, ' +
            '`server` (DATABASE_URL) or postgres://…',
        )
          .requiredOption('--from <place>', 'database to read')
          .requiredOption('--to <place>', 'database to fill'),
      ),
    run: async (command, args) =>
      (await import('./stages/backup/copy.ts')).copyDatabase(
        parseCommand<Replacement & { from: string; to: string }>(command, args),
      ),
  },
  'actions:state': {
    create: (name) =>
      createConfigCommand(
        name,
        'In a workflow: the embedded database from the run before, and to the next one.',
      )
        .usage('-- <restore|keep> [options]')
        .argument('<restore|keep>', 'which of both', oneOf('actions:state', STATE_STEPS)),
    async run(command, args, signal) {
      const { config } = parseCommand<{ config: string }>(command, args);
      const state = await import('./actions/state.ts');
      await (command.args[0] === 'keep' ? state.keepState() : state.restoreState(config, signal));
      return EXIT.done;
    },
  },
  'config:check': {
    create: (name) => createConfigCommand(name, 'Checks the files of the configuration.'),
    async run(command, args, signal) {
      const options = parseCommand<{ config: string }>(command, args);
      (await import('./config/commands.ts')).checkConfig(options);
      await (await import('./stages/likely-bots/index.ts')).printLikelyBots(options.config, signal);
    },
  },
  'config:preview': {
    create: (name) =>
      createCommand(name, 'Shows what a configuration does to the ranks, and changes nothing.')
        .option(
          '--published <place>',
          'compare with published documents (a folder, or the address of a site), without a database',
        )
        .option(
          '--format <format>',
          PREVIEW_FORMATS.join(' or '),
          oneOf('--format', PREVIEW_FORMATS),
          'text',
        ),
    async run(command, args, signal) {
      const options = { ...parseOptions(command, args), dryRun: true };
      const { format, published } = command.opts<{ format: PreviewFormat; published?: string }>();
      if (published !== undefined) {
        const { printPublishedPreview } = await import('./stages/preview/print-published.ts');
        return printPublishedPreview({ published, config: options.config, format }, signal);
      }
      const { printPreview } = await import('./stages/preview/index.ts');
      const { withContext } = await import('./runtime/context.ts');
      return withContext(options, signal, (context) => printPreview(context, format));
    },
  },
  'config:schema': {
    create: (name) =>
      createConfigCommand(
        name,
        'Writes the JSON Schemas of config/*.yaml, which editors use.',
      ).option('--check', 'write nothing; fail if a schema is out of date'),
    run: async (command, args) =>
      (await import('./config/commands.ts')).writeSchemas(
        parseCommand<{ config: string; check?: boolean }>(command, args),
      ),
  },
  'site:build': {
    create: (name) =>
      createBaseCommand(name, 'Builds the site from the published documents.')
        .option('--data <dir>', 'folder of the published documents', DEFAULT_DATA)
        .option('--out <dir>', 'folder to write the site to', DEFAULT_OUT)
        .option('--base <path>', 'path that the site is served under; that of `url` in site.yaml'),
    run: async (command, args) =>
      (await import('./site.ts')).build(parseCommand<BuildOptions>(command, args)),
  },
  'site:check': {
    create: (name) =>
      createConfigCommand(name, 'Checks whether the built site may replace the published one.')
        .option('--out <dir>', 'folder of the built site', DEFAULT_OUT)
        .option(
          '--published <url or dir>',
          'the site that stands published; that of `url` in site.yaml',
        )
        .option('--accept-drop', 'pass although contributions fell by more than a fifth'),
    run: async (command, args) =>
      (await import('./site.ts')).check(parseCommand<CheckCommand>(command, args)),
  },
  'site:dev': {
    create: (name) =>
      createBaseCommand(
        name,
        'Serves the site from its sources, and reloads it when a source or a document changes.',
      ).option('--data <dir>', 'folder of the published documents', DEFAULT_DATA),
    async run(command, args, signal) {
      const { dev } = await import('./site.ts');
      await dev(parseCommand<{ data: string }>(command, args), signal);
      return EXIT.done;
    },
  },
  'site:preview': {
    create: (name) =>
      createBaseCommand(name, 'Serves the built site on this machine.')
        .option('--port <number>', 'port to listen on', parsePort, DEFAULT_PORT)
        .option('--out <dir>', 'folder of the built site', DEFAULT_OUT),
    async run(command, args, signal) {
      const { preview } = await import('./site.ts');
      await preview(parseCommand<{ out: string; port: number }>(command, args), signal);
      return EXIT.done;
    },
  },
  'actions:plan': action(
    'Checks what a run of the workflow is asked for, and plans it.',
    async () => (await import('./actions/plan.ts')).plan(),
  ),
  'actions:workers': repeatable('Plans a worker for every few open jobs.', async (context) => {
    await (await import('./actions/count-workers.ts')).countWorkers(context);
  }),
  'actions:report-run': action('Opens, updates or closes the issue about failed runs.', async () =>
    (await import('./actions/report-run.ts')).reportRun(),
  ),
  'actions:form': action('Answers an issue that was made with a form.', async () =>
    (await import('./actions/config-form.ts')).answerForm(),
  ),
  'actions:webhook': action('Sends a message about a finished run to WEBHOOK_URL.', async () =>
    (await import('./actions/report-to-webhook.ts')).reportToWebhook(),
  ),
  'actions:week': action('Sends the summary of the week to WEBHOOK_URL.', async () =>
    (await import('./actions/report-week.ts')).reportWeek(),
  ),
  'actions:keep-alive': action('Keeps GitHub from switching the schedules off.', async () =>
    (await import('./actions/keep-alive.ts')).keepAlive(),
  ),
  'actions:preview-config': action(
    'Checks the configuration of a pull request, and shows what it does.',
    async (signal) => (await import('./actions/preview-config.ts')).previewConfig(signal),
  ),
  'actions:comment-preview': action(
    'Comments on a pull request what its configuration does.',
    async (signal) => (await import('./actions/comment-preview.ts')).commentPreview(signal),
  ),
  'actions:setup-check': action('Shows every switch of this copy with its state.', async () =>
    (await import('./actions/setup-check.ts')).checkSetup(),
  ),
};

function entryOf(name: string): CommandEntry {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry) return entry;
  const names = Object.keys(COMMANDS);
  throw new UsageError(
    `There is no command \`${name}\`: expected one of ${names.join(', ')}${didYouMean(name, names)}`,
  );
}

/**
 * More words for the command, one a line. A workflow hands them over here, where no shell reads them.
 */
const moreWords = () => (process.env.LEADERBOARD_ARGS ?? '').split('\n').filter(Boolean);

await runMain(async (signal) => {
  const [name = '', ...given] = process.argv.slice(2);
  const args = [...given, ...moreWords()];
  const entry = entryOf(name);
  return entry.run(entry.create(name), args, signal);
});
