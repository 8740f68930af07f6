import {
  CONTRIBUTION_KIND_TABLE,
  CONTRIBUTION_KINDS,
  countColumn,
} from '../../domain/contribution-kinds.ts';
import { nameKinds } from '../../domain/coverage-kinds.ts';
import type {
  Contributor,
  ContributorRepositories,
  Repository,
} from '../../published/documents.ts';
import { spellName } from '../../published/path-names.ts';
import { table } from '../../util/markdown.ts';
import type { PublishedContribution, PublishedPerson } from './published-person.ts';
import { quote } from './quote.ts';

/** A number in Markdown: its parts, and the contributions behind it. Documents may be anybody's. */

/** Where links lead, and what is asked about. */
export interface Scope {
  /** The address of the site, with a slash at its end. */
  readonly site: string;
  /** `https://github.com`. */
  readonly server: string;
  /** `owner/name`; null: all. */
  readonly repository: string | null;
}

/** A comment may have 65,536 characters. */
const MOST_LINES = 40;

const format = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 3 });

export function describePerson(person: PublishedPerson, scope: Scope): string[] {
  const { profile, repositories, recent, page } = person;
  const isAsked = (name: string) => name.toLowerCase() === scope.repository?.toLowerCase();
  const own = repositories.find(({ repository }) => isAsked(repository));
  const name = quote(profile.contributor.username);
  if (scope.repository !== null && !own) {
    return [`${name} has no contribution with points in ${quote(scope.repository)}.`];
  }
  const standing = own ?? profile.periods.all;
  const where = own ? ` in ${quote(own.repository)}` : '';
  const shown = recent.filter(({ repository }) => !own || isAsked(repository));
  const rank = standing
    ? `${name} is number ${format(standing.rank)} of all time${where}, with ${format(standing.total_score)} points. They are made of:`
    : `${name} has no points of all time.`;
  return [
    rank,
    ...(standing ? [partsOf(standing), ...unknownOf(standing)] : []),
    ...listed(shown, where, scope),
    links(scope.site, page),
  ];
}

export function describeRepository(repository: Repository, { site }: Scope): string[] {
  const { full_name, contributors, contributions, data_until } = repository;
  const until = data_until ? `, until ${data_until.slice(0, 10)}` : '';
  const page = `repositories/${full_name.split('/').map(spellName).map(encodeURIComponent).join('/')}/`;
  return [
    `${quote(full_name)} has ${format(contributions)} contributions of ${format(contributors)} people${until}. Give a login, too, to see single contributions.`,
    links(site, page),
  ];
}

type Standing = ContributorRepositories['repositories'][number] | Contributor['periods']['all'];

/** Counts and points by kind; the points sum to the score. */
function partsOf(standing: NonNullable<Standing>): string {
  const kinds = CONTRIBUTION_KINDS.map(
    (kind) =>
      [
        CONTRIBUTION_KIND_TABLE[kind].name,
        standing[countColumn(kind)],
        standing.points[kind],
      ] as const,
  );
  const lines = standing.lines_added + standing.lines_deleted;
  const rows = [...kinds, ['lines', lines, standing.points.line_bonus] as const];
  const shown = rows.filter(([, count, points]) => count > 0 || points > 0);
  return table(
    ['What', 'How many', 'Points'],
    shown.map(([name, count, points]) => [name, format(count), format(points)]),
  );
}

function unknownOf({ unknown_kinds }: NonNullable<Standing>): string[] {
  if (unknown_kinds.length === 0) return [];
  return [`Not all is known of ${nameKinds(unknown_kinds)}: these numbers may be too low.`];
}

function listed(all: readonly PublishedContribution[], where: string, scope: Scope): string[] {
  if (all.length === 0) return [`None of the last contributions is${where || ' published'}.`];
  const shown = all.slice(0, MOST_LINES);
  const head = `The last ${shown.length === 1 ? 'contribution' : `${shown.length} contributions`}${where}:`;
  return [head, shown.map((one) => `- ${lineOf(one, scope)}`).join('\n')];
}

function lineOf({ day, kind, repository, title, url }: PublishedContribution, scope: Scope) {
  const what = `${day} · ${CONTRIBUTION_KIND_TABLE[kind].name} · ${quote(repository)}`;
  const link = safeLink(url, scope.server);
  const text = title ? quote(title) : 'no title';
  return `${what} · ${link ? `[${text}](${link})` : text}`;
}

/**
 * A link to the forge alone. GitHub would note each on the page that it leads to: that of
 * redirect.github.com leads there, too, and is not noted.
 */
function safeLink(url: string | null, server: string): string | null {
  const parsed = url === null ? null : URL.parse(url);
  if (parsed?.origin !== server || parsed.username !== '') return null;
  if (server === 'https://github.com') parsed.hostname = 'redirect.github.com';
  return parsed.href.replaceAll(/[()<>]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

const links = (site: string, page: string) => {
  const root = site.endsWith('/') ? site : `${site}/`;
  return `[All of it](${root}${page}) · [how scores are made](${root}scoring/) · [what is not known](${root}coverage/)`;
};
