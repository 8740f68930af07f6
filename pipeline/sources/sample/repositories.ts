/** A repository of the sample. Owners, names and ids are invented. */
export interface SampleRepository {
  readonly githubId: number;
  readonly owner: string;
  /** Whether an organisation owns it: only then do its events carry `org`. */
  readonly isOwnedByOrganization: boolean;
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly stars: number;
  readonly topics: readonly string[];
  readonly defaultBranch: string;
  /** Issues and pull requests opened on a working day, at the start of 2026. */
  readonly pace: number;
}

/** Far above every id that GitHub has given to a repository (about 1.3 billion in 2026). */
const FIRST_REPOSITORY_ID = 9_200_000_000;

/** The one owner that is a person. */
export const SOLO_OWNER = 'sample-solo-heron';

/** Repository | description | language | stars | topics | default branch | pace. */
const TABLE = `
sample-orchard/pear-parser | Parses pears, and most other fruit | TypeScript | 18420 | parser fruit | main | 5.1
sample-orchard/apple-press | Presses data until only the juice is left | Rust | 9310 | compression | main | 2.9
sample-orchard/cider-server | A server that is better after a year | Go | 6105 | http server | main | 2.3
sample-orchard/plum-pudding | Layered configuration, soft inside | Python | 2240 | configuration | main | 1.3
sample-orchard/graft | Joins two histories into one tree | Rust | 1180 | git cli | master | 0.9
sample-orchard/windfall | Collects what fell out of the queue | Go | 640 | queue | main | 0.6
sample-orchard/orchard-docs | The handbook of the orchard | MDX | 210 | documentation | main | 0.7
sample-harbor/tide-table | Schedules that know when the water is high | TypeScript | 14870 | scheduler cron | main | 4.2
sample-harbor/lighthouse-keeper | Watches services at night | Go | 7930 | monitoring | main | 2.5
sample-harbor/breakwater | Takes the waves off your API | Java | 4420 | rate-limiting | master | 1.7
sample-harbor/pilot-boat | Guides deployments into port | TypeScript | 3350 | deployment | main | 1.5
sample-harbor/dry-dock | A place to repair containers | Shell | 980 | containers | main | 0.6
sample-harbor/ballast | Fixtures that keep tests upright | Python | 515 | testing | main | 0.5
sample-lantern/wick | A small reactive core | TypeScript | 11260 | reactive ui | main | 3.4
sample-lantern/glow | Charts that are readable in the dark | TypeScript | 5480 | charts | main | 1.9
sample-lantern/shade | Themes, and how to switch them off | CSS | 1930 | themes css | main | 1
sample-lantern/flint | Starts projects with a spark | JavaScript | 1240 | scaffolding | main | 0.7
sample-lantern/lamp-oil | Plugins that keep the lantern lit | TypeScript | 430 | plugins | main | 0.6
sample-meadow/grasshopper | A database that jumps to the answer | C++ | 22150 | database sql | trunk | 4.6
sample-meadow/clover | Four-leaved locks for distributed systems | Go | 3870 | consensus | main | 1.4
sample-meadow/hay-stack | Search for needles | Rust | 2760 | search | main | 1.5
sample-meadow/bumble | Moves pollen between formats | Python | 1050 | etl | master | 0.9
sample-solo-heron/one-leg | A static site generator that stands still | Rust | 1610 | static-site | main | 0.6
sample-solo-heron/reed-notes | Notes from the edge of the lake | Markdown | 95 | notes | main | 0.2
`;

function toRepository(row: string, index: number): SampleRepository {
  const [fullName = '', description = '', language = '', stars, topics, defaultBranch = '', pace] =
    row.split(' | ');
  const [owner = '', name = ''] = fullName.split('/');
  return {
    githubId: FIRST_REPOSITORY_ID + index,
    owner,
    isOwnedByOrganization: owner !== SOLO_OWNER,
    name,
    description,
    language,
    stars: Number(stars),
    topics: topics?.split(' ') ?? [],
    defaultBranch,
    pace: Number(pace),
  };
}

/** The repositories that a sample run tracks, so that discovery can take them as configured. */
export const SAMPLE_REPOSITORIES: readonly SampleRepository[] = TABLE.trim()
  .split('\n')
  .map(toRepository);

const ELSEWHERE = [
  'pebble',
  'kettle',
  'thimble',
  'saddle',
  'bobbin',
  'trellis',
  'gravel',
  'mortar',
];

/** Repositories that nobody tracks: what an hour of GH Archive is mostly made of. */
export const OTHER_REPOSITORIES: readonly SampleRepository[] = ELSEWHERE.map((name, index) =>
  toRepository(`sample-elsewhere/${name} | Not tracked | C | 3 | other | main | 0`, 100 + index),
);
