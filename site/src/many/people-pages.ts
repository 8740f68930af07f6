import { placesOf } from '../lib/boards.ts';
import { readDocument, readIndex } from '../lib/documents.ts';
import { html } from '../lib/html.ts';
import { contributorPath } from '../lib/paths.ts';
import { personHref } from '../lib/site.ts';
import { readSite } from '../lib/site-facts.ts';
import { documentHref, publishedUrl } from '../lib/urls.ts';
import { personFeed, personPicture } from '../share/paths.ts';
import { shareBox, shareOfPerson } from '../share/share-box.ts';
import { describePerson, nameOf, type Person, personBody } from '../views/person.ts';
import type { ManyPage, PageContent } from './page.ts';

/** The built page of a person. */
export const personPage = (username: string): ManyPage => ({
  path: contributorPath(username),
  shell: 'person',
  render: () => renderPerson(username),
});

function renderPerson(username: string): PageContent {
  const parameters = { username };
  const { contributor, periods, data_until, generated_at } = readDocument(
    'contributor',
    parameters,
  );
  const { repositories } = readDocument('contributor_repositories', parameters);
  const { recent, days, ranks, milestones, older_parts, unknown } = readDocument(
    'contributor_activity',
    parameters,
  );
  const activity = documentHref('contributor_activity', parameters);
  const person: Person = {
    ...{ contributor, periods, repositories, activity, unknown },
    ...{ recent, days, ranks, milestones, older_parts },
    until: data_until ?? generated_at,
    places: placesOf(username),
  };
  const { contributors, og_images } = readIndex();
  const place = contributors.indexOf(username);
  return {
    title: nameOf(person),
    description: describePerson(person),
    json: documentHref('contributor', parameters),
    documents: [
      { label: 'Activity as JSON', href: activity },
      { label: 'Repositories as JSON', href: documentHref('contributor_repositories', parameters) },
    ],
    feed: personFeed(username),
    ...(place < og_images && { image: personPicture(username) }),
    body: html`${personBody(readSite(), person)}${shareBox(shareOfPerson(username, nameOf(person)))}`,
  };
}

/** The pages of former logins, which lead to the page of the present one. */
export function listRenamePages(): ManyPage[] {
  const built = new Set(readIndex().contributors);
  return readDocument('renames').renames.map(({ former_login, username }) => ({
    path: contributorPath(former_login),
    shell: 'plain',
    render: () => renderRename(former_login, username, built.has(username)),
  }));
}

function renderRename(former: string, username: string, isBuilt: boolean): PageContent {
  const href = personHref(readSite(), username, isBuilt);
  return {
    title: `${former} is ${username} now`,
    description: `${former} has another login now: ${username}.`,
    leadsTo: { href, canonical: publishedUrl(href) },
    body: html`<section class="empty"><h1>${former} is ${username} now</h1>
      <p>The page of <a href="${href}">${username}</a> has all contributions.</p></section>`,
  };
}
