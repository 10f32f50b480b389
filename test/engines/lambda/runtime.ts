import { spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Engine } from '../../fidelity/proves';
import { withLock } from '../../local/rig/lock';
import { LOCAL_AWS_FOLDER } from '../../local/rig/paths';
import { runCommand } from '../../local/rig/run-command';

/*
 * What AWS publishes for Lambda: the runtime interface emulator, which implements the Runtime API, and the runtime
 * interface client for Node.js, in the version of Node.js that the functions are deployed to. Both are built once.
 */

const FOLDER = path.join(LOCAL_AWS_FOLDER, 'lambda');
const PACKAGES = path.join(__dirname, 'runtime-packages.json');
const EMULATOR = {
  module: 'github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie',
  // The module has no Go module versions.
  version: 'v0.0.0-20261030222936-bef5c4ba774d',
  release: '2026-10-30',
};
const CLIENT = (JSON.parse(fs.readFileSync(PACKAGES, 'utf8')) as { dependencies: { [name: string]: string } }).dependencies['aws-lambda-ric'];
const BUILD_TIMEOUT_MS = 30 * 60_000;
const NEEDED = 'The functions run in Lambda\'s runtime interface emulator on Linux with Go 1.21 or newer, cmake, g++, make, Python 3 and xz'
  + ' (on Debian and Ubuntu: apt install golang-go cmake g++ make python3 xz-utils)';

export const LAMBDA: Engine = { name: 'Amazon\'s Lambda runtime interface emulator and Node client', version: `${EMULATOR.release} and ${CLIENT}` };

export interface LambdaRuntime {
  readonly emulator: string;
  readonly node: string;
  readonly client: string;
}

/** Whether the runtime can be built here. With CI set, throws an error that names what is missing. */
export function hasLambdaRuntime(): boolean {
  const missing = process.platform === 'linux' ? ['go', 'cmake', 'g++', 'make', 'python3', 'xz'].filter((tool) => !isThere(tool)) : ['Linux'];
  if (missing.length === 0) {
    return true;
  }
  const problem = `${NEEDED}. Missing: ${missing.join(', ')}.`;
  if (process.env.CI === 'true') {
    throw new Error(problem);
  }
  process.stderr.write(`skipped: the functions in Lambda's runtime. ${problem}\n`);
  return false;
}

/** Builds the runtime, unless it is already built. */
export async function ensureLambdaRuntime(): Promise<LambdaRuntime> {
  const fingerprint = crypto.createHash('sha256').update(JSON.stringify(EMULATOR)).update(fs.readFileSync(PACKAGES)).digest('hex');
  const marker = path.join(FOLDER, 'installed');
  const modules = path.join(FOLDER, 'node_modules');
  const node = path.join(modules, `node-linux-${process.arch}`, 'bin', 'node');
  const client = path.join(modules, 'aws-lambda-ric', 'index.mjs');
  await withLock(path.join(LOCAL_AWS_FOLDER, 'lambda.lock'), async () => {
    if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === fingerprint) {
      return;
    }
    process.stderr.write('engines: building Lambda\'s runtime interface emulator and Node client (once; some minutes)\n');
    fs.rmSync(FOLDER, { recursive: true, force: true });
    fs.mkdirSync(FOLDER, { recursive: true });
    await runCommand('go', ['install', `${EMULATOR.module}@${EMULATOR.version}`], { cwd: FOLDER, env: { ...process.env, GOBIN: FOLDER, CGO_ENABLED: '0' } });
    fs.copyFileSync(PACKAGES, path.join(FOLDER, 'package.json'));
    await runCommand('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: FOLDER });
    // The install scripts of the package, which npm skips by default: curl and the addon, for this version of Node.js.
    const build = {
      cwd: path.join(modules, 'aws-lambda-ric'),
      env: { ...process.env, PATH: `${path.join(modules, '.bin')}:${process.env.PATH}`, npm_config_nodedir: path.dirname(path.dirname(node)) },
    };
    await runCommand('sh', ['scripts/preinstall.sh'], build);
    await runCommand('sh', ['scripts/postinstall.sh'], build);
    fs.writeFileSync(marker, fingerprint);
  }, BUILD_TIMEOUT_MS);
  return { emulator: path.join(FOLDER, 'aws-lambda-rie'), node, client };
}

function isThere(tool: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' }).status === 0;
}
