import { mergeConfig } from 'vitest/config';
import config from '../../vitest.config.ts';

/** The same tests, with their memory watched. */
export default mergeConfig(config, { test: { setupFiles: ['test/soak/watch-memory.ts'] } });
