import type { Contributor, ContributorShard } from '../../../pipeline/published/documents.ts';
import { spellName } from '../../../pipeline/published/path-names.ts';
import { fillStanding, shardOf } from '../../../pipeline/published/shards.ts';
import { readFromShard } from '../lib/events.ts';
import { html } from '../lib/html.ts';
import { type SiteFacts, siteOf } from '../lib/site.ts';
import { describePerson, nameOf, type Person, personBody } from '../views/person.ts';
import { footPart, type ShellFacts } from '../views/shell.ts';
import { watchCharts } from './charts.ts';
import { fetchJson, MissingError } from './fetch-json.ts';

/** What the page that shows people without a built one has to know; it stands as JSON in it. */
export interface GenericFacts {
  readonly site: SiteFacts;
  readonly shell: ShellFacts;
  /** How many documents have the activity of people, and the addresses of these and of profiles. */
  readonly shards: number;
  readonly shard: string;
  readonly contributor: string;
}

/** The same content as a built page, made by the same functions. */
async function showPerson(root: HTMLElement, login: string): Promise<void> {
  const facts: GenericFacts = JSON.parse(root.dataset.person ?? '');
  const found = await readPerson(facts, login);
  if (!found) return leadOn(root, facts, login);
  const { person, documents } = found;
  // In its place: the style sheet looks at what stands in `main` itself.
  root.outerHTML = personBody(siteOf(facts.site), person).text;
  watchCharts(document);
  document.title = `${nameOf(person)} · ${facts.shell.title}`;
  const description = document.querySelector('meta[name=description]');
  description?.setAttribute('content', describePerson(person));
  const foot = document.querySelector('.bottom ul');
  const head = { title: nameOf(person), description: '', ...documents };
  if (foot) foot.innerHTML = footPart(facts.shell, head).text;
}

async function readPerson(facts: GenericFacts, login: string) {
  const number = shardOf(login, facts.shards);
  const shardHref = facts.shard.replace('{shard}', String(number));
  const shard = await fetchJson<ContributorShard>(shardHref);
  const own = readFromShard(shard, login, facts.site.scoring);
  if (!own) return null;
  const json = facts.contributor.replace('{username}', encodeURIComponent(spellName(own.username)));
  const profile = await fetchJson<Contributor>(json);
  const person: Person = {
    ...profile,
    ...own,
    repositories: own.repositories.map((one) => fillStanding(one, shard.unknown_kinds)),
    activity: shardHref,
    unknown: shard.unknown,
    until: profile.data_until ?? profile.generated_at,
  };
  const documents = [{ label: 'Activity and repositories as JSON', href: shardHref }];
  return { person, documents: { json, documents } };
}

/** To a built page, or to the present login; or it says that there is nobody. */
async function leadOn(root: HTMLElement, facts: GenericFacts, login: string): Promise<void> {
  const { findPerson } = await import('./find-address.ts');
  const address = await findPerson(facts.site.base, login);
  if (address) return location.replace(address);
  const text =
    login === '' ? 'No login is given.' : `Nobody with the login ${login} is known here.`;
  say(root, text, 'They may have been renamed, or may have asked not to be listed.');
}

function say(root: HTMLElement, ...sentences: readonly string[]): void {
  const words = root.querySelector('[role=status]');
  if (words) words.innerHTML = html`${sentences.join(' ')}`.text;
}

const root = document.querySelector<HTMLElement>('[data-person]');
const login = new URLSearchParams(location.search).get('login')?.trim() ?? '';
if (root)
  showPerson(root, login).catch((error) => {
    const isMissing = error instanceof MissingError;
    say(
      root,
      isMissing ? 'There is nothing about this person.' : 'It could not be fetched; try again.',
    );
  });
