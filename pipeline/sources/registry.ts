import type { SourceName } from '../domain/source.ts';
import type { Source } from './source.ts';

/** Every source, loaded when it is in use. What holds of each is in `pipeline/domain/source.ts`. */
const SOURCES: Readonly<Record<SourceName, () => Promise<Source>>> = {
  github: async () => (await import('./github/index.ts')).github,
  bigquery: async () => (await import('./bigquery/index.ts')).bigquery,
  gharchive: async () => (await import('./gharchive/index.ts')).gharchive,
  sample: async () => (await import('./sample/index.ts')).sample,
};

export const loadSource = (name: SourceName): Promise<Source> => SOURCES[name]();
