import pino, { type DestinationStream, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { redact } from '../util/redact.ts';
import { secretsOf } from './environment.ts';
import type { LogFormat } from './options.ts';

export type Log = Logger;

export interface LogSettings {
  /** `LOG_LEVEL`; `debug` shows more. */
  readonly level?: string;
  /** Texts to hide beside all that looks like a secret; those of the environment by default. */
  readonly secrets?: readonly string[];
  /** Where the lines go; standard output unless a test listens. */
  readonly destination?: DestinationStream;
}

/** Fields that hold secrets, whatever their value looks like. */
const SECRET_FIELDS = ['token', 'password', 'authorization', 'credentials', 'private_key'];

/** At the top of a record and one level down, where options and headers are put. */
const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);

/** Written at once and in this thread: a line is out before the process can end. */
const standardOutput = () => pino.destination({ fd: 1, sync: true });

const throughRedaction = (out: DestinationStream, secrets: readonly string[]) => ({
  write: (line: string) => out.write(redact(line, secrets)),
});

/** pino-pretty as a function of a line, so that no thread and no buffer stands in between. */
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
      redact: { paths: REDACTED_PATHS, censor: '[hidden]' },
    },
    format === 'pretty' ? throughPretty(out) : out,
  );
}
