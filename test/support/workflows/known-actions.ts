/**
 * The actions in use: the names of their inputs at the pinned version, as their `action.yml` lists
 * them, and the rights that they need. A new version: `git show <sha>:action.yml` of its repository.
 */

interface KnownAction {
  readonly version: string;
  readonly inputs: readonly string[];
  /** Rights of the job's token. */
  readonly scopes: Readonly<Record<string, 'read' | 'write'>>;
}

const words = (text: string) => text.trim().split(/\s+/);

export const KNOWN_ACTIONS: Readonly<Record<string, KnownAction>> = {
  'actions/checkout': {
    version: 'v7.0.1',
    inputs: words(`repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user
      persist-credentials path clean filter sparse-checkout sparse-checkout-cone-mode fetch-depth
      fetch-tags show-progress lfs submodules set-safe-directory github-server-url
      allow-unsafe-pr-checkout`),
    scopes: { contents: 'read' },
  },
  'actions/setup-node': {
    version: 'v7.0.0',
    inputs: words(`node-version node-version-file architecture check-latest registry-url scope token
      cache package-manager-cache cache-dependency-path mirror mirror-token`),
    scopes: {},
  },
  'actions/upload-artifact': {
    version: 'v7.0.1',
    inputs: words(`name path if-no-files-found retention-days compression-level overwrite
      include-hidden-files archive`),
    scopes: {},
  },
  'actions/download-artifact': {
    version: 'v8.0.1',
    inputs: words(`name artifact-ids path pattern merge-multiple github-token repository run-id
      skip-decompress digest-mismatch`),
    scopes: {},
  },
  'actions/upload-pages-artifact': {
    version: 'v5.0.0',
    inputs: words('name path retention-days include-hidden-files'),
    scopes: {},
  },
  'actions/deploy-pages': {
    version: 'v5.0.0',
    inputs: words('token timeout error_count reporting_interval artifact_name preview'),
    scopes: { pages: 'write', 'id-token': 'write' },
  },
  'google-github-actions/auth': {
    version: 'v3.0.0',
    inputs: words(`project_id workload_identity_provider service_account audience credentials_json
      create_credentials_file export_environment_variables token_format delegates universe
      request_reason cleanup_credentials access_token_lifetime access_token_scopes
      access_token_subject id_token_audience id_token_include_email`),
    scopes: { 'id-token': 'write' },
  },
  'github/codeql-action/init': {
    version: 'v4.37.9',
    inputs: words(`tools languages build-mode analysis-kinds token registries matrix config-file
      db-location config queries quality-queries packs external-repository-token
      setup-python-dependencies source-root ram threads debug debug-artifact-name
      debug-database-name trap-caching dependency-caching check-run-id`),
    scopes: { actions: 'read', contents: 'read' },
  },
  'github/codeql-action/analyze': {
    version: 'v4.37.9',
    inputs: words(`check_name output upload cleanup-level ram add-snippets skip-queries threads
      checkout_path ref sha category upload-database post-processed-sarif-path wait-for-processing
      token matrix expect-error`),
    scopes: { 'security-events': 'write' },
  },
  'zizmorcore/zizmor-action': {
    version: 'v0.6.2',
    inputs: words(`inputs online-audits persona min-severity min-confidence version token
      advanced-security`),
    scopes: {},
  },
};
