/** Something that the check of a built site found, in one sentence that says what to do. */
export interface Finding {
  /** An error stops the deployment; a note only says what was compared. */
  readonly level: 'error' | 'warning' | 'note';
  readonly text: string;
}

export const error = (text: string): Finding => ({ level: 'error', text });
export const warning = (text: string): Finding => ({ level: 'warning', text });
export const note = (text: string): Finding => ({ level: 'note', text });

/** Findings of one kind that are reported; one cause may concern thousands of files. */
const MOST = 20;

/** The first findings of a kind, and how many there are besides. */
export function firstOf(findings: readonly Finding[], what: string): Finding[] {
  const [first] = findings;
  if (!first || findings.length <= MOST) return [...findings];
  const more = `And ${findings.length - MOST} more ${what} like these.`;
  return [...findings.slice(0, MOST), { level: first.level, text: more }];
}
