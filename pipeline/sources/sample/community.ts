import { SAMPLE_REPOSITORIES, type SampleRepository, SOLO_OWNER } from './repositories.ts';
import { createDice, type Dice, pick, shuffle } from './rng.ts';

/** An account of the sample. Its id stays; its login may depend on the time. */
export interface Person {
  readonly id: number;
  readonly type: 'User' | 'Bot' | 'Organization';
  /** The login at a time (milliseconds). */
  readonly loginAt: (at: number) => string;
  /** Hours that local time is ahead of UTC. */
  readonly utcOffset: number;
}

/** Who works on a repository, the most active first. */
export interface Crew {
  readonly maintainers: readonly Person[];
  readonly regulars: readonly Person[];
}

export interface Community {
  readonly people: readonly Person[];
  readonly crewOf: (repository: SampleRepository) => Crew;
}

/** Far above every id that GitHub has given to an account (about 0.3 billion in 2026). */
const FIRST_PERSON_ID = 9_000_000_000;
const FIRST_BOT_ID = 9_000_800_000;
const FIRST_ORGANIZATION_ID = 9_000_900_000;
const PEOPLE_COUNT = 350;

const ADJECTIVES =
  'quiet brisk amber dusty eager fuzzy gentle hasty ivory jolly keen lunar mellow nimble olive proud rusty silver tidy vivid';
const ANIMALS =
  'otter badger crane dormouse egret ferret gecko hare ibis jackdaw kestrel lynx marten newt oriole plover quail robin stoat vole';

/** Where people live, as hours ahead of UTC; what stands twice has twice the people. */
const UTC_OFFSETS = [-8, -7, -6, -5, -5, -4, -3, 0, 1, 1, 1, 2, 2, 3, 5, 8, 9, 10];

function createAccount(id: number, type: Person['type'], login: string, utcOffset = 0): Person {
  return { id, type, loginAt: () => login, utcOffset };
}

/** Bots, by what they do. They are on no board; the pipeline has to find that out. */
export const SAMPLE_BOTS = {
  updater: createAccount(FIRST_BOT_ID, 'Bot', 'sample-updater[bot]'),
  coverage: createAccount(FIRST_BOT_ID + 1, 'Bot', 'sample-coverage[bot]'),
  merger: createAccount(FIRST_BOT_ID + 2, 'Bot', 'sample-merge-queue[bot]'),
  releaser: createAccount(FIRST_BOT_ID + 3, 'Bot', 'sample-release-notes[bot]'),
} as const;

/** A new name every year, on a day of one's own: `sample-keen-newt-25` becomes `…-26`. */
function renamedYearly(login: string, month: number): Person['loginAt'] {
  return (at) => {
    const date = new Date(at);
    const isPast = at >= Date.UTC(date.getUTCFullYear(), month, 12, 9);
    return `${login}-${(date.getUTCFullYear() - (isPast ? 0 : 1)) % 100}`;
  };
}

/** Two people who exchange their logins on 10 January and 10 July: a login that changes hands. */
function exchangedHalfYearly(mine: string, theirs: string): Person['loginAt'] {
  return (at) => {
    const date = new Date(at);
    const dayOfYear = (at - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000;
    return dayOfYear >= 9 && dayOfYear < 190 ? mine : theirs;
  };
}

/** Every 29th renames itself yearly; the 5th and the 6th exchange logins. */
function chooseLoginAt(logins: readonly string[], index: number): Person['loginAt'] {
  const login = logins[index] ?? '';
  if (index === 5) return exchangedHalfYearly(login, logins[6] ?? '');
  if (index === 6) return exchangedHalfYearly(login, logins[5] ?? '');
  return index % 29 === 3 ? renamedYearly(login, ((index - 3) / 29) % 12) : () => login;
}

function createPeople(dice: Dice): Person[] {
  const names = ADJECTIVES.split(' ').flatMap((adjective) =>
    ANIMALS.split(' ').map((animal) => `sample-${adjective}-${animal}`),
  );
  const logins = shuffle(dice, names).slice(0, PEOPLE_COUNT);
  return logins.map((_, index) => ({
    id: FIRST_PERSON_ID + index,
    type: 'User',
    loginAt: chooseLoginAt(logins, index),
    utcOffset: pick(dice, UTC_OFFSETS),
  }));
}

const OWNERS = [...new Set(SAMPLE_REPOSITORIES.map(({ owner }) => owner)), 'sample-elsewhere'];

/** The account that owns a repository: an organisation, or the person `sample-solo-heron`. */
export function ownerOf(repository: SampleRepository): Person {
  const { owner, isOwnedByOrganization } = repository;
  const id = FIRST_ORGANIZATION_ID + OWNERS.indexOf(owner);
  return createAccount(id, isOwnedByOrganization ? 'Organization' : 'User', owner, 1);
}

/** People of one organisation mostly keep to it: they are every n-th of the community. */
function createCrew(seed: number, people: readonly Person[], repository: SampleRepository): Crew {
  const dice = createDice(seed, 2, repository.githubId);
  const home = OWNERS.indexOf(repository.owner);
  const near = people.filter((_, index) => index % (OWNERS.length - 1) === home);
  const size = Math.min(5, 2 + Math.round(repository.pace / 2));
  const maintainers = shuffle(dice, near.slice(0, 2 * size)).slice(0, size);
  const regulars = shuffle(dice, [...near.slice(2 * size, 40), ...people.slice(0, 12)]);
  if (repository.owner === SOLO_OWNER) return { maintainers: [ownerOf(repository)], regulars };
  return { maintainers, regulars: regulars.slice(0, 6 + 2 * size) };
}

/** The people of the sample and who works where: the same for a seed at any time. */
export function createCommunity(seed: number): Community {
  const people = createPeople(createDice(seed, 1));
  const crews = new Map(
    SAMPLE_REPOSITORIES.map((one) => [one.githubId, createCrew(seed, people, one)] as const),
  );
  const crowd = { maintainers: people, regulars: people };
  return { people, crewOf: (repository) => crews.get(repository.githubId) ?? crowd };
}
