import type { Db } from '../../../db/client.ts';
import { recordAccounts } from '../../../db/queries/contributors.ts';
import {
  type Enrichment,
  readPeopleToEnrich,
  readPeopleWithoutProfile,
  updateProfile,
  upsertEnrichment,
} from '../../../db/queries/profiles.ts';
import { refusalOf } from '../../../db/transactions.ts';
import type { KnownPerson, Profile } from '../../domain/people.ts';
import { LONGEST, toStoredText } from '../../domain/stored-value.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { Context } from '../../runtime/context.ts';
import { avatarHost } from '../../sources/github/avatars.ts';
import type { GithubClient } from '../../sources/github/client.ts';
import { AllowanceSpentError } from '../../sources/github/errors.ts';
import { checkGithub, openGithub } from '../../sources/github/index.ts';
import { fetchProfiles } from '../../sources/github/people.ts';
import type { Log } from '../../util/log.ts';
import { recalculate } from '../calculate/index.ts';
import { runChecks } from '../preflight/run-checks.ts';
import { fetchAvatars } from './avatars.ts';

export interface EnrichContext {
  readonly db: Db;
  readonly log: Log;
  readonly client: GithubClient;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Number of people, from the top of the global board, who are enriched; null: all. */
  readonly top: number | null;
}

export interface EnrichResult {
  readonly profiles: number;
  readonly enriched: number;
  /** Of these: GitHub's answer could not be used or stored. */
  readonly refused: number;
  /** Stopped because GitHub's allowance is spent; a later run does the rest. */
  readonly isStopped: boolean;
}

/** Profiles change: they are looked up again after this time. */
const REFRESH_MS = 30 * DAY_MS;
/** Most profiles of one run: 20 points. */
const MOST_PROFILES = 2_000;
/** People stored together: also those of one point. */
const CHUNK = 100;
/** Of the profiles that are due, one night's part of those of a refresh; a point's worth at least. */
const DUE = { share: 1 / (REFRESH_MS / DAY_MS), fewest: CHUNK };

/**
 * Looks up contributors on GitHub: social accounts of the top of the global board, and the
 * profiles of all. A field that GitHub does not state is null; people who opted out are skipped.
 */
export async function enrich(context: EnrichContext): Promise<EnrichResult> {
  const { db, log, now, top } = context;
  const staleBefore = new Date(now.getTime() - REFRESH_MS);
  let enriched = 0;
  let profiles = 0;
  let refused = 0;
  let isStopped = false;
  try {
    for (const chunk of chunksOf(await readPeopleToEnrich(db, staleBefore, top))) {
      refused += await lookUp(context, chunk, true);
      enriched += chunk.length;
    }
    const people = await readPeopleWithoutProfile(db, staleBefore, MOST_PROFILES, DUE);
    for (const chunk of chunksOf(people)) {
      refused += await lookUp(context, chunk, false);
      profiles += chunk.length;
    }
  } catch (error) {
    if (!(error instanceof AllowanceSpentError)) throw error;
    isStopped = true;
    log.warn({ reason: error.message }, 'looking up contributors stopped early');
  }
  const result = { profiles: profiles + enriched, enriched, refused, isStopped };
  log.info(result, 'contributors looked up');
  return result;
}

/**
 * One chunk: fetched together, each stored by itself. A profile that can't be used or stored is put
 * aside until the next look-up, and the others are stored. Returns how many were put aside.
 */
async function lookUp(
  { db, client, log, now, signal }: EnrichContext,
  people: readonly KnownPerson[],
  withAccounts: boolean,
): Promise<number> {
  // Read
  const { profiles, faults } = await fetchProfiles(client, people, withAccounts, signal);
  // Write
  const refusals = new Map(faults);
  await db.transaction().execute(async (trx) => {
    const save = async (profile: Profile | null, enrichment: Enrichment) => {
      if (profile) await recordAccounts(trx, [seenNow(profile, now)]);
      await updateProfile(trx, enrichment.id, profile, now);
      if (withAccounts) await upsertEnrichment(trx, enrichment, now);
    };
    for (const [id, profile] of profiles) {
      const refusal = await refusalOf(trx, () => save(profile, toEnrichment(id, profile)));
      if (refusal !== null) refusals.set(id, refusal);
    }
    for (const [id, reason] of refusals) await save(null, failedEnrichment(id, reason));
  });
  for (const [id, reason] of refusals) log.warn({ account: id, reason }, 'profile put aside');
  return refusals.size;
}

const seenNow = ({ id, login, type }: Profile, now: Date) => ({
  id,
  login,
  type,
  firstSeenAt: now,
  lastSeenAt: now,
});

/** The other accounts of a person, as GitHub states them. */
export function toEnrichment(id: number, profile: Profile | null): Enrichment {
  const { accounts = [], twitter = null, website = null, email = null } = profile ?? {};
  const linkedin = accounts.find(({ provider }) => provider === 'LINKEDIN')?.url ?? null;
  const isFound = accounts.length > 0 || [twitter, website, email].some((value) => value !== null);
  return {
    id,
    status: profile === null ? 'FAILED' : isFound ? 'FOUND' : 'NOTHING',
    twitter: twitter ?? twitterNameOf(accounts),
    website,
    email,
    linkedin,
    accounts,
    errorMessage: profile === null ? 'the account is gone' : null,
  };
}

/** Nothing is known of a person whose profile was put aside. */
function failedEnrichment(id: number, reason: string): Enrichment {
  const errorMessage = toStoredText(reason, LONGEST.message);
  return { ...toEnrichment(id, null), errorMessage };
}

/** The name at the end of `https://twitter.com/name`. */
function twitterNameOf(accounts: Profile['accounts']): string | null {
  const url = accounts.find(({ provider }) => provider === 'TWITTER')?.url;
  return /\.com\/@?(\w{1,15})\/?$/.exec(url ?? '')?.[1] ?? null;
}

function* chunksOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += CHUNK) yield items.slice(start, start + CHUNK);
}

/** Looks up the top contributors, if `github` is among the sources. */
export async function runEnrich(context: Context): Promise<void> {
  if (!context.sources.includes('github')) return;
  await enrichPeople(context, context.config.pipeline.github.enrich_top);
}

/** The command `enrich`: checks that GitHub answers, and then looks up all contributors. */
export async function runEnrichAll(context: Context): Promise<void> {
  await runChecks([{ name: 'github', run: () => checkGithub(context) }], context.log);
  await enrichPeople(context, null);
}

/** Looks up the top of the board (null: all), and removes people who are now found excluded. */
async function enrichPeople(context: Context, top: number | null): Promise<void> {
  try {
    await enrich({ ...context, client: openGithub(context), top });
    await fetchPictures(context);
  } finally {
    await recalculate(context);
  }
}

/** Fetches pictures of people, if the site shows any. */
async function fetchPictures(context: Context): Promise<void> {
  const { timeLimit, environment } = context;
  const { site } = context.config;
  const host = avatarHost(environment);
  if (!site.avatars || host === null) return;
  await fetchAvatars({ ...context, site, host, isOver: () => timeLimit?.isOver() ?? false });
}
