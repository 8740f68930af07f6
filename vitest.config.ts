import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres-server.ts'],
    setupFiles: ['test/support/fixed-seed.ts'],
    env: {
      // A test that is about GitHub Actions says so itself.
      GITHUB_ACTIONS: '',
      GITHUB_STEP_SUMMARY: '',
      NODE_OPTIONS: `--import ${new URL('test/support/embedded-cluster.ts', import.meta.url).href}`,
    },
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // Two cores; a third worker uses what others leave while they wait for a database or a command.
    maxWorkers: 3,
    // A worker runs many files: starting one for each takes longer than most of them run.
    isolate: false,
    // Most of what a test makes is garbage soon: with room for more of it, a tenth less CPU.
    execArgv: ['--max-semi-space-size=64'],
    sequence: { sequencer: LongestFirst },
  },
});
