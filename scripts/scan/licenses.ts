import * as fs from 'node:fs';
import * as path from 'node:path';
import satisfies from 'spdx-satisfies';
import type { JudgedFinding } from './finding';
import { PROJECT_ROOT } from '../../test/local/rig/paths';

/** SPDX IDs of licenses that need no review: permissive, compatible with Apache-2.0. */
const ALLOWED = [
  '0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT', 'Python-2.0',
];

/** Other licenses in the lock file, by package, with the reason why each is accepted. */
const ACCEPTED: { readonly [name: string]: { readonly license: string; readonly reason: string } } = {
  'axe-core': { license: 'MPL-2.0', reason: 'Runs unmodified in tests; it is not distributed.' },
  'caniuse-lite': { license: 'CC-BY-4.0', reason: 'Data about browsers for development tools; it is not distributed.' },
  gitconfiglocal: { license: 'BSD', reason: 'BSD, without the number of clauses; used only to make a release.' },
  'spdx-exceptions': { license: 'CC-BY-3.0', reason: 'A list of license exceptions for tools; it is not distributed.' },
  'spdx-ranges': { license: '(MIT AND CC-BY-3.0)', reason: 'A list of licenses for tools; it is not distributed.' },
};

interface LockedPackage {
  readonly license?: string;
  readonly link?: boolean;
  readonly version?: string;
}

/** Checks the license of every package in the lock file, development dependencies included. */
export function licenses(
  lockFile = path.join(PROJECT_ROOT, 'package-lock.json'),
): { readonly findings: JudgedFinding[]; readonly packages: number } {
  const { packages } = JSON.parse(fs.readFileSync(lockFile, 'utf8')) as { packages: Record<string, LockedPackage> };
  // The empty path is this project, and a link is its command line.
  const locked = Object.entries(packages).filter(([at, { link }]) => at.includes('node_modules/') && link !== true);
  const findings = locked.filter(([, { license }]) => !isAllowed(license)).map(([at, { license, version }]) => {
    const name = at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const accepted = ACCEPTED[name];
    return {
      scanner: 'licenses', rule: license ?? 'no license', where: path.basename(lockFile), subject: name,
      message: `the license "${license ?? 'none'}" of ${version} is not in the list of allowed licenses`,
      reason: accepted?.license === license ? accepted?.reason : undefined,
    };
  });
  return { findings, packages: locked.length };
}

function isAllowed(license: string | undefined): boolean {
  try {
    return license !== undefined && satisfies(license, ALLOWED);
  } catch {
    // Not an SPDX expression.
    return false;
  }
}
