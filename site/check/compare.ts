import { isBot } from '../../pipeline/domain/bots.ts';
import { asciiLower } from '../../pipeline/domain/names.ts';
import type { PeopleRules } from '../../pipeline/domain/people.ts';
import { DAY_MS, isoMonth, PERIOD_DAYS } from '../../pipeline/domain/time.ts';
import type { Period } from '../src/lib/site.ts';
import { readWholeBoard, sumOf, type WholeBoard } from './boards.ts';
import { type BoardEntry, type DocumentSource, SCHEMAS } from './documents.ts';
import { error, type Finding, firstOf, note, warning } from './finding.ts';
import { LimitError } from './remote-documents.ts';

/** What the configuration of now says about what was published before. */
export interface CheckConfig {
  /** `owner/name` of every configured repository. */
  readonly repositories: readonly string[];
  readonly people: PeopleRules;
}

export interface Comparison {
  readonly built: DocumentSource;
  readonly published: DocumentSource;
  readonly config: CheckConfig;
  /** Whether falls are meant. */
  readonly acceptDrop: boolean;
}

/** The periods that are compared: what is lost shows in them, and they change slowly. */
const COMPARED = ['all', 'year'] as const satisfies readonly Period[];
type Compared = (typeof COMPARED)[number];

/** A fall by more than this share needs an explanation. */
const MOST_FALL = 0.2;
/** A person who lost fewer contributions than this is seen in the repositories alone. */
const FEWEST_LOST = 10;
/** Boards that are read at once. */
const AT_ONCE = 12;

const ACCEPT = 'find out why, or publish it by --accept-drop (accept_drop of the workflow)';
const PERIOD_NAMES = { all: 'of all time', year: 'of the last year' } as const;

/** Contributions before and after, of a repository or a person. */
interface Change {
  readonly name: string;
  readonly period: Compared;
  before: number;
  after: number;
  /** Contributions that are not there for a reason: deleted on GitHub, or older than the period now. */
  left: number;
}

export const isFall = ({ before, after, left }: Omit<Change, 'name' | 'period'>): boolean =>
  before - after - left > before * MOST_FALL;

/** The contributions of the built documents against those that are published. */
export async function compareWithPublished(comparison: Comparison): Promise<Finding[]> {
  const { built, published } = comparison;
  const before = await published.read('index', {}, SCHEMAS.index);
  const after = await built.read('index', {}, SCHEMAS.index);
  if (after === null) return [];
  if (before === null)
    return [note(`Nothing is published at ${published.name} yet: there is nothing to compare.`)];
  if (before.sample !== after.sample)
    return [note(`Not compared with ${published.name}: one of both shows the generated sample.`)];
  const times = { before: Date.parse(before.generated_at), after: Date.parse(after.generated_at) };
  const listed = await readRepositories(comparison, after.sample);
  const boards = await compareBoards(comparison, listed.common, times);
  return [
    ...listed.findings,
    ...checkOrder(published.name, times),
    ...reportFalls(comparison, boards),
    ...(boards.limit === null
      ? []
      : [warning(`People are not compared: ${published.name} has ${boards.limit} to read.`)]),
    describeSums(published.name, listed.common.length, boards),
  ];
}

interface Times {
  readonly before: number;
  readonly after: number;
}

const checkOrder = (name: string, { before, after }: Times): Finding[] =>
  after >= before
    ? []
    : [warning(`The built documents are older than those at ${name}: check the clock of the run.`)];

/** The repositories that both have, and what is to be said about those that only one of them has. */
async function readRepositories({ built, published, config }: Comparison, isSample: boolean) {
  const read = async (source: DocumentSource) => {
    const document = await source.read('repositories', {}, SCHEMAS.repositories);
    return new Map(document?.repositories.map((one) => [asciiLower(one.full_name), one]));
  };
  const [before, after] = [await read(published), await read(built)];
  const configured = new Set(config.repositories.map(asciiLower));
  const findings = [...before].flatMap(([key, { full_name: name }]) => {
    if (after.has(key)) return [];
    // The repositories of the sample are in no configuration.
    if (!isSample && !configured.has(key))
      return [note(`${name} is not configured any more, and not compared.`)];
    const cure = 'see its state by npm run preflight, or remove it from config/repos.yaml';
    return [error(`${name} is configured and was published, but has no board now: ${cure}.`)];
  });
  const common = [...before].flatMap(([key, one]) => {
    const now = after.get(key);
    return now === undefined ? [] : [{ before: one, after: now }];
  });
  return { findings: firstOf(findings, 'repositories'), common };
}

type Common = Awaited<ReturnType<typeof readRepositories>>['common'];

interface Changes {
  readonly repositories: readonly Change[];
  /** By period and person. */
  readonly people: readonly Change[];
  /** Why not everything was read. */
  readonly limit: string | null;
}

async function compareBoards(
  comparison: Comparison,
  common: Common,
  times: Times,
): Promise<Changes> {
  const people: People = new Map();
  const repositories: Change[] = [];
  let limit: string | null = null;
  try {
    const leaving = await readLeaving(comparison.published, times);
    const deleted = await readDeleted(comparison.built, times);
    const tasks = common.flatMap((names) => COMPARED.map((period) => ({ names, period })));
    await eachAtOnce(tasks, async ({ names, period }) => {
      const own = deleted(names.after.full_name);
      const left = own + (period === 'year' ? leaving(names.before.full_name) : 0);
      const change = await compareBoard(comparison, names, { period, left, deleted: own, people });
      if (change !== null) repositories.push(change);
    });
    await addPeopleLeaving(comparison.published, people, times);
  } catch (reason) {
    if (!(reason instanceof LimitError)) throw reason;
    limit = reason.message;
    repositories.push(...compareTotals(common, repositories));
  }
  return { repositories, people: limit === null ? [...people.values()] : [], limit };
}

interface BoardTask {
  readonly period: Compared;
  readonly left: number;
  /** Those of `left` that were deleted: whose they were is not known. */
  readonly deleted: number;
  /** Everybody's sums so far, in which those of this board are added. */
  readonly people: People;
}

async function compareBoard(
  { built, published, config }: Comparison,
  names: Common[number],
  { period, left, deleted, people }: BoardTask,
): Promise<Change | null> {
  const before = await readWholeBoard(published, names.before.full_name, period);
  const after = await readWholeBoard(built, names.after.full_name, period);
  if (before === null || after === null) return null;
  const kept = before.entries.filter((entry) => !isRemoved(entry, config.people));
  addPeople({ people, period, deleted }, kept, after);
  const name = names.after.full_name;
  const sumBefore = sumOf(kept) + before.unranked;
  return { name, period, before: sumBefore, after: sumOf(after.entries) + after.unranked, left };
}

/** The repositories whose boards were not read, by their sums of all time alone. */
function compareTotals(common: Common, compared: readonly Change[]): Change[] {
  const known = new Set(compared.filter(({ period }) => period === 'all').map(({ name }) => name));
  return common.flatMap(({ before, after }): Change[] => {
    const { full_name: name, contributions } = after;
    if (known.has(name)) return [];
    return [{ name, period: 'all', before: before.contributions, after: contributions, left: 0 }];
  });
}

async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const open = [...items];
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let item = open.shift(); item !== undefined; item = open.shift()) {
      await work(item).catch((reason) => {
        // What is still in the list would fail likewise.
        open.length = 0;
        throw reason;
      });
    }
  });
  await Promise.all(workers);
}

/** Whether the configuration of now takes a person off the boards, or shows them as another. */
export function isRemoved({ username, githubId }: BoardEntry, rules: PeopleRules): boolean {
  const login = asciiLower(username);
  const isOptedOut = rules.opt_out.some((one) =>
    typeof one === 'number' ? one === githubId : asciiLower(one) === login,
  );
  const isAlias = rules.aliases.some(({ id }) => id === githubId);
  return isOptedOut || isAlias || isBot({ id: githubId ?? 0, login, type: 'User' }, rules.bots);
}

type People = Map<string, Change & { readonly entry: BoardEntry }>;

/** Adds what the people of a former board did then and do now in the same repository. */
function addPeople(
  { people, period, deleted }: Omit<BoardTask, 'left'>,
  before: readonly BoardEntry[],
  { entries, unranked }: WholeBoard,
): void {
  const byId = new Map(entries.map((entry) => [entry.githubId, entry]));
  const byLogin = new Map(entries.map((entry) => [asciiLower(entry.username), entry]));
  for (const entry of before) {
    // An account of which only the login was known may have an id by now.
    const now =
      (entry.githubId === null ? undefined : byId.get(entry.githubId)) ??
      byLogin.get(asciiLower(entry.username));
    const key = `${period} ${entry.githubId ?? asciiLower(entry.username)}`;
    const name = now?.username ?? entry.username;
    const change = people.get(key) ?? { name, period, before: 0, after: 0, left: 0, entry };
    change.before += entry.contributions;
    change.after += now?.contributions ?? 0;
    change.left += deleted;
    // Under other weights, what they did here may have no points any more.
    if (now === undefined) change.left += Math.min(entry.contributions, unranked);
    people.set(key, change);
  }
}

const YEAR_MS = (PERIOD_DAYS.year ?? 365) * DAY_MS;

/**
 * Reads how many contributions of each repository may have left the year since the last publication:
 * those of the months that its beginning was in. Any number where the site does not say.
 */
async function readLeaving(published: DocumentSource, { before, after }: Times) {
  const coverage = await published.read('coverage', {}, SCHEMAS.coverage);
  if (coverage === null) return () => Infinity;
  const [from, to] = [before, after].map((time) => isoMonth(new Date(time - YEAR_MS)));
  const sums = new Map(
    coverage.repositories.map(({ repository, months }) => {
      const own = months.filter(({ month }) => month >= (from ?? '') && month <= (to ?? ''));
      const counts = own.flatMap((month) => Object.values(month.contributions_by_source));
      return [repository, counts.reduce((sum, one) => sum + one, 0)];
    }),
  );
  return (repository: string) => sums.get(repository) ?? 0;
}

/** Reads how many contributions of each repository were deleted on GitHub since the last publication. */
async function readDeleted(built: DocumentSource, { before }: Times) {
  const document = await built.read('jobs', {}, SCHEMAS.jobs);
  const jobs = (document?.jobs ?? []).filter(
    ({ finished_at }) => finished_at !== null && Date.parse(finished_at) > before,
  );
  return (repository: string) =>
    jobs
      .filter(({ repositories }) => repositories.includes(repository))
      .reduce((sum, { noticed }) => sum + (noticed.deleted ?? 0), 0);
}

/** Requests for people whose year fell; the others of a site with a real fault need none. */
const MOST_LOOKED_UP = 50;

/** For people whose year fell: what left it, from the weeks of their activity. */
async function addPeopleLeaving(published: DocumentSource, people: People, times: Times) {
  const fallen = [...people.values()].filter((one) => one.period === 'year' && isLoss(one));
  for (const [place, change] of fallen.entries()) {
    const { username } = change.entry;
    const activity =
      place < MOST_LOOKED_UP
        ? await published.read('contributor_activity', { username }, SCHEMAS.activity)
        : null;
    // Without a document of theirs nobody knows: their repositories are compared.
    change.left += activity === null ? Infinity : leftOf(activity.weeks, times);
  }
}

function leftOf(
  weeks: readonly { readonly week: string; readonly total: number }[],
  { before, after }: Times,
): number {
  const [from, to] = [before - YEAR_MS - 7 * DAY_MS, after - YEAR_MS];
  return weeks
    .filter(({ week }) => Date.parse(week) >= from && Date.parse(week) <= to)
    .reduce((sum, { total }) => sum + total, 0);
}

const isLoss = (change: Change) =>
  isFall(change) && change.before - change.after - change.left >= FEWEST_LOST;

/** People who are gone from all boards are seen in the sums of the repositories. */
const isInBoth = ({ after }: Change) => after > 0;

function reportFalls({ acceptDrop }: Comparison, { repositories, people }: Changes): Finding[] {
  const describe = ({ name, period, before, after }: Change) => {
    const share = Math.round(((before - after) / before) * 100);
    const text = `${name} has ${after} contributions ${PERIOD_NAMES[period]}, ${share} % less than`;
    return acceptDrop
      ? warning(`${text} the ${before} that are published: accepted.`)
      : error(`${text} the ${before} that are published: ${ACCEPT}.`);
  };
  return [
    ...firstOf(repositories.filter(isFall).map(describe), 'repositories'),
    ...firstOf(people.filter((one) => isInBoth(one) && isLoss(one)).map(describe), 'people'),
  ];
}

function describeSums(name: string, repositories: number, changes: Changes): Finding {
  const sums = COMPARED.map((period) => {
    const own = changes.repositories.filter((change) => change.period === period);
    const [before, after] = [own.map((one) => one.before), own.map((one) => one.after)].map((all) =>
      all.reduce((sum, one) => sum + one, 0),
    );
    return `contributions ${PERIOD_NAMES[period]} ${before} before, ${after} now`;
  });
  const cure = 'if that is not this site, correct `url` in config/site.yaml';
  return note(`Compared with ${name}: ${repositories} repositories; ${sums.join('; ')}; ${cure}.`);
}
