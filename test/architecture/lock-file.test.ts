import * as fs from 'node:fs';
import * as path from 'node:path';

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  /** It is bundled inside of another package, and not installed separately. */
  readonly inBundle?: boolean;
  readonly bundleDependencies?: readonly string[];
  readonly dependencies?: { readonly [name: string]: string };
  readonly optionalDependencies?: { readonly [name: string]: string };
}

const { packages } = JSON.parse(fs.readFileSync(path.join(__dirname, '../../package-lock.json'), 'utf8')) as { packages: { [at: string]: Locked } };

/** Where npm looks a dependency up: in the package's own folder, then in each one above it. */
function lookUp(at: string, name: string): Locked | undefined {
  for (let folder = at; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const found = packages[`${folder}${folder ? '/' : ''}node_modules/${name}`];
    if (found || folder === '') {
      return found;
    }
  }
}

/** Whether "npm ci" puts the dependency where the package finds it. */
function isInstalled(at: string, name: string): boolean {
  const found = lookUp(at, name);
  const { inBundle, bundleDependencies = [] } = packages[at];
  return found !== undefined && (!found.inBundle || inBundle === true || bundleDependencies.includes(name));
}

describe('the lock file', () => {
  // npm gets some entries wrong if modules are already installed: then create the file again in a folder without any.
  test('has every dependency of every package, for every platform', () => {
    const missing = Object.entries(packages).flatMap(([at, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !isInstalled(at, name)).map((name) => `${name}, which ${at} asks for`));
    expect(missing).toEqual([]);
  });

  test('contains packages without download URLs', () => {
    expect(Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && !link)).toEqual([]);
  });
});
