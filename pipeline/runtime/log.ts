import pino, { type DestinationStream, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { toPrintable, withoutCommands } from '../util/printable.ts';
import { HIDDEN, redact, secretsOf } from '../util/secrets.ts';
import type { LogFormat } from './options.ts';

export type Log = Logger;

export interface LogSettings {
  /** `LOG_LEVEL`; `debug` shows more. */
  readonly level?: string;
  /** Texts to hide, beside texts that look like a secret; default: secrets of the environment. */
  readonly secrets?: readonly string[];
  /** Receives the lines; default: standard output. */
  readonly destination?: DestinationStream;
}

/** Fields that always hold secrets. */
const SECRET_FIELDS = ['token', 'password', 'authorization', 'credentials', 'private_key'];

/** At the top level of a record and one level down, where options and headers are. */
const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);

/** Writes synchronously in this thread, so that no line is lost when the process ends. */
const standardOutput = () => pino.destination({ fd: 1, sync: true });

/** A text in JSON, quotes and all. */
const JSON_TEXT = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/**
 * Hides secrets and shows what can't be seen, in names and values alike. Each text is read out of
 * its JSON for that: `\\u001b` would be a harmless word here and a control character in a terminal.
 */
function throughCleaning(out: DestinationStream, secrets: readonly string[]): DestinationStream {
  const clean = (text: string) => toPrintable(redact(text, secrets));
  return {
    write(line) {
      const cleaned = line.replace(JSON_TEXT, (text) => JSON.stringify(clean(JSON.parse(text))));
      // Once more over the whole: some secrets are known by the name before them.
      out.write(redact(cleaned, secrets));
    },
  };
}

/** pino-pretty as a function of one line, without a thread or a buffer. */
function throughPretty(out: DestinationStream): DestinationStream {
  const format = PinoPretty.prettyFactory({
    colorize: Boolean(process.stdout.isTTY),
    ignore: 'pid,hostname',
    translateTime: 'UTC:HH:MM:ss',
  });
  // Line ends in a text were harmless in JSON: a line of people may begin behind one.
  return { write: (line) => out.write(withoutCommands(format(line) ?? '')) };
}

/** The log of a run: one JSON object a line, or lines for people. Secrets are hidden in both. */
export function createLog(format: LogFormat, settings: LogSettings = {}): Log {
  const destination = settings.destination ?? standardOutput();
  const out = format === 'pretty' ? throughPretty(destination) : destination;
  const level = settings.level ?? 'info';
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED_PATHS, censor: HIDDEN },
    },
    throughCleaning(out, settings.secrets ?? secretsOf()),
  );
}
