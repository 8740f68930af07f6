import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLog } from '../../../pipeline/runtime/log.ts';
import {
  annotate,
  closeGroup,
  loadWorkflowCommands,
  openGroup,
  silenceWorkflowCommands,
} from '../../../pipeline/runtime/workflow-commands.ts';

let written: string;

beforeEach(() => {
  written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => {
  silenceWorkflowCommands();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function inActions() {
  vi.stubEnv('GITHUB_ACTIONS', 'true');
  vi.stubEnv('GITHUB_TOKEN', 'sesame-of-run');
  await loadWorkflowCommands();
}

it('folds lines, and points to a place of a file', async () => {
  await inActions();
  openGroup('calculate\n::error::x');
  closeGroup();
  annotate('error', 'wrong\n::error::x', { file: 'config/a,b.yaml', startLine: 3, startColumn: 5 });
  expect(written.split('\n')).toEqual([
    '::group::calculateU+000A::error::x',
    '::endgroup::',
    '::error file=config/a%2Cb.yaml,line=3,col=5::wrong%0AU+003A:error::x',
    '',
  ]);
});

it('does nothing outside of Actions, or where programs read the log', async () => {
  await loadWorkflowCommands();
  annotate('error', 'x');
  await inActions();
  createLog('json', { destination: { write: () => {} } });
  openGroup('x');
  annotate('error', 'x');
  expect(written).toBe('');
});

it('shows warnings and errors of the log, without secrets and at most ten of a kind', async () => {
  await inActions();
  const log = createLog('pretty', { destination: { write: () => {} } });
  log.info({ stage: 'scrape' }, 'fine');
  log.warn({ stage: 'scrape', repository: 'a/b', err: new Error('sesame-of-run') }, 'job failed');
  for (let count = 0; count < 20; count += 1) log.warn('again');
  const lines = written.trim().split('\n');
  expect(lines[0]).toBe('::warning title=scrape::a/b: job failed: [hidden]');
  expect(lines).toHaveLength(10);
});
