import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createFolderDraft, replaceFolder } from '../../../pipeline/util/atomic-folder.ts';
import { runScript } from '../../support/run-script.ts';

let parent: string;
let target: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'atomic-'));
  target = join(parent, 'site');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function folderWith(path: string, text: string): string {
  mkdirSync(path);
  writeFileSync(join(path, 'page'), text);
  return path;
}

const textOf = (folder: string) => readFileSync(join(folder, 'page'), 'utf8');

/** Above the highest id that Linux gives to a process. */
const ENDED = '99999999-1';

const MODULE = new URL('../../../pipeline/util/atomic-folder.ts', import.meta.url).href;

const SCRIPT = `
  import { writeFileSync } from 'node:fs';
  import { createFolderDraft } from ${JSON.stringify(MODULE)};
  const draft = createFolderDraft(process.argv[1]);
  writeFileSync(draft.path + '/page', 'ha');
  console.log('half');
  setInterval(() => {}, 1000);`;

/** A process that has written a part of the target's draft. */
async function startWriter(): Promise<ChildProcess> {
  const writer = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, target]);
  onTestFinished(() => {
    writer.kill('SIGKILL');
  });
  await once(writer.stdout, 'data');
  return writer;
}

describe('a draft', () => {
  it('becomes the folder when it is published, not before', () => {
    const draft = createFolderDraft(target);
    writeFileSync(join(draft.path, 'page'), 'new');
    expect(existsSync(target)).toBe(false);
    draft.publish();
    expect(textOf(target)).toBe('new');
    expect(readdirSync(parent)).toEqual(['site']);
  });

  it('replaces all of the former folder', () => {
    folderWith(target, 'old');
    writeFileSync(join(target, 'gone'), '');
    const draft = createFolderDraft(target);
    writeFileSync(join(draft.path, 'page'), 'new');
    expect(textOf(target)).toBe('old');
    draft.publish();
    expect(readdirSync(target)).toEqual(['page']);
    expect(readdirSync(parent)).toEqual(['site']);
  });

  it('leaves the target as it is when it is discarded', () => {
    folderWith(target, 'old');
    const draft = createFolderDraft(target);
    writeFileSync(join(draft.path, 'page'), 'new');
    draft.discard();
    expect(textOf(target)).toBe('old');
    expect(readdirSync(parent)).toEqual(['site']);
  });

  it('starts empty, and in a folder that is created for it', () => {
    target = join(parent, 'deep', 'er', 'site');
    writeFileSync(join(createFolderDraft(target).path, 'page'), 'forgotten');
    expect(readdirSync(createFolderDraft(target).path)).toEqual([]);
  });

  it('does not touch folders with a similar name', () => {
    for (const name of [`site2.partial-${ENDED}`, `my.site.partial-${ENDED}`, 'site.old'])
      folderWith(join(parent, name), 'of another');
    createFolderDraft(target).publish();
    expect(readdirSync(parent)).toHaveLength(4);
  });
});

describe('a process that is killed', () => {
  it('in the middle of writing leaves the former folder, and the next one clears up', async () => {
    folderWith(target, 'old');
    const writer = await startWriter();
    const exit = once(writer, 'exit');
    writer.kill('SIGKILL');
    await exit;
    expect(textOf(target)).toBe('old');
    expect(readdirSync(parent)).toHaveLength(2);
    createFolderDraft(target).discard();
    expect(readdirSync(parent)).toEqual(['site']);
  });

  it('between the two renames: the next draft brings the former folder back', () => {
    folderWith(join(parent, `site.former-${ENDED}`), 'old');
    folderWith(join(parent, `site.partial-${ENDED}`), 'new');
    createFolderDraft(target).discard();
    expect(textOf(target)).toBe('old');
    expect(readdirSync(parent)).toEqual(['site']);
  });

  it('after the second rename: the next draft deletes the former folder', () => {
    folderWith(target, 'new');
    folderWith(join(parent, `site.former-${ENDED}`), 'old');
    createFolderDraft(target).discard();
    expect(textOf(target)).toBe('new');
    expect(readdirSync(parent)).toEqual(['site']);
  });
});

it('the draft of a process that is running stays', async () => {
  await startWriter();
  const [draft = ''] = readdirSync(parent);
  createFolderDraft(target).publish();
  expect(textOf(join(parent, draft))).toBe('ha');
});

/** Only Linux says when a process was started. */
it.runIf(process.platform === 'linux')(
  'the draft of a process whose id was reused goes',
  async () => {
    const writer = await startWriter();
    const [draft = ''] = readdirSync(parent);
    rmSync(join(parent, draft), { recursive: true });
    folderWith(join(parent, `site.partial-${writer.pid}-1`), 'ha');
    createFolderDraft(target).discard();
    expect(readdirSync(parent)).toEqual([]);
  },
);

describe('the draft of another machine or container', () => {
  const OF_ANOTHER = `${ENDED}-0123456789ab`;

  it('stays for a day, because its process may be running', () => {
    const draft = folderWith(join(parent, `site.partial-${OF_ANOTHER}`), 'ha');
    const former = folderWith(join(parent, `site.former-${OF_ANOTHER}`), 'old');
    createFolderDraft(target).discard();
    expect([textOf(draft), textOf(former)]).toEqual(['ha', 'old']);
  });

  it('goes after it, and the former folder comes back', () => {
    const draft = folderWith(join(parent, `site.partial-${OF_ANOTHER}`), 'ha');
    const former = folderWith(join(parent, `site.former-${OF_ANOTHER}`), 'old');
    for (const folder of [draft, former]) utimesSync(folder, 0, 0);
    createFolderDraft(target).discard();
    expect(textOf(target)).toBe('old');
    expect(readdirSync(parent)).toEqual(['site']);
  });

  it('a folder of the user with a similar name stays', () => {
    folderWith(join(parent, 'site.partial-backup'), 'of another');
    createFolderDraft(target).discard();
    expect(readdirSync(parent)).toEqual(['site.partial-backup']);
  });
});

it('of two processes that publish at once, both do', async () => {
  const PUBLISH = `
    import { createFolderDraft } from ${JSON.stringify(MODULE)};
    for (let turn = 0; turn < 200; turn++) createFolderDraft(process.argv[1]).publish();`;
  const ends = [1, 2, 3].map(() => runScript(['--input-type=module', '-e', PUBLISH], [target]));
  for (const { code, stderr } of await Promise.all(ends)) {
    expect([code, stderr]).toEqual([0, '']);
  }
  expect(readdirSync(parent)).toEqual(['site']);
});

describe('replaceFolder', () => {
  it('moves a finished folder to the target', () => {
    folderWith(target, 'old');
    const finished = folderWith(join(parent, 'finished'), 'new');
    replaceFolder(finished, target);
    expect(textOf(target)).toBe('new');
    expect(readdirSync(parent)).toEqual(['site']);
  });

  it('leaves the target as it is if it fails', () => {
    folderWith(target, 'old');
    expect(() => replaceFolder(join(parent, 'not-there'), target)).toThrow('ENOENT');
    expect(textOf(target)).toBe('old');
    expect(readdirSync(parent)).toEqual(['site']);
  });
});
