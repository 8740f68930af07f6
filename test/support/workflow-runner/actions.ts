import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, matchesGlob } from 'node:path';
import type { Copy } from '../github/copy.ts';
import { zipFolder } from '../zip.ts';

/** What stands in for the actions that workflows use: `uses: …`. */

/** What an action sees of its job, and changes in it. */
export interface ActionContext {
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly runId: number;
  readonly copy: Copy;
  /** The folder of all artifacts, by run and name. */
  readonly artifacts: string;
  /** Files of the repository, put there by a checkout. */
  readonly files: Readonly<Record<string, string>>;
  readonly setOutput: (name: string, value: string) => void;
  readonly setVariable: (name: string, value: string) => void;
  /** Done at the end of the job, whatever its result. */
  readonly atEnd: (work: () => void) => void;
  /** Where a job gets a token that says which workflow it is of. */
  readonly idTokenUrl: string;
  /** The deployed site. */
  readonly deploy: (folder: string) => void;
}

/** An error ends the step as a failure; its message is the output. */
export const ACTIONS: Readonly<Record<string, (context: ActionContext) => void>> = {
  'actions/checkout': ({ workspace, files }) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(workspace, path, '..'), { recursive: true });
      writeFileSync(join(workspace, path), text);
    }
  },
  'actions/setup-node': () => {},
  'actions/upload-artifact': (context) => {
    const { workspace, inputs } = context;
    const path = join(workspace, inputs.path ?? '');
    if (existsSync(path)) upload(context, inputs.name ?? 'artifact', path);
    else if (inputs['if-no-files-found'] === 'error') throw new Error(`no files: ${inputs.path}`);
  },
  'actions/download-artifact': ({ workspace, inputs, artifacts, runId }) => {
    const ofRun = join(artifacts, inputs['run-id'] ?? String(runId));
    const path = join(workspace, inputs.path ?? '.');
    if (inputs.pattern) return downloadMatching(ofRun, inputs.pattern, path);
    const folder = join(ofRun, inputs.name ?? '');
    if (!existsSync(folder)) throw new Error(`there is no artifact ${inputs.name}`);
    cpSync(folder, path, { recursive: true });
  },
  'actions/upload-pages-artifact': (context) => {
    const path = join(context.workspace, context.inputs.path ?? '_site');
    upload(context, 'github-pages', path, ['.git', '.github']);
  },
  'actions/deploy-pages': ({ artifacts, runId, copy, deploy, setOutput }) => {
    const folder = join(artifacts, String(runId), 'github-pages');
    if (!existsSync(folder)) throw new Error('there is no artifact github-pages');
    if (copy.pages?.type !== 'workflow') throw new Error('Get Pages site failed');
    deploy(folder);
    setOutput('page_url', copy.pages.url);
  },
  // The file lies in the workspace, and is deleted after the job.
  'google-github-actions/auth': ({ workspace, inputs, idTokenUrl, setVariable, atEnd }) => {
    const path = join(workspace, `gha-creds-${randomBytes(8).toString('hex')}.json`);
    const credentials = {
      type: 'external_account',
      audience: `//iam.googleapis.com/${inputs.workload_identity_provider}`,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sts.googleapis.com/v1/token',
      credential_source: {
        url: idTokenUrl,
        format: { type: 'json', subject_token_field_name: 'value' },
      },
    };
    writeFileSync(path, JSON.stringify(credentials));
    setVariable('GOOGLE_APPLICATION_CREDENTIALS', path);
    setVariable('GOOGLE_CLOUD_PROJECT', inputs.project_id ?? '');
    atEnd(() => rmSync(path, { force: true }));
  },
};

/** Several get a folder each, one alone gets none; that there is none is no fault. */
function downloadMatching(ofRun: string, pattern: string, path: string): void {
  const names = existsSync(ofRun)
    ? readdirSync(ofRun).filter((name) => matchesGlob(name, pattern))
    : [];
  for (const name of names) {
    cpSync(join(ofRun, name), names.length === 1 ? path : join(path, name), { recursive: true });
  }
}

/** Files and folders that begin with a dot are left out unless that is said. */
function upload(
  { inputs, artifacts, runId, copy, setOutput }: ActionContext,
  name: string,
  path: string,
  never: readonly string[] = [],
): void {
  const folder = join(artifacts, String(runId), name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const withHidden = inputs['include-hidden-files'] === 'true';
  const isKept = (file: string) =>
    file === path ||
    (!never.includes(basename(file)) && (withHidden || !basename(file).startsWith('.')));
  const isFile = statSync(path).isFile();
  cpSync(path, isFile ? join(folder, basename(path)) : folder, { recursive: true, filter: isKept });
  if (readdirSync(folder).length === 0) return;
  const id = 1 + Math.max(0, ...copy.artifacts.map((artifact) => artifact.id));
  const createdAt = new Date().toISOString();
  const artifact = { id, name, runId, branch: 'main', createdAt, zip: zipFolder(folder) };
  copy.artifacts.push(artifact);
  setOutput('artifact-id', String(id));
}
