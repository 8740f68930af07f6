import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { readSource } from './corpus.ts';

/** Reads a corpus in a process of its own and prints the most memory it held (MB). */
const { corpus, repositories } = JSON.parse(await text(process.stdin));
await readSource(corpus, repositories);
console.log(Math.round(peakKilobytes() / 1024));

/** Linux starts the peak of `resourceUsage` at the parent's; its own is in the process's status. */
function peakKilobytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
