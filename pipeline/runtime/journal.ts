import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../db/client.ts';
import { insertRunLog, readLastDurations } from '../../db/queries/run-log.ts';
import type { LogLine, StageEnd } from '../domain/run.ts';

/**
 * What a command leaves behind about itself: the lines of its log, which are stored with its run in
 * batches, and the ends of its stages. Nothing of it fails or slows the command.
 */
export interface Journal {
  readonly command: string;
  readonly startedAt: Date;
  readonly stages: readonly StageEnd[];
  /** The stage that is at work; null between the stages. */
  readonly current: string | null;
  /** The last lines of the log. */
  readonly lines: readonly LogLine[];
  readonly runId: number | null;
  /** Sentences for a person that a good run has, too, such as of a budget that is nearly used. */
  readonly warnings: string[];
  /** How long each stage took before, in seconds. */
  readonly durations: ReadonlyMap<string, number>;
  /** Whether the summary of the run was written. */
  isSummarized: boolean;
  note(line: LogLine): void;
  begin(stage: string): void;
  end(stage: StageEnd): void;
  /** From now on the lines are stored with this run, those from before, too. */
  attach(db: Db, runId: number): Promise<void>;
  /** Stores the lines that are not stored yet. */
  flush(): Promise<void>;
  /** The last `flush`; lines that come later are not stored. */
  close(): Promise<void>;
}

/** Lines that are kept for the record of the run. */
const MOST_KEPT = 200;
/** Lines that wait to be stored; if the database is away for long, the oldest are dropped. */
const MOST_WAITING = 10_000;
/** Lines of one statement. */
const BATCH = 500;
const FLUSH_MS = 5_000;
/** Longest that the command waits for lines to be stored, in ms. */
const PATIENCE_MS = 5_000;

export interface JournalSettings {
  /** Called when a stage begins or ends. */
  readonly onStage?: (journal: Journal) => void;
}

export function createJournal(command: string, { onStage }: JournalSettings = {}): Journal {
  const lines: LogLine[] = [];
  const stages: StageEnd[] = [];
  const buffer = createBuffer();
  const journal = {
    command,
    startedAt: new Date(),
    stages,
    current: null as string | null,
    lines,
    runId: null as number | null,
    warnings: [],
    durations: new Map<string, number>() as ReadonlyMap<string, number>,
    isSummarized: false,
    note(line: LogLine) {
      lines.push(line);
      if (lines.length > MOST_KEPT) lines.shift();
      buffer.add(line);
    },
    begin(stage: string) {
      journal.current = stage;
      onStage?.(journal);
    },
    end(end: StageEnd) {
      stages.push(end);
      journal.current = null;
      onStage?.(journal);
    },
    async attach(db: Db, runId: number) {
      journal.runId = runId;
      journal.durations = await readLastDurations(db).catch(() => journal.durations);
      buffer.open((some) => insertRunLog(db, runId, some));
    },
    flush: buffer.flush,
    close: buffer.close,
  };
  return journal;
}

type Save = (lines: readonly LogLine[]) => Promise<void>;

/** Lines on their way into the database. */
function createBuffer() {
  let waiting: LogLine[] = [];
  let save: Save | null = null;
  let working = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  /** What could not be stored waits for the next time: a lost connection is made again. */
  const storeAll = async () => {
    while (save && waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      try {
        await save(batch);
      } catch {
        waiting = [...batch, ...waiting].slice(-MOST_WAITING);
        return;
      }
    }
  };
  const start = () => {
    working = working.then(storeAll);
    return working;
  };
  const flush = async () => {
    const ended = new AbortController();
    const patience = sleep(PATIENCE_MS, undefined, { signal: ended.signal }).catch(() => {});
    await Promise.race([start(), patience]);
    ended.abort();
  };
  return {
    add(line: LogLine) {
      waiting.push(line);
      if (waiting.length > MOST_WAITING) waiting.shift();
      if (save && waiting.length % BATCH === 0) void start();
    },
    open(next: Save) {
      save = next;
      timer ??= setInterval(() => void start(), FLUSH_MS).unref();
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
      save = null;
    },
  };
}
