/**
 * The forms of `.github/ISSUE_TEMPLATE/`, and the reading of an issue that was made with one. GitHub
 * writes the answers as Markdown: `### ` and the label of a field, and below it what was typed.
 * Anybody can write an issue that looks so, and more than a form lets through.
 */

/** Each form by the name of its file: the ids of its fields and their labels, in order. */
export const FORMS = {
  'add-repository': { repository: 'Repository to add', why: 'Why it belongs here' },
  'leave-me-out': { login: 'Login of the account to leave out' },
  'same-person': { shown: 'Login of the account to show', other: 'Login of my other account' },
  bot: { login: 'Login of the bot', why: 'How one can see that' },
  'wrong-number': {
    login: 'Login of the person',
    repository: 'Repository of the number',
    what: 'What is wrong',
  },
} as const;

export type FormName = keyof typeof FORMS;

/** A form as it was filled in. An answer may be anything; empty: none. */
export type Form = {
  [N in FormName]: {
    readonly name: N;
    readonly answers: Readonly<Record<keyof (typeof FORMS)[N], string>>;
  };
}[FormName];

/** What GitHub writes for a field that was left empty. */
const NO_ANSWER = '_No response_';

/** Characters of an answer that are looked at: the longest that is used is `owner/name` as address. */
const MOST_CHARACTERS = 300;

/** The form that an issue was made with; null if with none. */
export function readForm(body: string): Form | null {
  const lines = body.split(/\r\n|\r|\n/);
  for (const [name, fields] of Object.entries(FORMS)) {
    const answers = readAnswers(lines, Object.entries(fields));
    if (answers) return { name, answers } as Form;
  }
  return null;
}

/** The labels must stand in their order, from the first line on; each begins a part. */
function readAnswers(
  lines: readonly string[],
  fields: readonly (readonly [id: string, label: string])[],
): Record<string, string> | null {
  const starts: number[] = [];
  for (const [, label] of fields) {
    const at = lines.indexOf(`### ${label}`, (starts.at(-1) ?? -1) + 1);
    if (at < 0) return null;
    starts.push(at);
  }
  if (starts[0] !== 0) return null;
  const answers = fields.map(([id], index) => {
    const part = lines.slice((starts[index] ?? 0) + 1, starts[index + 1]);
    return [id, trimAnswer(part.join('\n'))] as const;
  });
  return Object.fromEntries(answers);
}

function trimAnswer(text: string): string {
  const trimmed = text.trim();
  return trimmed === NO_ANSWER ? '' : trimmed.slice(0, MOST_CHARACTERS);
}
