import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createFolderDraft, replaceFolder } from '../../../pipeline/util/atomic-folder.ts';

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

const SCRIPT = `
  import { writeFileSync } from 'node:fs';
  import { createFolderDraft } from ${JSON.stringify(
    new URL('../../../pipeline/util/atomic-folder.ts', import.meta.url).href,
  )};
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
