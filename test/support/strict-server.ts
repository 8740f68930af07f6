import { chmodSync, chownSync, copyFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { openDatabase } from '../../db/client.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

/**
 * A PostgreSQL with TLS, few connections and rules for who may come in. All certificates are for
 * `key.pem`. `certificate` is signed by itself, the others by `authority`; all are for 127.0.0.1
 * but `other-name`. Their dates were given to `openssl ca` by `-startdate` and `-enddate`.
 */
export interface StrictServer extends PostgresServer {
  /** Shows this certificate to each new connection. */
  show(certificate: CertificateName): Promise<void>;
}

export type CertificateName = 'certificate' | 'signed' | 'other-name' | 'expired' | 'future';

const FIXTURES = fileURLToPath(new URL('../fixtures/tls/', import.meta.url));

/** The path of a file with a certificate or with the key. */
export const pemFile = (name: CertificateName | 'authority' | 'key') => `${FIXTURES}${name}.pem`;

/** Members of the roles with a `+` are treated as these say. */
const RULES = `
host      all postgres      samehost     scram-sha-256
hostnossl all +tls_rejected samehost     reject
host      all +all_rejected samehost     reject
hostssl   all +certified    samehost     scram-sha-256 clientcert=verify-ca
hostssl   all all           samehost     scram-sha-256
`;

const FLAGS = [
  'fsync=off',
  'ssl=on',
  'ssl_key_file=key.pem',
  'ssl_ca_file=authority.pem',
  'max_connections=20',
];

export async function startStrictServer(): Promise<StrictServer> {
  const server = await startPostgres(FLAGS, prepare);
  const admin = await openDatabase(server.url);
  for (const role of ['tls_rejected', 'all_rejected', 'certified'])
    await sql`CREATE ROLE ${sql.id(role)}`.execute(admin);
  await admin.destroy();
  return { ...server, show: (certificate) => show(server, certificate) };
}

function prepare(folder: string): void {
  const { uid, gid } = statSync(folder);
  // The name that is read until another is set.
  const files = [
    ...readdirSync(FIXTURES).map((name) => [name, name]),
    ['signed.pem', 'server.crt'],
  ];
  for (const [from = '', name = ''] of files) {
    copyFileSync(join(FIXTURES, from), join(folder, name));
    chmodSync(join(folder, name), 0o600);
    chownSync(join(folder, name), uid, gid);
  }
  writeFileSync(join(folder, 'pg_hba.conf'), RULES);
}

async function show({ url }: PostgresServer, certificate: CertificateName): Promise<void> {
  const file = `${certificate}.pem`;
  const admin = await openDatabase(url);
  await sql`ALTER SYSTEM SET ssl_cert_file = ${sql.lit(file)}`.execute(admin);
  await sql`SELECT pg_reload_conf()`.execute(admin);
  await admin.destroy();
  // A new connection has the settings that the server has for all new ones.
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const db = await openDatabase(url);
    const { rows } = await sql<{ file: string }>`
      SELECT current_setting('ssl_cert_file') AS file`.execute(db);
    await db.destroy();
    if (rows[0]?.file === file) return;
    await delay(20);
  }
  throw new Error(`the server does not take ${file}`);
}
