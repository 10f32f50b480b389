import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { ApiAssembly } from './recorded-release';

const ROOT = path.resolve(__dirname, '..', '..', '..');

/** The breaking changes between two APIs, as reported by jsii-diff, one per line. */
export function breakingChanges(released: ApiAssembly, now: ApiAssembly): string[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'api-'));
  try {
    // jsii-diff looks for the assemblies of dependencies where Node.js looks for packages.
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    const packages = [released, now].map((assembly, index) => writePackage(path.join(folder, index === 0 ? 'released' : 'now'), assembly));
    const { status, stderr } = spawnSync(process.execPath, [
      require.resolve('jsii-diff/bin/jsii-diff'), ...packages, '--keys', '--ignore-file', path.join(ROOT, '.compatignore'),
    ], { encoding: 'utf8', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' } });
    const found = stderr.split('\n').filter((line) => line.startsWith('err '));
    if (status !== 0 && found.length === 0) {
      throw new Error(`jsii-diff could not compare: ${stderr}`);
    }
    return found;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The parts of a package that jsii-diff reads. */
function writePackage(folder: string, assembly: ApiAssembly): string {
  fs.mkdirSync(folder);
  const { name, version, dependencies } = assembly;
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version, jsii: {}, peerDependencies: dependencies }));
  fs.writeFileSync(path.join(folder, '.jsii'), JSON.stringify(assembly));
  return folder;
}

/** The API from the last build of this checkout. */
export function builtAssembly(): ApiAssembly {
  const file = path.join(ROOT, '.jsii');
  if (!fs.existsSync(file)) {
    throw new Error(`there is no ${file} to compare with the last release: run \`npm run compile\` first`);
  }
  return JSON.parse(fs.readFileSync(file, 'utf8')) as ApiAssembly;
}
