import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { type Db, openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import type { Database } from '../../db/schema.ts';
import { makeCluster, startFrom } from './embedded-cluster.ts';

/**
 * What the databases of a run of tests start from, made once: making a cluster and its tables takes
 * seconds, copying them tenths. The migrations have tests of their own, which start from nothing.
 */

/** Makes the embedded ones. The paths stand in the environment, where started processes see them. */
export async function makeClusters(folder: string): Promise<void> {
  const empty = await makeCluster();
  process.env.EMBEDDED_CLUSTER = join(folder, 'embedded-cluster.tar');
  await writeFile(process.env.EMBEDDED_CLUSTER, await bytesOf(empty));
  const migrated = await makeCluster(empty, async (pglite) => {
    await migrate(new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) }));
    await pglite.exec('CHECKPOINT');
  });
  process.env.MIGRATED_CLUSTER = join(folder, 'migrated-cluster.tar');
  await writeFile(process.env.MIGRATED_CLUSTER, await bytesOf(migrated));
}

const bytesOf = async (dump: Blob) => Buffer.from(await dump.arrayBuffer());

/** Makes the one of a server, and returns its name and what removes it. */
export async function makeServerTemplate(server: string) {
  const name = `template_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const db = await openDatabase(url.toString());
  await migrate(db);
  await db.destroy();
  return { name, remove: () => onServer(server, `DROP DATABASE ${name}`) };
}

async function onServer(server: string, statement: string): Promise<void> {
  const db = await openDatabase(server);
  await sql
    .raw(statement)
    .execute(db)
    .finally(() => db.destroy());
}

let migrated: Blob | undefined;

/** Opens an embedded database in memory with all tables. */
export async function openMigrated(): Promise<Db> {
  const file = process.env.MIGRATED_CLUSTER;
  if (file) {
    migrated ??= new Blob([readFileSync(file)]);
    return startFrom(migrated, () => openDatabase('memory:'));
  }
  const db = await openDatabase('memory:');
  await migrate(db);
  return db;
}
