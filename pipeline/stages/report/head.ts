/** What stands at the head of every document. */
export interface Head {
  readonly generated_at: string;
  readonly data_until: string | null;
  readonly weights_version: string;
  readonly sample: boolean;
}

/** How people and repositories are shown. */
export interface Appearance {
  /** Generated data: nothing in it may lead to a real account. */
  readonly sample: boolean;
  /** Whether GitHub's avatars are shown. */
  readonly avatars: boolean;
}

/** A moment as the documents write it. */
export function iso(moment: Date | null): string | null {
  return moment === null ? null : moment.toISOString();
}
