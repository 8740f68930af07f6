import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres-server.ts'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // Two cores: each worker may hold an embedded database.
    maxWorkers: 2,
  },
});
