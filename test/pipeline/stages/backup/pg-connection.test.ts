import { describe, expect, it } from 'vitest';
import { pgVariables } from '../../../../pipeline/stages/backup/pg-connection.ts';

const address = (rest = '') => `postgres://me%40x:p%40ss%2F%23@db.example.org:6543/my%20db${rest}`;
const plain = {
  PGHOST: 'db.example.org',
  PGPORT: '6543',
  PGUSER: 'me@x',
  PGPASSWORD: 'p@ss/#',
  PGDATABASE: 'my db',
};

describe('the environment of the programs of PostgreSQL', () => {
  it.each([
    ['', {}],
    ['?sslmode=disable', { PGSSLMODE: 'disable' }],
    ['?sslmode=no-verify', { PGSSLMODE: 'require' }],
    ['?sslmode=require', { PGSSLMODE: 'verify-full', PGSSLROOTCERT: 'system' }],
    ['?ssl=true', { PGSSLMODE: 'verify-full', PGSSLROOTCERT: 'system' }],
    ['?sslmode=prefer&uselibpqcompat=true', { PGSSLMODE: 'prefer' }],
    [
      '?sslmode=verify-full&sslrootcert=/a/ca.pem&sslcert=/a/c.pem&sslkey=/a/k.pem',
      {
        PGSSLMODE: 'verify-full',
        PGSSLROOTCERT: '/a/ca.pem',
        PGSSLCERT: '/a/c.pem',
        PGSSLKEY: '/a/k.pem',
      },
    ],
    ['?options=-c%20search_path%3Dx', { PGOPTIONS: '-c search_path=x' }],
  ])('has the password and the terms of TLS of an address (%s)', (rest, more) => {
    expect(pgVariables(address(rest), 17)).toEqual({ ...plain, ...more });
  });

  it('names a file of authorities to programs that do not know those of the system', () => {
    const { PGSSLROOTCERT } = pgVariables(address('?sslmode=verify-full'), 15) ?? {};
    expect(PGSSLROOTCERT ?? '/none').toMatch(/^\/.*/);
  });

  it.each(['?sslpassword=x', '?unheard=1'])('is null for what they do not know (%s)', (rest) => {
    expect(pgVariables(address(rest), 17)).toBeNull();
  });

  it('takes a socket, an IPv6 host and parameters', () => {
    expect(pgVariables('postgres:///db?host=/run/pg&user=a&password=b', 17)).toEqual({
      PGHOST: '/run/pg',
      PGUSER: 'a',
      PGPASSWORD: 'b',
      PGDATABASE: 'db',
    });
    expect(pgVariables('postgres://a@[::1]/db', 17)).toMatchObject({ PGHOST: '::1' });
  });
});
