export interface BuildOptions {
  /** Folder of the published documents: they lie in `DIR/api/v1/`. */
  readonly data?: string;
  /** Folder that the site is written to; it is replaced whole. */
  readonly out?: string;
  /** Path that the site is served under; by default that of `url` in index.json. */
  readonly base?: string;
}

export interface PreviewOptions {
  readonly out?: string;
  readonly port?: number;
}

export const DEFAULT_DATA = 'site/data';
export const DEFAULT_OUT = 'site/dist';
export const DEFAULT_PORT = 4321;

/** With one slash at each end. */
export const normalizeBase = (base: string) => `/${base}/`.replace(/\/+/g, '/');

/** A mistake that the user can correct: shown without a stack. */
export class SiteError extends Error {
  override readonly name = 'SiteError';
  /** Wrong use, as in all commands. */
  readonly exitCode = 2;
}
