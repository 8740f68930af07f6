import { describe, expect, it, test } from 'vitest';
import { createSbom, describeAudit } from '../.ci/supply-chain.ts';
import { readLockfile } from './support/lockfile.ts';

describe('the SBOM', () => {
  const sbom = createSbom();

  it('lists the production packages of the lockfile, and no other', () => {
    const production = readLockfile().filter(({ dev }) => !dev);
    const names = new Set(production.map(({ name, version }) => `${name}@${version}`));
    const listed = sbom.components.map(({ name, version }) => `${name}@${version}`);
    expect(listed.toSorted()).toEqual([...names].toSorted());
    expect(listed.some((name) => name.startsWith('pg@'))).toBe(true);
    expect(listed.some((name) => name.startsWith('vitest@'))).toBe(false);
  });

  it('names no dependency that it does not list', () => {
    const refs = new Set(sbom.components.map((component) => component['bom-ref']));
    const [own, ...others] = sbom.dependencies;
    expect(own?.dependsOn.some((name) => name.startsWith('pg@'))).toBe(true);
    for (const { ref, dependsOn } of others)
      for (const name of [ref, ...dependsOn]) expect(refs).toContain(name);
  });

  it('is refused when a package is missing', () => {
    const missing = { path: 'node_modules/new', name: 'new', version: '1.0.0' };
    expect(() => createSbom([...readLockfile(), missing])).toThrow('leaves out new@1.0.0');
  });
});

describe('an audit', () => {
  const report = (...severities: string[]) =>
    JSON.stringify({
      vulnerabilities: Object.fromEntries(severities.map((severity, i) => [`p${i}`, { severity }])),
    });

  test.each([
    ['without findings', report(), false, '0 vulnerable packages are known, 0 high or critical'],
    ['with low ones', report('low', 'moderate'), false, '2 vulnerable'],
    ['with a high one', report('low', 'high'), true, '1 high or critical: p1 (high)'],
    ['with a critical one', report('critical'), true, 'p0 (critical)'],
    [
      'that is refused',
      '{"message": "405 Method Not Allowed", "error": {}}',
      false,
      'not checked: 405',
    ],
    ['without an answer', '', false, 'not checked: the registry did not answer'],
    ['that is null', 'null', false, 'not checked'],
  ])('%s', (_, output, failed, text) => {
    expect(describeAudit(output)).toEqual({ failed, text: expect.stringContaining(text) });
  });
});
