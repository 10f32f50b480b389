import * as fs from 'node:fs';
import * as path from 'node:path';

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: { readonly [name: string]: string };
}

const { packages } = JSON.parse(fs.readFileSync(path.join(__dirname, '../../package-lock.json'), 'utf8')) as { packages: { [at: string]: Locked } };

/** Where npm looks a dependency up: in the package's own folder, then in each one above it. */
function isLocked(at: string, name: string): boolean {
  for (let folder = at; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder}${folder ? '/' : ''}node_modules/${name}` in packages) {
      return true;
    }
    if (folder === '') {
      return false;
    }
  }
}

describe('the lock file', () => {
  // npm leaves out the other platforms' packages when it locks with modules installed already, and "npm ci" then refuses it.
  test('has the packages of every platform', () => {
    const missing = Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(at, name)).map((name) => `${name}, which ${at} asks for`));
    expect(missing).toEqual([]);
  });

  test('says what is needed, and not where it was fetched', () => {
    expect(Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && !link)).toEqual([]);
  });
});
