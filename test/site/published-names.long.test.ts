import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSpelling } from '../../pipeline/published/path-names.ts';
import { listSiteFiles } from '../../site/check/files.ts';
import { checkSite } from '../../site/check/index.ts';
import { checkLinks } from '../../site/check/links.ts';
import { configOf } from '../support/community.ts';
import { runOnArchive, writeHourFiles } from '../support/pipeline.ts';
import { casePath, hasSharedCases } from '../support/shared-data.ts';
import { runBuild } from './built-site.ts';

/** Repositories and people whose names not every path can hold, from the hour files to the artifact. */

/** The case that others met. */
const met = casePath('05-published-names');
const REPOSITORIES = [
  'octo/.github',
  'octo/.dot.',
  'octo/con.js',
  'octo/Nul',
  'aux/index',
  'octo/404',
];
const PEOPLE = ['ada', 'CON', 'prn', 'com1', 'index', '404', '__proto__'];

/** The same in small: everybody opened a pull request in each repository. */
function inventCase(folder: string): void {
  const at = '2024-06-01T01:00:00Z';
  const events = REPOSITORIES.flatMap((name, place) =>
    PEOPLE.map((login, person) => {
      const actor = { id: 900 + person, login };
      const number = place * PEOPLE.length + person + 1;
      return {
        id: String(number),
        type: 'PullRequestEvent',
        actor,
        repo: { id: 50 + place, name },
        payload: { action: 'opened', pull_request: { number, user: actor, created_at: at } },
        public: true,
        created_at: at,
      };
    }),
  );
  mkdirSync(join(folder, 'hours'));
  writeHourFiles(join(folder, 'hours'), events);
}

/** As the action that uploads an artifact for GitHub Pages does it. */
const EXCLUDED = ['--exclude=.git', '--exclude=.github', '--exclude=.[^/]*'];

function pack(site: string, folder: string): string {
  const [artifact, unpacked] = [join(folder, 'artifact.tar'), join(folder, 'unpacked')];
  const flags = ['--dereference', '--hard-dereference', '--directory', site];
  execFileSync('tar', [...flags, '-cf', artifact, ...EXCLUDED, '.']);
  mkdirSync(unpacked);
  execFileSync('tar', ['-xf', artifact, '--directory', unpacked]);
  return unpacked;
}

function listRepositories(config: string): string[] {
  const text = readFileSync(join(config, 'repos.yaml'), 'utf8');
  return [...text.matchAll(/- (\S+)/g)].map(([, name = '']) => name);
}

describe.each([
  ['that were invented', null],
  ['of the case that was met', met],
])('the names %s', (_, source) => {
  let folder: string;
  let site: string;
  let repositories: readonly string[];
  const isThere = source === null || hasSharedCases();

  beforeAll(async () => {
    if (!isThere) return;
    folder = mkdtempSync(join(tmpdir(), 'published-names-'));
    if (source === null) inventCase(folder);
    else cpSync(join(source, 'hours'), join(folder, 'hours'), { recursive: true });
    repositories = source === null ? REPOSITORIES : listRepositories(join(source, 'config'));
    const run = await runOnArchive({
      archiveUrl: pathToFileURL(join(folder, 'hours')).href,
      repositories,
      now: '2024-06-01T03:00:00Z',
      options: { from: new Date('2024-06-01T00:00:00Z') },
    });
    site = join(folder, 'site');
    const { code, text } = await runBuild(['--data', run.out, '--out', site]);
    await run.close();
    if (run.code !== 0 || code !== 0) throw new Error(text);
  });
  afterAll(() => isThere && rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!isThere)(
    'are all in the artifact of GitHub Pages, with every page that is linked',
    () => {
      const unpacked = pack(site, folder);
      const [before, after] = [listSiteFiles(site), listSiteFiles(unpacked)];
      const needed = [...before.sizes.keys()].filter((path) => path !== '.nojekyll');
      expect(new Set(after.sizes.keys())).toEqual(new Set(needed));
      const address = { base: '/leaderboard/', url: 'https://example.github.io/leaderboard/' };
      expect(checkLinks(unpacked, after, address)).toEqual([]);
    },
  );

  it.skipIf(!isThere)('are read back from the paths of pages and documents', () => {
    const namesIn = (path: string) => readdirSync(join(site, path)).map(readSpelling);
    const folders = repositories.map((name) => name.split('/') as [string, string]);
    for (const [owner, name] of folders) {
      const owners = readdirSync(join(site, 'repositories')).filter((it) => it !== 'index.html');
      const spelt = owners.find((one) => readSpelling(one) === owner) ?? '';
      expect(namesIn(`repositories/${spelt}`)).toContain(name);
      expect(namesIn(`api/v1/leaderboard/${spelt}`)).toContain(name);
    }
    const { contributors } = JSON.parse(readFileSync(join(site, 'api/v1/index.json'), 'utf8'));
    expect(new Set(namesIn('contributors'))).toEqual(new Set(contributors));
  });

  it.skipIf(!isThere)('pass the check of the site', async () => {
    const config = { repositories, people: configOf().people };
    const findings = await checkSite({ out: site, published: site, config });
    expect(findings.filter(({ level }) => level !== 'note')).toEqual([]);
  });
});

describe('an artifact', () => {
  it('would lack files whose names are not spelled', () => {
    const folder = mkdtempSync(join(tmpdir(), 'artifact-'));
    const site = join(folder, 'site');
    mkdirSync(join(site, '.github'), { recursive: true });
    writeFileSync(join(site, '.github/index.html'), '');
    writeFileSync(join(site, 'index.html'), '');
    expect([...listSiteFiles(pack(site, folder)).sizes.keys()]).toEqual(['index.html']);
    rmSync(folder, { recursive: true });
  });
});
