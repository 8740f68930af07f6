import { text } from 'node:stream/consumers';
import { readSource } from './archive.ts';

/** Reads a corpus in a process of its own and tells the most memory it held (MB). */
const { corpus, repositories } = JSON.parse(await text(process.stdin));
await readSource(corpus, repositories);
console.log(Math.round(process.resourceUsage().maxRSS / 1024));
