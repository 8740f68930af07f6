import type { SourceProgress } from '../domain/source.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time.ts';

const group = (count: number) => count.toLocaleString('en-US');

/** `40 s`, `3 min`, `2 h 5 min`: no finer than an estimate can be. */
export function formatDuration(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.ceil(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  const minutes = Math.round(ms / MINUTE_MS);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function formatDone({ unit, done, total }: SourceProgress): string {
  if (total === null) return `${group(done)} ${unit}`;
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  return `${group(done)}/${group(total)} ${unit} (${percent}%)`;
}

/** Megabytes (10^6 bytes) a second. */
function formatSpeed(bytes: number | null, elapsedMs: number): string | null {
  if (bytes === null || elapsedMs <= 0) return null;
  return `${(bytes / 1e6 / (elapsedMs / SECOND_MS)).toFixed(1)} MB/s`;
}

/** If the rest goes as the part done did. */
function formatTimeLeft({ done, total }: SourceProgress, elapsedMs: number): string | null {
  if (total === null || done <= 0 || done >= total) return null;
  return `${formatDuration((elapsedMs / done) * (total - done))} left`;
}

/** `12/744 files (1%) · 34.5 MB/s · 1,234 events kept · 3 min left` */
export function formatProgress(state: SourceProgress, elapsedMs: number): string {
  const parts = [
    formatDone(state),
    formatSpeed(state.bytes, elapsedMs),
    `${group(state.kept)} events kept`,
    formatTimeLeft(state, elapsedMs),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
