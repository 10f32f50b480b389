import { spawn } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { json } from 'node:stream/consumers';
import type { Engine } from '../fidelity/proves';
import { withLock } from '../local/rig/lock';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { runCommand } from '../local/rig/run-command';

/*
 * An evaluator of IAM policies that is independent of the local AWS: identity, session and resource policies, conditions, key policies
 * and trust policies. Its license is the AGPL, so it is not a dependency of this project: it is installed into a separate folder, and
 * runs in a separate process.
 */

const SOURCES = path.join(__dirname, 'iam-simulate');
const PACKAGES = path.join(SOURCES, 'packages.json');
const FOLDER = path.join(LOCAL_AWS_FOLDER, 'iam-simulate');
const PACKAGE = '@cloud-copilot/iam-simulate';

export const IAM_SIMULATE: Engine = {
  name: PACKAGE,
  version: (JSON.parse(fs.readFileSync(PACKAGES, 'utf8')) as { dependencies: { [name: string]: string } }).dependencies[PACKAGE],
};

export interface SimulatedRequest {
  /** An ARN or a service principal; absent for an anonymous request. */
  readonly principal?: string;
  readonly action: string;
  readonly resource: string;
  /** The account of the resource. */
  readonly account: string;
  readonly context: { readonly [key: string]: string | readonly string[] };
  readonly identityPolicies: readonly object[];
  readonly sessionPolicy?: object;
  readonly resourcePolicy?: object;
  /** Policies of the organization, which apply in addition to its default allow. */
  readonly serviceControlPolicy?: object;
  readonly resourceControlPolicy?: object;
  readonly blockPublicAccess?: boolean;
}

export interface SimulatedResult {
  readonly result?: 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';
  /** Condition keys that, by AWS's service reference, no request for the action carries. */
  readonly ignored?: readonly string[];
  /** Why the request cannot be evaluated, such as an unknown action. */
  readonly error?: string;
}

/** Installs the evaluator, unless it is already installed. */
async function ensureIamSimulate(): Promise<string> {
  const program = path.join(SOURCES, 'evaluate.mjs');
  const fingerprint = crypto.createHash('sha256').update(fs.readFileSync(PACKAGES)).update(fs.readFileSync(program)).digest('hex');
  const marker = path.join(FOLDER, 'installed');
  await withLock(path.join(LOCAL_AWS_FOLDER, 'iam-simulate.lock'), async () => {
    if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === fingerprint) {
      return;
    }
    process.stderr.write('access matrix: installing the second policy evaluator (once)\n');
    fs.rmSync(FOLDER, { recursive: true, force: true });
    fs.mkdirSync(FOLDER, { recursive: true });
    fs.copyFileSync(PACKAGES, path.join(FOLDER, 'package.json'));
    fs.copyFileSync(program, path.join(FOLDER, 'evaluate.mjs'));
    await runCommand('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: FOLDER });
    fs.writeFileSync(marker, fingerprint);
  });
  return path.join(FOLDER, 'evaluate.mjs');
}

/** Evaluates requests, in their order. */
export async function simulate(requests: readonly SimulatedRequest[]): Promise<SimulatedResult[]> {
  const script = await ensureIamSimulate();
  const documents: object[] = [];
  const indices = new Map<string, number>();
  const indexOf = (document: object | undefined) => {
    if (document === undefined) {
      return undefined;
    }
    const key = JSON.stringify(document);
    const index = indices.get(key) ?? documents.push(document) - 1;
    indices.set(key, index);
    return index;
  };
  const listed = requests.map(({
    identityPolicies, sessionPolicy, resourcePolicy, serviceControlPolicy, resourceControlPolicy, ...rest
  }) => ({
    ...rest, identity: identityPolicies.map(indexOf), session: indexOf(sessionPolicy), resourcePolicy: indexOf(resourcePolicy),
    serviceControl: indexOf(serviceControlPolicy), resourceControl: indexOf(resourceControlPolicy),
  }));
  const child = spawn(process.execPath, [script], { cwd: FOLDER, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  child.stdin.end(JSON.stringify({ documents, requests: listed }));
  const results = await json(child.stdout) as SimulatedResult[];
  const exitCode = await ended;
  if (exitCode !== 0 || results.length !== requests.length) {
    throw new Error(`${PACKAGE} ended with ${exitCode} and ${results.length} results for ${requests.length} requests`);
  }
  return results;
}
