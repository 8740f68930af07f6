import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CheckConfig } from '../../../site/check/compare.ts';
import { checkSite } from '../../../site/check/index.ts';
import { configOf, REPOSITORIES } from '../../support/community.ts';
import { BASE_POINTS } from '../../support/oracle.ts';
import { runCommand } from '../../support/run-command.ts';
import { type BuiltSite, buildInvented } from '../built-site.ts';

const config: CheckConfig = { repositories: REPOSITORIES, people: configOf().people };

/** Copies a folder by links to its files. A test writes into the copy by `writeNew`. */
function linkFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const link = entry.isDirectory() ? linkFolder : linkSync;
    link(join(from, entry.name), join(to, entry.name));
  }
}

/** Writes a file in the place of another, which other links keep. */
function writeNew(file: string, text: string): void {
  rmSync(file, { force: true });
  writeFileSync(file, text);
}

describe('the check of a built site', () => {
  let site: BuiltSite;
  let folder: string;
  /** A copy to plant faults in. */
  let out: string;

  beforeAll(async () => {
    site = await buildInvented({ sample: false });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'site-check-'));
    out = join(folder, 'dist');
    linkFolder(site.out, out);
    return () => rmSync(folder, { recursive: true, force: true });
  });

  const check = (more: Partial<Parameters<typeof checkSite>[0]> = {}) =>
    checkSite({ out, published: site.data, config, ...more });
  /** Errors and warnings, one a line. */
  const faults = async (more: Partial<Parameters<typeof checkSite>[0]> = {}) =>
    (await check(more))
      .filter(({ level }) => level !== 'note')
      .map(({ level, text }) => `${level}: ${text}`);
  const write = (path: string, text: string) => {
    mkdirSync(join(out, path, '..'), { recursive: true });
    writeNew(join(out, path), text);
  };
  // biome-ignore lint/suspicious/noExplicitAny: documents are changed into what no type allows
  const change = (path: string, edit: (document: any) => void, dir = out) => {
    const file = join(dir, 'api/v1', path);
    const document = JSON.parse(readFileSync(file, 'utf8'));
    edit(document);
    writeNew(file, JSON.stringify(document));
  };
  /** Changes all counts of a board. */
  const changeCounts = (board: string, share: number, dir = out) =>
    change(
      `${board}/1.json`,
      ({ columns }) => {
        for (const [name, counts] of Object.entries<number[]>(columns.counts))
          columns.counts[name] = counts.map((count) => Math.floor(count * share));
      },
      dir,
    );

  it('finds nothing, compared with itself, and says what it compared', async () => {
    const findings = await check();
    expect(findings.filter(({ level }) => level !== 'note')).toEqual([]);
    expect(findings.at(-1)?.text).toMatch(
      /^Compared with .*: 3 repositories; contributions of all/,
    );
  });

  it.each([
    ['index.html', '<a href="/leaderboard/nowhere/">', /nowhere\/, which leads to nothing/],
    ['index.html', "<img src='missing.png'>", /missing\.png, which leads to nothing/],
    ['index.html', '<a href=/elsewhere/>', /leads out of \/leaderboard\//],
    ['index.html', '<a href="#no-part">', /#no-part, which has no such part/],
    ['scoring/index.html', '<a href="../#c-nobody">', /index\.html#c-nobody.*no such part/],
    ['scoring/index.html', '<a title="a > b" href="x">', /scoring\/index\.html has the link x/],
    ['index.html', '<a href="https://meadow.example/leaderboard/lost/">', /lost\/, which leads to/],
    ['index.html', '<img srcset="favicon.svg 1x, big.png 2x">', /big\.png, which leads to nothing/],
    ['index.html', '<a href="/leaderboard/%zz/">', /%zz\/, which leads to nothing/],
  ])('finds a broken link: %s with %s', async (page, tag, message) => {
    write(page, readFileSync(join(out, page), 'utf8').replace('<main', `${tag}</a><main`));
    const found = await faults();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  it.each([
    '<a href="https://github.com/nobody">',
    '<a href="mailto:a@b.example">',
    '<p>a &lt;a href="nowhere/"&gt; in text',
    '<a title="x href=&#34;nowhere/&#34;" href="#main">',
    '<a href="/leaderboard/scoring">',
    '<a href="?sort=name">',
  ])('passes %s', async (tag) => {
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    write('index.html', page.replace('<main', `${tag}</a><main`));
    expect(await faults()).toEqual([]);
  });

  it('finds a page that is linked from thousands and gone, once; and one that only a search finds', async () => {
    rmSync(join(out, 'contributors/rosa-field'), { recursive: true });
    const found = await faults();
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(5);
    expect(found.join('\n')).toContain('/leaderboard/contributors/rosa-field/');
  });

  it.each([
    ['.hidden/a.html', /the artifact of GitHub Pages leaves it out; rename \.hidden/],
    ['repositories/octo/.github/index.html', /rename \.github/],
    ['contributors/con/index.html', /not every system can hold such a name; rename con/],
    ['a./b.html', /rename a\./],
    ['a:b.txt', /rename a:b\.txt/],
    ['INDEX.HTML', /differ by case alone/],
  ])('finds a file that would not survive: %s', async (path, message) => {
    write(path, '');
    const found = await faults();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  it('finds a symbolic link', async () => {
    symlinkSync('/etc/hostname', join(out, 'host.txt'));
    expect(await faults()).toEqual([expect.stringContaining('host.txt is not a file but a link')]);
  });

  it('finds a site that is too large, and warns of one that is almost', async () => {
    write('large.bin', '');
    // Files with a hole: they take no space on the disk.
    truncateSync(join(out, 'large.bin'), 840_000_000);
    expect(await faults()).toEqual([expect.stringMatching(/^warning: The site has 85\d MB/)]);
    truncateSync(join(out, 'large.bin'), 1_000_000_000);
    expect(await faults()).toEqual([expect.stringMatching(/^error: The site has 1\d\d\d MB/)]);
  });

  it('finds a score whose parts do not sum to it', async () => {
    change('boards/meadow/garden/week/1.json', ({ columns }) => (columns.total_score[0] += 1));
    expect(await faults()).toEqual([
      expect.stringMatching(/^error: The parts of .*'s score on the board meadow\/garden, week/),
    ]);
  });

  it('finds boards that do not sum to the global one', async () => {
    change('boards/meadow/garden/week/1.json', ({ columns }) => {
      columns.counts.commit_count[0] += 1;
      columns.total_score[0] += BASE_POINTS.COMMIT;
    });
    expect(await faults()).toEqual([
      expect.stringMatching(/boards of the repositories for week have \d+ .* and the global one/),
    ]);
  });

  it('finds a board that is gone, or a part of it', async () => {
    rmSync(join(out, 'api/v1/boards/meadow/garden/month/1.json'));
    change('boards/global/all/1.json', (board) => (board.shards = 2));
    const found = (await faults()).join('\n');
    expect(found).toContain('meadow/garden has no whole board, month');
    expect(found).toContain('global has no whole board, all');
  });

  /** The published documents, in which more was counted. */
  const publishMore = (board: string, share: number) => {
    linkFolder(site.data, join(folder, 'data'));
    changeCounts(board, share, join(folder, 'data'));
    return { published: join(folder, 'data') };
  };

  it('finds a repository that fell by more than a fifth, and lets it pass if it is meant', async () => {
    const more = publishMore('boards/meadow/garden/all', 1.5);
    const found = await faults(more);
    expect(found.join('\n')).toMatch(
      /error: meadow\/garden has \d+ contributions of all time, 3\d % less than the \d+ .*--accept-drop/,
    );
    const accepted = await faults({ ...more, acceptDrop: true });
    expect(accepted.every((text) => text.startsWith('warning: '))).toBe(true);
    expect(accepted).toHaveLength(found.length);
  });

  it('compares with a site that was published before boards were by columns', async () => {
    linkFolder(site.data, join(folder, 'data'));
    const published = join(folder, 'data');
    rmSync(join(published, 'api/v1/boards'), { recursive: true });
    expect(await faults({ published })).toEqual([]);
    change(
      'leaderboard/meadow/garden/all/2.json',
      ({ entries }) => (entries[0].commit_count += 100_000),
      published,
    );
    expect((await faults({ published })).join('\n')).toMatch(/meadow\/garden has \d+ contrib/);
  });

  it('finds somebody who is linked, and of whom nothing is published', async () => {
    let login = '';
    change('contributor-shards/0.json', ({ contributors }) => {
      login = contributors.shift().username;
    });
    expect((await faults()).join('\n')).toMatch(`login=${login}, which leads to somebody of whom`);
  });

  it('passes a fall of less than a fifth', async () => {
    const found = await faults(publishMore('boards/meadow/garden/all', 1.15));
    expect(found.filter((text) => text.includes('meadow/garden'))).toEqual([]);
  });

  it('passes a year that fell by what left it, and no more', async () => {
    const more = publishMore('boards/meadow/garden/year', 1.5);
    const months = (n: number) =>
      change(
        'dashboard/coverage.json',
        ({ repositories }) => {
          const contributions_by_source = { github: n };
          const one = { ...repositories[0].months[0], month: '2024-11', contributions_by_source };
          repositories[0].months = [one];
        },
        more.published,
      );
    const fallen = async () =>
      (await faults(more)).filter((text) => /meadow\/garden .* of the last year/.test(text)).length;
    months(0);
    expect(await fallen()).toBe(1);
    months(100_000);
    expect(await fallen()).toBe(0);
  });

  it('passes a fall that deletions on GitHub explain', async () => {
    const more = publishMore('boards/meadow/garden/all', 1.5);
    const at = (name: string, time: string, deleted: number) =>
      change('jobs.json', ({ jobs }) =>
        Object.assign(jobs[0], { repositories: [name], finished_at: time, noticed: { deleted } }),
      );
    const later = '2026-01-01T00:00:00.000Z';
    at('meadow/garden', later, 100_000);
    expect(await faults(more)).toEqual([]);
    at('meadow/garden', later, 1);
    expect(await faults(more)).not.toEqual([]);
    at('meadow/next.js', later, 100_000);
    expect((await faults(more)).join('\n')).toContain('meadow/garden has');
    at('meadow/garden', '2024-01-01T00:00:00.000Z', 100_000);
    expect(await faults(more)).not.toEqual([]);
  });

  it('does not compare people whom the configuration takes away', async () => {
    linkFolder(site.data, join(folder, 'data'));
    const board = 'boards/meadow/garden/all/1.json';
    let login = '';
    change(
      board,
      ({ columns }) => {
        login = columns.username[0];
        columns.counts.commit_count[0] += 1_000_000;
      },
      join(folder, 'data'),
    );
    const published = join(folder, 'data');
    expect((await faults({ published })).join('\n')).toContain('meadow/garden has');
    const people = { ...config.people, opt_out: [login.toUpperCase()] };
    expect(await faults({ published, config: { ...config, people } })).toEqual([]);
  });

  it('finds a person who fell, although each repository has enough', async () => {
    linkFolder(site.data, join(folder, 'data'));
    const published = join(folder, 'data');
    const board = 'boards/meadow/garden/all/1.json';
    change(
      board,
      ({ columns: { counts, username } }) => (counts.commit_count[username.length - 1] += 200),
      published,
    );
    const found = (await faults({ published })).filter((text) => text.includes('of all time'));
    expect(found).toEqual([expect.stringMatching(/^error: \S+ has \d+ contributions of all/)]);
  });

  it('finds a repository that lost its board, unless it is not configured any more', async () => {
    change('repositories.json', ({ repositories }) => repositories.shift());
    const lost = /meadow\/garden is configured and was published, but has no board now/;
    expect((await faults()).join('\n')).toMatch(lost);
    const fewer = { ...config, repositories: config.repositories.slice(1) };
    expect((await faults({ config: fewer })).join('\n')).not.toMatch(lost);
  });

  it('compares nothing with the first publication, a sample or no address', async () => {
    expect((await check({ published: join(folder, 'nothing') })).at(-1)?.text).toMatch(/yet/);
    expect((await check({ published: null })).at(-1)?.text).toMatch(/nothing to compare/);
    change('index.json', (index) => (index.sample = true));
    expect((await check()).at(-1)?.text).toContain('generated sample');
  });

  it('is a command that exits with 1, and writes the summary of the job', async () => {
    const folderOfConfig = join(folder, 'config');
    mkdirSync(folderOfConfig);
    const list = REPOSITORIES.map((name) => `  - ${name}\n`).join('');
    writeFileSync(join(folderOfConfig, 'repos.yaml'), `repositories:\n${list}`);
    const args = ['--out', out, '--config', folderOfConfig, '--published', site.data];
    const env = { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    const sound = await runCommand('site:check', args, { cwd: folder, env });
    expect(sound).toMatchObject({ code: 0, output: expect.stringContaining('The site is sound.') });
    write('con.html', '');
    const unsound = await runCommand('site:check', args, { cwd: folder, env });
    expect(unsound.code).toBe(1);
    expect(unsound.output).toContain('Error: con.html would be missing');
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toMatch(
      /## Check of the site\n\n```text\n[\s\S]*The site is sound\.[\s\S]*Error: con\.html/,
    );
    const nothing = await runCommand('site:check', ['--out', folder], { cwd: folder });
    expect(nothing.code).toBe(2);
  });
});
