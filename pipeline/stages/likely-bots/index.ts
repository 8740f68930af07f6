import { existsSync } from 'node:fs';
import type { Db } from '../../../db/client.ts';
import { readActivitySigns } from '../../../db/queries/report/activity-signs.ts';
import { readEnvironment } from '../../config/environment.ts';
import type { Config } from '../../config/schema.ts';
import {
  describeLikelyBot,
  findLikelyBots,
  LIKELY_BOTS_ADVICE,
  type LikelyBot,
} from '../../domain/likely-bots.ts';
import { type Context, embeddedFolder, withContext } from '../../runtime/context.ts';
import { print } from '../../util/printable.ts';

/** Reports accounts of the boards that look like programs. It changes nothing. */

/** So many of the best are looked at: bots that nobody listed stand high. */
const TOP = 500;

export async function readLikelyBots(
  db: Db,
  { people }: Pick<Config, 'people'>,
  now: Date,
): Promise<LikelyBot[]> {
  return findLikelyBots(await readActivitySigns(db, now, TOP), people.bots.allow);
}

/** For `config:check`: of the configured database, where there is one with data in it. */
export async function printLikelyBots(config: string, signal: AbortSignal): Promise<void> {
  try {
    const { databaseUrl } = readEnvironment();
    if (databaseUrl === null && !existsSync(embeddedFolder(false))) return;
    await withContext(optionsOf(config), signal, async ({ db, config: read, now }: Context) => {
      const found = await readLikelyBots(db, read, now);
      if (found.length === 0) return;
      const lines = found.map((bot) => `  ${describeLikelyBot(bot)}`);
      print(['Likely bots among the ranked:', ...lines, LIKELY_BOTS_ADVICE].join('\n'));
    });
  } catch (error) {
    // The configuration is valid, whatever the database is.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    print(`The database was not asked for likely bots: ${reason}`);
  }
}

const optionsOf = (config: string) =>
  ({
    config,
    sources: ['github'],
    repositories: null,
    jobType: null,
    from: null,
    to: null,
    out: '',
    now: null,
    dryRun: true,
    log: 'pretty',
  }) as const;
