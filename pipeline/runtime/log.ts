import pino, { type DestinationStream, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { secretsOf } from '../config/environment.ts';
import { HIDDEN, redact } from '../util/redact.ts';
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

const throughRedaction = (out: DestinationStream, secrets: readonly string[]) => ({
  write: (line: string) => out.write(redact(line, secrets)),
});

/** pino-pretty as a function of one line, without a thread or a buffer. */
function throughPretty(out: DestinationStream): DestinationStream {
  const format = PinoPretty.prettyFactory({
    colorize: Boolean(process.stdout.isTTY),
    ignore: 'pid,hostname',
    translateTime: 'UTC:HH:MM:ss',
  });
  return { write: (line) => out.write(format(line) ?? '') };
}

/** The log of a run: one JSON object a line, or lines for people. Secrets are hidden in both. */
export function createLog(format: LogFormat, settings: LogSettings = {}): Log {
  const out = throughRedaction(
    settings.destination ?? standardOutput(),
    settings.secrets ?? secretsOf(),
  );
  const level = settings.level ?? 'info';
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED_PATHS, censor: HIDDEN },
    },
    format === 'pretty' ? throughPretty(out) : out,
  );
}
