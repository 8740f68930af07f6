import { readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { summarizeConfig } from '../../../pipeline/config/commands.ts';
import { createFolder, readFiles } from '../../support/config-folder.ts';
import { runCli } from '../../support/run-script.ts';

const CHECK = 'config:check';
const SCHEMA = 'config:schema';

test('config:check says that the shipped configuration is valid', async () => {
  const { stdout, ...ended } = await runCli(CHECK);
  expect(ended).toEqual({ code: 0, signal: null, stderr: '' });
  expect(stdout).toMatch(
    /^config is valid: [\d,]+ repositor(y|ies), sources? .+, \d+ opt-outs?, \d+ alias(es)?\n$/,
  );
});

test('config:check reports every problem, exits with 2 and writes nothing', async () => {
  const dir = createFolder();
  writeFileSync(`${dir}/repos.yaml`, 'repositories: [a]\n');
  writeFileSync(`${dir}/site.yaml`, 'titel: x\n');
  const { code, stdout, stderr } = await runCli(CHECK, ['--config', dir]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.split('\n')).toEqual([
    `${dir}/repos.yaml:1:16: \`repositories[0]\`: expected owner/name, as in the address of the repository on GitHub; found "a"`,
    `${dir}/site.yaml:1:1: unknown key \`titel\`; expected one of \`title\`, \`url\`, \`page_size\`, \`default_period\`, \`contributor_pages\`, \`board_pages\`, \`board_document_pages\`, \`size_limit_mb\`, \`og_images\`, \`data_licence\`, \`avatars\`, \`corrections\`, \`webhook\`; did you mean \`title\`?`,
    '',
  ]);
  expect(readdirSync(dir).toSorted()).toEqual(['repos.yaml', 'site.yaml']);
});

test('config:check of a folder that is not there is wrong use', async () => {
  const { code, stderr } = await runCli(CHECK, ['--config', 'no/such']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^There is no folder `no\/such`\. /);
});

test('config:schema writes what --check then finds current', async () => {
  const dir = createFolder();
  const before = await runCli(SCHEMA, ['--check', '--config', dir]);
  expect(before.code).toBe(2);
  expect(before.stderr).toContain('Run `npm run config:schema` and commit.');
  expect(readdirSync(dir)).toEqual([]);
  expect((await runCli(SCHEMA, ['--config', dir])).code).toBe(0);
  expect(await runCli(SCHEMA, ['--check', '--config', dir])).toMatchObject({
    code: 0,
    stderr: '',
  });
});

test.each([
  [{}, 'config is valid: 1 repository, source github, 0 opt-outs, 0 aliases'],
  [
    {
      'repos.yaml': 'repositories: [a/b, c/d]',
      'pipeline.yaml': 'sources: [sample, github]',
      'people.yaml': 'opt_out: [x]\naliases: [{id: 1, is: 2}]',
    },
    'config is valid: 2 repositories, sources sample, github, 1 opt-out, 1 alias',
  ],
])('%j: %s', (files, summary) => {
  expect(summarizeConfig(readFiles(files))).toBe(summary);
});
