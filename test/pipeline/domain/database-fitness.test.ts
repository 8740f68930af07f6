import { expect, it } from 'vitest';
import {
  problemOfClocks,
  problemsOfMigration,
  problemsOfServer,
  type ServerFacts,
} from '../../../pipeline/domain/database-fitness.ts';

const FIT: ServerFacts = {
  version: 150_000,
  versionName: '15.0',
  encoding: 'UTF8',
  database: 'boards',
  login: 'robot',
  role: 'robot',
  schema: 'public',
  tablesIn: 'public',
  mayCreate: true,
  isStandby: false,
  isReadOnly: false,
  fixedByAddress: [],
};

it('finds nothing wrong with a database as it should be', () => {
  expect(problemsOfServer(FIT)).toEqual([]);
  expect(problemsOfMigration(FIT, [], true)).toEqual([]);
});

it.each<[Partial<ServerFacts>, string]>([
  [{ version: 140_011, versionName: '14.11' }, 'PostgreSQL 14.11 is too old'],
  [{ isStandby: true, isReadOnly: true }, 'this server is a standby'],
  [{ isReadOnly: true }, '`ALTER ROLE robot IN DATABASE boards SET default_transaction_read_only'],
  [
    { isReadOnly: true, fixedByAddress: ['default_transaction_read_only'] },
    'on, so nothing can be written: take default_transaction_read_only out of',
  ],
  [{ schema: null, fixedByAddress: ['search_path'] }, 'take search_path out of the options of'],
  [{ encoding: 'EUC_JP' }, "the encoding of the database boards is EUC_JP, which can't hold"],
  [{ schema: null }, '`GRANT USAGE ON SCHEMA public TO robot` and `ALTER ROLE robot IN DATABASE'],
  [{ schema: null, tablesIn: null }, '`CREATE SCHEMA leaderboard AUTHORIZATION robot` and `ALTER'],
])('says once what to do about %o', (facts, text) => {
  const problems = problemsOfServer({ ...FIT, ...facts });
  expect(problems).toEqual([expect.stringContaining(text)]);
});

it.each<[number, RegExp | null, boolean?]>([
  [0, null],
  [60_000, null],
  [61_000, /^the clock of this machine is 1 minutes ahead of the database's: set the one/, false],
  [-3_600_000, /^the clock of this machine is 60 minutes behind the database's/, false],
  [3_600_001, /60 minutes ahead/, true],
  [-86_400_000, /1440 minutes behind/, true],
])(
  'says what to do about clocks that differ by %s ms, and when no run is possible',
  (lead, text, isRefused) => {
    expect(problemOfClocks(lead)).toEqual(text && { text: expect.stringMatching(text), isRefused });
  },
);
