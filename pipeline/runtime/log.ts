import pino, { type DestinationStream, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { LogLevel, LogLine } from '../domain/run.ts';
import { toPrintable, withoutCommands } from '../util/printable.ts';
import { HIDDEN, redact, secretsOf } from '../util/secrets.ts';
import type { LogFormat } from './options.ts';
import { clearProgressLine } from './progress.ts';
import { annotate, silenceWorkflowCommands } from './workflow-commands.ts';

export type Log = Logger;

export interface LogSettings {
  /** `LOG_LEVEL`; `debug` shows more. */
  readonly level?: string;
  /** Texts to hide, beside texts that look like a secret; default: secrets of the environment. */
  readonly secrets?: readonly string[];
  /** Receives the lines; default: standard output. */
  readonly destination?: DestinationStream;
  /** Receives each line from the level `info` up, as it is stored. */
  readonly tap?: (line: LogLine) => void;
  /** Of a stage, only its end and what is wrong is shown to people. */
  readonly isShort?: boolean;
}

/** Fields that always hold secrets. */
const SECRET_FIELDS = ['token', 'password', 'authorization', 'credentials', 'private_key'];

/** At the top level of a record and one level down, where options and headers are. */
const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);

/** The messages of an error and its causes, each once: one that repeats another says nothing new. */
function messageOf(error: Error): string {
  const said: string[] = [];
  const seen = new Set<unknown>();
  for (let at: unknown = error; at instanceof Error && !seen.has(at); at = at.cause) {
    seen.add(at);
    const { message } = at;
    if (!said.some((one) => one.includes(message))) said.push(message);
  }
  return said.join(': ');
}

/** As pino writes an error, but for its message. */
const serializeError = (error: unknown) =>
  error instanceof Error
    ? { ...pino.stdSerializers.err(error), message: messageOf(error) }
    : pino.stdSerializers.err(error as Error);

/** Writes synchronously in this thread, so that no line is lost when the process ends. */
function standardOutput(): DestinationStream {
  const out = pino.destination({ fd: 1, sync: true });
  return {
    write(line) {
      if (process.stdout.isTTY) clearProgressLine();
      out.write(line);
    },
  };
}

/** A text in JSON, quotes and all. */
const JSON_TEXT = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/**
 * Hides secrets and shows what can't be seen, in names and values alike. Each text is read out of
 * its JSON for that: `\\u001b` would be a harmless word here and a control character in a terminal.
 */
function throughCleaning(
  out: DestinationStream,
  secrets: readonly string[],
  tap?: LogSettings['tap'],
): DestinationStream {
  const clean = (text: string) => toPrintable(redact(text, secrets));
  return {
    write(line) {
      const cleaned = line.replace(JSON_TEXT, (text) => JSON.stringify(clean(JSON.parse(text))));
      // Once more over the whole: some secrets are known by the name before them.
      const safe = redact(cleaned, secrets);
      tap?.(toLogLine(safe));
      out.write(safe);
    },
  };
}

/** A line as pino writes it. */
interface Entry extends Record<string, unknown> {
  readonly level: number;
  readonly time: string;
  readonly msg?: string;
  readonly err?: { readonly message?: unknown };
  readonly stage?: string;
  readonly job?: number;
}

/** Pino's levels: 30 is `info`, 40 `warn`, 50 `error`. */
const levelOf = ({ level }: Entry): LogLevel =>
  level < 40 ? 'info' : level < 50 ? 'warn' : 'error';

/** Of an error its message stays; its stack is of use only beside the code. */
function withoutStack({ err, ...rest }: Entry): Entry {
  return err === undefined ? rest : { ...rest, error: String(err.message) };
}

function toLogLine(text: string): LogLine {
  const entry = withoutStack(JSON.parse(text));
  const { level: _, time, msg = '', run: __, stage, job, ...fields } = entry;
  const jobId = typeof job === 'number' ? job : null;
  return {
    at: new Date(time),
    level: levelOf(entry),
    stage: stage ?? null,
    jobId,
    message: msg,
    fields,
  };
}

/** Shown by the message itself, or of no use to people. */
const NOT_SHOWN = 'pid,hostname,run,stage,ended,seconds,error_class';

/** One line for each, with pino-pretty as a function, without a thread or a buffer. */
function throughPretty(out: DestinationStream, settings: LogSettings): DestinationStream {
  const format = PinoPretty.prettyFactory({
    colorize: Boolean(process.stdout.isTTY),
    ignore: NOT_SHOWN,
    translateTime: 'UTC:HH:MM:ss',
    singleLine: true,
    messageFormat: ({ stage, msg = '' }) => (stage ? `${stage}: ${msg}` : `${msg}`),
  });
  const isDebug = settings.level === 'debug' || settings.level === 'trace';
  return {
    write(line) {
      const entry: Entry = JSON.parse(line);
      if (settings.isShort && !isDebug && isDetail(entry)) return;
      // Line ends in a text were harmless in JSON: a line of people may begin behind one.
      out.write(withoutCommands(format(isDebug ? entry : onOneLine(entry)) ?? ''));
      annotateEntry(withoutStack(entry));
    },
  };
}

/** With the message of an error behind its own. How a command failed is said at its end. */
function onOneLine(entry: Entry): Entry {
  const { error, ...rest } = withoutStack(entry);
  const isSaid = typeof error !== 'string' || 'ended' in entry;
  return isSaid ? rest : { ...rest, msg: `${entry.msg ?? ''}: ${error.replaceAll('\n', ' ')}` };
}

/** What a stage says while it works. */
const isDetail = (entry: Entry) =>
  levelOf(entry) === 'info' && 'stage' in entry && !('ended' in entry);

/** What is wrong is also shown on the page of the run in GitHub Actions. */
function annotateEntry(entry: Entry): void {
  const level = levelOf(entry);
  if (level === 'info') return;
  const { msg = '', stage, error, repository } = entry;
  const parts = [repository, msg, error].filter((part) => typeof part === 'string' && part !== '');
  const kind = level === 'warn' ? 'warning' : 'error';
  annotate(kind, parts.join(': '), stage === undefined ? {} : { title: stage });
}

/** The log of a run: one JSON object a line, or lines for people. Secrets are hidden in both. */
export function createLog(format: LogFormat, settings: LogSettings = {}): Log {
  const destination = settings.destination ?? standardOutput();
  if (format === 'json') silenceWorkflowCommands();
  const out = format === 'pretty' ? throughPretty(destination, settings) : destination;
  const level = settings.level ?? 'info';
  return pino(
    {
      level,
      base: null,
      serializers: { err: serializeError },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED_PATHS, censor: HIDDEN },
    },
    throughCleaning(out, settings.secrets ?? secretsOf(), settings.tap),
  );
}
