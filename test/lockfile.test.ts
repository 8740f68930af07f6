import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readJson, readLockfile } from './support/lockfile.ts';
import { projectFolder } from './support/run-command.ts';

const packages = readLockfile();
const production = packages.filter(({ dev }) => !dev);

/** They ask for no more than their text and the names of their authors. */
const FREE = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
];

/** Names of packages with another licence, and why they may be used. */
const EXCEPTIONS: readonly (readonly [name: RegExp, licence: string, reason: string])[] = [
  [
    /^lightningcss(-|$)/,
    'MPL-2.0',
    'asks for the source of its own files where they are changed; it is used unchanged, in a build',
  ],
  [
    /^@resvg\/resvg-js(-|$)/,
    'MPL-2.0',
    'asks for the source of its own files where they are changed; it is used unchanged, in a build',
  ],
  [
    /^@expo-google-fonts\/inter$/,
    'OFL-1.1',
    'a font may be used and given on with its licence; it is not sold by itself',
  ],
  [
    /^dejavu-fonts-ttf$/,
    'SEE LICENSE IN README.md AND LICENSE',
    "Bitstream Vera's licence, and the public domain: a font may be used and given on with it",
  ],
  [
    /^@img\/sharp-/,
    'LGPL-3.0-or-later',
    'a library that is loaded at run time, optional and unchanged; a user can replace it',
  ],
];

/** Whether an SPDX expression of `AND` and `OR`, without brackets, is allowed for a package. */
function isAllowed(name: string, licence: string): boolean {
  const isFree = (id: string) =>
    FREE.includes(id) || EXCEPTIONS.some(([names, other]) => other === id && names.test(name));
  if (EXCEPTIONS.some(([names, other]) => other === licence && names.test(name))) return true;
  return licence
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((id) => isFree(id.trim())));
}

/** The licence in the package itself; undefined where it is not installed on this platform. */
function installedLicence(path: string): string | undefined {
  const file = join(path, 'package.json');
  return existsSync(join(projectFolder, file)) ? readJson(file).license : undefined;
}

describe('the lockfile', () => {
  it('pins every package by its version and its content', () => {
    expect(packages.length).toBeGreaterThan(500);
    const loose = packages.filter(
      ({ version, integrity }) =>
        !/^\d+\.\d+\.\d+/.test(version) || !/^sha512-/.test(integrity ?? ''),
    );
    expect(loose.map(({ path }) => path)).toEqual([]);
  });

  it('is the one of package.json', () => {
    const own = readJson('package-lock.json').packages[''];
    const { dependencies, devDependencies, optionalDependencies } = readJson('package.json');
    expect(own).toMatchObject({ dependencies, devDependencies, optionalDependencies });
  });

  it('has install scripts in the packages alone that package.json decides about', () => {
    const withScript = packages.filter(({ hasInstallScript }) => hasInstallScript);
    expect([...new Set(withScript.map(({ name }) => name))].toSorted()).toEqual(
      Object.keys(readJson('package.json').allowScripts).toSorted(),
    );
  });
});

describe('the licences of production packages', () => {
  it('are allowed', () => {
    expect(production.length).toBeGreaterThan(300);
    const others = production.filter(({ name, license }) => !isAllowed(name, license ?? 'none'));
    expect(others.map(({ path, license }) => `${path}: ${license ?? 'none'}`)).toEqual([]);
  });

  it('are those that the packages have', () => {
    const wrong = production.filter(({ path, license }) => {
      const installed = installedLicence(path);
      return installed !== undefined && installed !== license;
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('have no exception without a use', () => {
    for (const [names, licence] of EXCEPTIONS) {
      const isUsed = production.some(
        ({ name, license }) => names.test(name) && license?.includes(licence),
      );
      expect(isUsed, `${licence} ${names}`).toBe(true);
    }
  });

  test.each([
    ['x', 'MIT', true],
    ['x', 'GPL-3.0-only', false],
    ['x', 'none', false],
    ['x', 'GPL-3.0-only OR MIT', true],
    ['x', 'MIT AND GPL-3.0-only', false],
    ['x', 'MPL-2.0', false],
    ['lightningcss', 'MPL-2.0', true],
    ['lightningcss', 'LGPL-3.0-or-later', false],
    ['@img/sharp-win32-x64', 'Apache-2.0 AND LGPL-3.0-or-later', true],
    ['x', 'SEE LICENSE IN LICENSE.md', false],
  ])('of %s, %s: %j', (name, licence, expected) => {
    expect(isAllowed(name, licence)).toBe(expected);
  });
});
