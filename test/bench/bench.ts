import '../../pipeline/runtime/node-guard.mjs';
import { benchArchive } from './archive.ts';
import { benchDatabase } from './database.ts';
import { benchGithub, benchNights } from './github.ts';

/** All measurements in one run. Ratios count; the absolute numbers are this machine's. */
await benchArchive();
await benchDatabase();
await benchGithub();
await benchNights();
