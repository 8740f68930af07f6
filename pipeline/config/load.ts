import { readdirSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { FollowedOrganisation } from '../domain/organisation.ts';
import type { ConfiguredRepository } from '../domain/repository.ts';
import { nearest } from '../util/nearest.ts';
import { UsageError } from '../util/usage-error.ts';
import { ConfigError, type ConfigProblem } from './issue.ts';
import { andMore, MOST_PROBLEMS, readConfigFile } from './read-file.ts';
import { CONFIG_NAMES, type Config, type ConfigDocument } from './schema.ts';

type Entry = ConfigDocument<'repos'>['repositories'][number];
type OrganisationEntry = Extract<Entry, { readonly org: string }>;

type RepositoryEntry = Exclude<Entry, OrganisationEntry>;

const isOrganisation = (entry: Entry): entry is OrganisationEntry =>
  typeof entry === 'object' && 'org' in entry;

const toOrganisation = (entry: OrganisationEntry): FollowedOrganisation => ({
  org: entry.org,
  exclude: entry.exclude,
  includeForks: entry.include_forks,
  includeArchived: entry.include_archived,
  topics: entry.topics,
});

/** An entry, which is either `owner/name` or has settings, as the rest of the pipeline uses it. */
function toRepository(entry: RepositoryEntry): ConfiguredRepository {
  const settings = typeof entry === 'string' ? { repo: entry } : entry;
  const [owner = '', name = ''] = settings.repo.split('/');
  const before = settings.never_rescrape_before;
  return {
    owner,
    name,
    neverRescrapeBefore: before === undefined ? null : new Date(`${before}T00:00:00Z`),
    defaultBranch: settings.default_branch ?? null,
  };
}

function requireFolder(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UsageError(
    `There is no folder \`${dir}\`. Give the folder that holds repos.yaml with --config DIR.`,
  );
}

/** The right name of a file that is almost named like one of ours (`people.yml`); else null. */
function correctName(file: string): string | null {
  if (!/\.ya?ml$/i.test(file)) return null;
  const name = nearest(basename(file, extname(file)), CONFIG_NAMES);
  return name === null || `${name}.yaml` === file ? null : `${name}.yaml`;
}

/**
 * A misnamed file would be ignored without a message, and an opt-out in it would be lost.
 * Files with other names are allowed.
 */
function findMisnamedFiles(dir: string): ConfigProblem[] {
  const problems = readdirSync(dir)
    .toSorted()
    .flatMap((file) => {
      const meant = correctName(file);
      const message = `no file of this name is read; did you mean \`${meant}\`?`;
      return meant === null ? [] : [{ file: `${dir}/${file}`, line: 1, column: 1, message }];
    });
  const next = problems[MOST_PROBLEMS];
  if (next === undefined) return problems;
  return [...problems.slice(0, MOST_PROBLEMS), { ...next, message: andMore(problems.length) }];
}

/**
 * Reads the configuration from the YAML files of a folder. A file that is missing or empty
 * takes its defaults; only `repos.yaml` is required.
 *
 * @throws ConfigError with every problem in any of the files
 * @throws UsageError if the folder does not exist
 */
export function readConfig(dir: string): Config {
  requireFolder(dir);
  const folder = dir.replace(/(?<=.)\/+$/, '');
  const files = {
    repos: readConfigFile(folder, 'repos'),
    weights: readConfigFile(folder, 'weights'),
    budget: readConfigFile(folder, 'budget'),
    pipeline: readConfigFile(folder, 'pipeline'),
    people: readConfigFile(folder, 'people'),
    site: readConfigFile(folder, 'site'),
  };
  const { repos, weights, budget, pipeline, people, site } = files;
  const problems = Object.values(files).flatMap((file) => file.problems);
  const all = [...findMisnamedFiles(folder), ...problems];
  const complete =
    repos.document &&
    weights.document &&
    budget.document &&
    pipeline.document &&
    people.document &&
    site.document;
  if (all.length > 0 || !complete) throw new ConfigError(all);
  const entries = repos.document.repositories;
  return {
    repositories: entries
      .filter((entry): entry is RepositoryEntry => !isOrganisation(entry))
      .map(toRepository),
    organisations: entries.filter(isOrganisation).map(toOrganisation),
    weights: weights.document,
    budget: budget.document,
    pipeline: pipeline.document,
    people: people.document,
    site: site.document,
  };
}
