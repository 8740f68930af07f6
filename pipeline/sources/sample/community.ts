import { SAMPLE_OPTED_OUT } from '../../domain/people.ts';
import { DAY_MS } from '../../domain/time.ts';
import { createRng, pick, type Rng, shuffle } from './rng.ts';

/** The repositories and people of the sample, and what the people write. All of it is invented. */

/** Far above every id that GitHub has given to a repository (about 1.3 billion in 2026). */
const FIRST_REPOSITORY_ID = 9_200_000_000;

/** The one owner that is a person. */
const SOLO_OWNER = 'sample-solo-heron';

/**
 * Repository | description | language | stars | topics | default branch | pace: the issues and
 * pull requests opened on a working day, at the start of 2026.
 */
const TABLE = `
sample-orchard/pear-parser | Parses pears, and most other fruit | TypeScript | 18420 | parser fruit | main | 5.1
sample-orchard/apple-press | Presses data until only the juice is left | Rust | 9310 | compression | main | 2.9
sample-orchard/cider-server | A server that is better after a year | Go | 6105 | http server | main | 2.3
sample-orchard/plum-pudding | Layered configuration, soft inside | Python | 2240 | configuration | main | 1.3
sample-orchard/graft | Joins two histories into one tree | Rust | 1180 | git cli | master | 0.9
sample-orchard/windfall | Collects what fell out of the queue | Go | 640 | queue | main | 0.6
sample-orchard/orchard-docs | The handbook of the orchard | MDX | 210 | documentation | main | 0.7
sample-harbor/tide-table | Schedules that know when the water is high | TypeScript | 14870 | scheduler cron | main | 4.2
sample-harbor/lighthouse-keeper | Watches services at night | Go | 7930 | monitoring | main | 2.5
sample-harbor/breakwater | Takes the waves off your API | Java | 4420 | rate-limiting | master | 1.7
sample-harbor/pilot-boat | Guides deployments into port | TypeScript | 3350 | deployment | main | 1.5
sample-harbor/dry-dock | A place to repair containers | Shell | 980 | containers | main | 0.6
sample-harbor/ballast | Fixtures that keep tests upright | Python | 515 | testing | main | 0.5
sample-lantern/wick | A small reactive core | TypeScript | 11260 | reactive ui | main | 3.4
sample-lantern/glow | Charts that are readable in the dark | TypeScript | 5480 | charts | main | 1.9
sample-lantern/shade | Themes, and how to switch them off | CSS | 1930 | themes css | main | 1
sample-lantern/flint | Starts projects with a spark | JavaScript | 1240 | scaffolding | main | 0.7
sample-lantern/lamp-oil | Plugins that keep the lantern lit | TypeScript | 430 | plugins | main | 0.6
sample-meadow/grasshopper | A database that jumps to the answer | C++ | 22150 | database sql | trunk | 4.6
sample-meadow/clover | Four-leaved locks for distributed systems | Go | 3870 | consensus | main | 1.4
sample-meadow/hay-stack | Search for needles | Rust | 2760 | search | main | 1.5
sample-meadow/bumble | Moves pollen between formats | Python | 1050 | etl | master | 0.9
sample-solo-heron/one-leg | A static site generator that stands still | Rust | 1610 | static-site | main | 0.6
sample-solo-heron/reed-notes | Notes from the edge of the lake | Markdown | 95 | notes | main | 0.2
`;

export type SampleRepository = ReturnType<typeof toRepository>;

function toRepository(row: string, index: number) {
  const [owner = '', name = '', description = '', language = '', ...more] = row.split(/ \| |\//);
  const [stars, topics = '', defaultBranch = '', pace] = more;
  return {
    ...{ owner, name, description, language, defaultBranch },
    githubId: FIRST_REPOSITORY_ID + index,
    stars: Number(stars),
    topics: topics.split(' '),
    pace: Number(pace),
  };
}

/** The repositories that a sample run tracks; discovery takes them as if they were configured. */
export const SAMPLE_REPOSITORIES: readonly SampleRepository[] = TABLE.trim()
  .split('\n')
  .map(toRepository);

/** Repositories that the run does not track: most of a real hour of GH Archive is about such. */
export const UNTRACKED_REPOSITORIES: readonly SampleRepository[] =
  'pebble kettle thimble saddle bobbin trellis gravel mortar'
    .split(' ')
    .map((name) => `sample-elsewhere/${name} | Not tracked | C | 3 | other | main | 0`)
    .map((row, index) => toRepository(row, 100 + index));

/** An account of the sample. Its id stays; its login may depend on the time. */
export interface Person {
  readonly id: number;
  readonly type: 'User' | 'Bot' | 'Organization';
  /** The login at a time (milliseconds). */
  readonly loginAt: (at: number) => string;
  /** Hours that local time is ahead of UTC. */
  readonly utcOffset: number;
}

/** The people of a repository, the most active first. */
export interface Team {
  readonly maintainers: readonly Person[];
  readonly regulars: readonly Person[];
}

export type Community = ReturnType<typeof createCommunity>;

/** Far above every id that GitHub has given to an account (about 0.3 billion in 2026). */
const FIRST_PERSON_ID = 9_000_000_000;
const FIRST_BOT_ID = 9_000_800_000;
const FIRST_ORGANIZATION_ID = 9_000_900_000;
const PEOPLE_COUNT = 350;

/** A login is `sample`, an adjective and an animal. */
const ADJECTIVES =
  'quiet brisk amber dusty eager fuzzy gentle hasty ivory jolly keen lunar mellow nimble olive proud rusty silver tidy vivid';
const ANIMALS =
  'otter badger crane dormouse egret ferret gecko hare ibis jackdaw kestrel lynx marten newt oriole plover quail robin stoat vole';

/** Where people live, as hours ahead of UTC; an offset that stands twice has twice the people. */
const UTC_OFFSETS = [-8, -7, -6, -5, -5, -4, -3, 0, 1, 1, 1, 2, 2, 3, 5, 8, 9, 10];

function createAccount(id: number, type: Person['type'], login: string, utcOffset = 0): Person {
  return { id, type, loginAt: () => login, utcOffset };
}

/** Bots, by what they do. No board shows them; the pipeline has to recognise them. */
export const SAMPLE_BOTS = {
  updater: createAccount(FIRST_BOT_ID, 'Bot', 'sample-updater[bot]'),
  coverage: createAccount(FIRST_BOT_ID + 1, 'Bot', 'sample-coverage[bot]'),
  merger: createAccount(FIRST_BOT_ID + 2, 'Bot', 'sample-merge-queue[bot]'),
  releaser: createAccount(FIRST_BOT_ID + 3, 'Bot', 'sample-release-notes[bot]'),
} as const;

/** A new login on the 12th of a month, every year: `sample-keen-newt-25` becomes `…-26`. */
function renamedYearly(login: string, month: number): Person['loginAt'] {
  return (at) => {
    const year = new Date(at).getUTCFullYear();
    const isRenamed = at >= Date.UTC(year, month, 12, 9);
    return `${login}-${(isRenamed ? year : year - 1) % 100}`;
  };
}

/** Two people exchange their logins on 10 January and 10 July: each login changes hands. */
function exchangedHalfYearly(first: string, second: string): Person['loginAt'] {
  return (at) => {
    const dayOfYear = (at - Date.UTC(new Date(at).getUTCFullYear(), 0, 1)) / DAY_MS;
    return dayOfYear >= 9 && dayOfYear < 190 ? first : second;
  };
}

/** One in 29 is renamed yearly; the people with indexes 5 and 6 exchange their logins. */
function chooseLoginAt(logins: readonly string[], index: number): Person['loginAt'] {
  const login = logins[index] ?? '';
  if (index === 5) return exchangedHalfYearly(login, logins[6] ?? '');
  if (index === 6) return exchangedHalfYearly(login, logins[5] ?? '');
  return index % 29 === 3 ? renamedYearly(login, ((index - 3) / 29) % 12) : () => login;
}

function createPeople(rng: Rng): Person[] {
  const names = ADJECTIVES.split(' ').flatMap((adjective) =>
    ANIMALS.split(' ').map((animal) => `sample-${adjective}-${animal}`),
  );
  const logins = shuffle(rng, names).slice(0, PEOPLE_COUNT);
  return logins.map((_, index) => ({
    id: FIRST_PERSON_ID + index,
    type: 'User',
    loginAt: chooseLoginAt(logins, index),
    utcOffset: pick(rng, UTC_OFFSETS),
  }));
}

const OWNERS = [...new Set(SAMPLE_REPOSITORIES.map(({ owner }) => owner)), 'sample-elsewhere'];

/** The account that owns a repository: an organisation, or the person `sample-solo-heron`. */
export function ownerOf({ owner }: SampleRepository): Person {
  const type = owner === SOLO_OWNER ? 'User' : 'Organization';
  return createAccount(FIRST_ORGANIZATION_ID + OWNERS.indexOf(owner), type, owner, 1);
}

/** Each owner has its own share of the people, and all share the first 12. */
function createTeam(seed: number, people: readonly Person[], repository: SampleRepository): Team {
  const rng = createRng(seed, 2, repository.githubId);
  const home = OWNERS.indexOf(repository.owner);
  const near = people.filter((_, index) => index % (OWNERS.length - 1) === home);
  const size = Math.min(5, 2 + Math.round(repository.pace / 2));
  const maintainers = shuffle(rng, near.slice(0, 2 * size)).slice(0, size);
  const regulars = shuffle(rng, [...near.slice(2 * size, 40), ...people.slice(0, 12)]);
  if (repository.owner === SOLO_OWNER) return { maintainers: [ownerOf(repository)], regulars };
  return { maintainers, regulars: regulars.slice(0, 6 + 2 * size) };
}

/** The people of the sample and their teams: a seed gives the same at any time. */
export function createCommunity(seed: number) {
  const people = createPeople(createRng(seed, 1));
  const teams = new Map<number, Team>(
    SAMPLE_REPOSITORIES.map((one) => [one.githubId, createTeam(seed, people, one)]),
  );
  const everybody: Team = { maintainers: people, regulars: people };
  const teamOf = ({ githubId }: SampleRepository) => teams.get(githubId) ?? everybody;
  return { seed, people, teamOf };
}

const VERBS = 'Fix,Add,Remove,Speed up,Document,Rework,Test,Simplify'.split(',');
const THINGS =
  'slow requests,empty input,time zones,the cache key,options,error messages,large files'.split(
    ',',
  );

const BODIES = [
  'Looks good to me.',
  'Could this be split in two?',
  'I tried it.\n\n```\nnpm test\n```',
];

/**
 * Other scripts, right-to-left text, emoji of several code points, combining marks; markup, quotes,
 * formulas: they must be shown as text and never be run. The last names somebody who opted out.
 */
const ODD_TEXTS = [
  '日本語の入力',
  'für Größen über 4 GiB',
  'للنص العربي',
  '👩‍👩‍👧‍👦 in Zu\u0308rich',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE contribution_events; --",
  '=HYPERLINK("https://example.com")',
  'a\\b"c\td',
  `as @${SAMPLE_OPTED_OUT} asked`,
];

/** A line separator within a text: JSON allows it raw, and some readers split lines on it. */
const LINE_SEPARATOR_BODY = 'First line\u2028second line\u2029third line';

/** A title; three of ten end with an odd text. */
export function writeTitle(rng: Rng): string {
  const title = `${pick(rng, VERBS)} ${pick(rng, THINGS)}`;
  return rng() < 0.3 ? `${title} ${pick(rng, ODD_TEXTS)}` : title;
}

/** The text of a comment or a review; about one in 80 holds U+2028. */
export function writeBody(rng: Rng): string {
  if (rng() < 1 / 80) return LINE_SEPARATOR_BODY;
  return pick(rng, rng() < 1 / 80 ? ODD_TEXTS : BODIES);
}
