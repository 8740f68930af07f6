import { missingOf } from './node-guard.mjs';

/** Run before the tools of development, whose own messages say nothing of the reason. */
if (missingOf(['vitest']).length > 0) {
  console.error(
    'The packages for development are missing: run `npm ci` (without `--omit=dev`), and then this again.',
  );
  process.exit(2);
}
