import { existsSync } from 'node:fs';

/** How the programs of PostgreSQL connect as our driver does. */

/** Parameters of an address, and the variable that libpq reads in their place. */
const VARIABLES: Readonly<Record<string, string>> = {
  user: 'PGUSER',
  password: 'PGPASSWORD',
  host: 'PGHOST',
  port: 'PGPORT',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslnegotiation: 'PGSSLNEGOTIATION',
  channel_binding: 'PGCHANNELBINDING',
  options: 'PGOPTIONS',
  application_name: 'PGAPPNAME',
  connect_timeout: 'PGCONNECT_TIMEOUT',
};

/** Parameters that are of the driver alone. */
const OF_DRIVER: readonly string[] = ['ssl', 'uselibpqcompat'];

/** Where systems keep the authorities that they trust; Node has a list of its own. */
const CA_FILES: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** The first version of the programs that knows the system's authorities by itself. */
const KNOWS_SYSTEM = 16;

export type PgVariables = Readonly<Record<string, string>>;

/**
 * The environment with which the programs connect to the same database with the same checks of TLS;
 * null where they can't. The password is in it, and in no argument: any user of the machine may
 * read those.
 * @param major the version of the programs
 */
export function pgVariables(address: string, major: number): PgVariables | null {
  const url = new URL(address);
  const variables: Record<string, string> = {};
  const set = (name: string, value: string) => {
    if (value !== '') variables[name] = value;
  };
  set('PGHOST', decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'));
  set('PGPORT', url.port);
  set('PGUSER', decodeURIComponent(url.username));
  set('PGPASSWORD', decodeURIComponent(url.password));
  set('PGDATABASE', decodeURIComponent(url.pathname.slice(1)));
  for (const [name, value] of url.searchParams) {
    if (OF_DRIVER.includes(name)) continue;
    const variable = VARIABLES[name];
    if (variable === undefined) return null;
    set(variable, value);
  }
  return withTls(variables, url.searchParams, major);
}

function withTls(
  variables: Record<string, string>,
  parameters: URLSearchParams,
  major: number,
): PgVariables | null {
  const isLibpq = parameters.get('uselibpqcompat') === 'true';
  const mode = modeOf(parameters);
  if (isLibpq || mode === null) return variables;
  if (mode !== 'verify-full' || variables.PGSSLROOTCERT) return { ...variables, PGSSLMODE: mode };
  const authorities = major >= KNOWS_SYSTEM ? 'system' : CA_FILES.find((file) => existsSync(file));
  if (!authorities) return null;
  return { ...variables, PGSSLMODE: mode, PGSSLROOTCERT: authorities };
}

/** What the driver does, in words of libpq; null if the address says nothing. */
function modeOf(parameters: URLSearchParams): string | null {
  const mode = parameters.get('sslmode');
  if (mode === null) return /^(true|1)$/.test(parameters.get('ssl') ?? '') ? 'verify-full' : null;
  if (mode === 'disable') return 'disable';
  // libpq checks the certificate with `require`, too, where ~/.postgresql/root.crt is there.
  return mode === 'no-verify' ? 'require' : 'verify-full';
}
