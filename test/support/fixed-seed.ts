import fc from 'fast-check';
import { SOAK_VARIABLES } from './runs.ts';

/**
 * Loaded before tests: properties are tried with the same values each time, so that a change fails
 * only for what it changed. `npm run soak` tries others, by its seed; fast-check prints that of a
 * failure.
 */
fc.configureGlobal({ seed: Number(process.env[SOAK_VARIABLES.seed] ?? 20_261_126) });
