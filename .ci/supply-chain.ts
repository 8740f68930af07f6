import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LockedPackage, readLockfile } from '../test/support/lockfile.ts';

/**
 * What a run of the project installs: an SBOM of the production packages in `sbom.cdx.json`, and
 * their known vulnerabilities. Their licences are checked by `test/lockfile.test.ts`.
 */

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string };
    readonly expression?: string;
  }[];
}

/** The parts of a CycloneDX document that are read or changed here. */
export interface Sbom {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const nameOf = ({ name, version }: Component | LockedPackage) => `${name}@${version}`;

/**
 * The SBOM of the production packages of the lockfile, of all platforms. `npm sbom --omit dev` is
 * not used: it leaves out what is needed by production and by development, like `pg`.
 *
 * @throws Error if it does not list exactly these packages
 */
export function createSbom(packages = readLockfile()): Sbom {
  const { stdout, stderr } = npm('sbom', '--package-lock-only', '--sbom-format', 'cyclonedx');
  if (stdout === '') throw new Error(`npm sbom: ${stderr}`);
  const whole: Sbom = JSON.parse(stdout);
  const wanted = new Set(packages.filter(({ dev }) => !dev).map(nameOf));
  const components = whole.components.filter((component) => wanted.delete(nameOf(component)));
  if (wanted.size > 0) throw new Error(`npm sbom leaves out ${[...wanted].join(', ')}`);
  const refs = new Set(components.map((component) => component['bom-ref']));
  const dependencies = whole.dependencies
    .filter(({ ref }, index) => index === 0 || refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((to) => refs.has(to)) }));
  return { ...whole, components, dependencies };
}

/** What `npm audit --json` comes to. `failed`: it knows a vulnerability that is high or critical. */
export interface Audit {
  readonly failed: boolean;
  readonly text: string;
}

interface AuditReport {
  readonly message?: string;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
}

export function describeAudit(output: string): Audit {
  const report = parse(output);
  const { vulnerabilities } = report;
  if (vulnerabilities === undefined)
    return {
      failed: false,
      text: `not checked: ${report.message ?? 'the registry did not answer'}`,
    };
  const all = Object.entries(vulnerabilities);
  const severe = all.filter(([, { severity }]) => ['high', 'critical'].includes(severity));
  const list = severe.map(([name, { severity }]) => `${name} (${severity})`).join(', ');
  const text = `${all.length} vulnerable packages are known, ${severe.length} high or critical`;
  return { failed: severe.length > 0, text: list ? `${text}: ${list}` : text };
}

function parse(output: string): AuditReport {
  try {
    return JSON.parse(output) ?? {};
  } catch {
    return {};
  }
}

function npm(...args: string[]) {
  const cwd = fileURLToPath(new URL('../', import.meta.url));
  const options = { cwd, encoding: 'utf8', maxBuffer: 100_000_000 } as const;
  return spawnSync('npm', args, options);
}

/** How many packages have which licence. */
function countLicences({ components }: Sbom): string {
  const licences = components.map(
    ({ licenses }) =>
      licenses?.map(({ license, expression }) => license?.id ?? expression).join() ?? 'none',
  );
  return [...Map.groupBy(licences, (licence) => licence)]
    .map(([licence, { length }]) => `${length} ${licence}`)
    .join(', ');
}

if (import.meta.main) {
  const sbom = createSbom();
  writeFileSync('sbom.cdx.json', `${JSON.stringify(sbom, null, 2)}\n`);
  console.log(`sbom.cdx.json: ${sbom.components.length} packages (${countLicences(sbom)})`);
  const audit = describeAudit(npm('audit', '--omit=dev', '--json').stdout);
  console.log(`npm audit: ${audit.text}`);
  if (audit.failed) process.exitCode = 1;
}
