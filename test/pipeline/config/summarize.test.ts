import { expect, test } from 'vitest';
import { summarizeConfig } from '../../../pipeline/config/summarize.ts';
import { readFiles } from '../../support/config-folder.ts';

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
