/** The forms of the repository that publishes: the files of `.github/ISSUE_TEMPLATE/`. */

interface FormLink {
  /** The name of its file. */
  readonly template: string;
  readonly title: string;
  readonly words: string;
  /** The fields that are filled in with the login or the repository that a page is about. */
  readonly fills: Readonly<Partial<Record<'login' | 'repository', string>>>;
}

export const FORMS: readonly FormLink[] = [
  {
    template: 'leave-me-out',
    title: 'Leave me out',
    words:
      'Filed by the account itself, it becomes a pull request at once. For another account, a maintainer must agree first.',
    fills: { login: 'login' },
  },
  {
    template: 'wrong-number',
    title: 'A number is wrong',
    words:
      'A score, a rank or a count does not fit. The answer has the contributions behind it, and a maintainer reads the rest.',
    fills: { login: 'login', repository: 'repository' },
  },
  {
    template: 'same-person',
    title: 'These two accounts are me',
    words: 'Both count as one person, once the other account has agreed in a comment.',
    fills: { login: 'shown' },
  },
  {
    template: 'bot',
    title: 'This is a bot',
    words: 'A program stands among the people. A maintainer decides.',
    fills: { login: 'login' },
  },
  {
    template: 'add-repository',
    title: 'Add a repository',
    words: 'A public repository whose contributions should count. A maintainer decides.',
    fills: {},
  },
];

/** @param forms where they are filed */
export const formHref = (forms: string, template: string): string =>
  `${forms}?template=${template}.yml`;

/** What the script of the page fills in: `login:shown`, with a space between. */
export const fillsOf = ({ fills }: FormLink): string =>
  Object.entries(fills)
    .map((pair) => pair.join(':'))
    .join(' ');
