import { generateSample } from '../../../../pipeline/sources/sample/index.ts';
import { SMALL } from './support.ts';

/** Makes the small sample in the folder named: a process for the tests to kill. */
await generateSample({ ...SMALL, months: 7, folder: process.argv[2] ?? '' });
