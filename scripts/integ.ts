import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { readProofs } from '../test/fidelity/proofs';
import { assertionResults, type AssertionResult, type StackOutputs } from '../test/integ/assertion-results';
import { outcomes, renderChecklist } from '../test/integ/checklist';
import { storeIntegration } from '../test/integ/store-integration';

/*
 * Runs the integration tests (test/integ) in the AWS account of the current credentials: deploys, which also runs the
 * assertions, and destroys, even if an assertion fails. It replaces `integ-runner`, which comes with its own CDK CLI:
 * no released version of it can read the cloud assemblies of the CDK version used here. At the end it prints which
 * behaviors of docs/fidelity.md the deployment proved.
 */

const ROOT = path.resolve(__dirname, '..');
const FOLDER = 'test/integ';
const FLAGS = ['--dry-run', '--keep'];

class IntegrationTest {
  /** Results of the assertions; empty until they have run. */
  public results: readonly AssertionResult[] = [];
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'integ-'));

  constructor(private readonly file: string, private readonly options: readonly string[]) {}

  synthesise(): boolean {
    return this.cdk('synth', '--quiet');
  }

  /** Returns whether the deployment and every assertion succeeded. */
  assert(): boolean {
    const file = path.join(this.folder, 'outputs.json');
    const deployed = this.cdk('deploy', '--require-approval', 'never', '--outputs-file', file);
    this.results = fs.existsSync(file)
      ? assertionResults(JSON.parse(fs.readFileSync(file, 'utf8')) as StackOutputs)
      : [];
    for (const { name, passed, message } of this.results) {
      console.log(`${this.file}: ${name}: ${passed ? 'passed' : `failed:\n${message}`}`);
    }
    return deployed && this.results.length > 0 && this.results.every(({ passed }) => passed);
  }

  destroy(): boolean {
    return this.cdk('destroy', '--force');
  }

  close(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private cdk(...words: readonly string[]): boolean {
    const app = ['--app', `npx tsx ${path.join(FOLDER, this.file)}`, '--output', path.join(this.folder, 'cdk.out')];
    return spawnSync(
      'npx', ['cdk', ...words, '--all', ...app, ...this.options], { cwd: ROOT, stdio: 'inherit' },
    ).status === 0;
  }
}

function main(words: readonly string[]): void {
  const options = words.filter((word) => !FLAGS.includes(word));
  const failed: string[] = [];
  const results: AssertionResult[] = [];
  for (const file of fs.readdirSync(path.join(ROOT, FOLDER)).filter((name) => /^integ\..+\.ts$/.test(name))) {
    const test = new IntegrationTest(file, options);
    try {
      const passed = words.includes('--dry-run') ? test.synthesise() : test.assert();
      const gone = FLAGS.some((flag) => words.includes(flag)) || test.destroy();
      const remains = gone ? '' : '; some resources were not deleted, see test/integ/README.md';
      console.log(`${file}: ${passed ? 'passed' : 'failed'}${remains}`);
      results.push(...test.results);
      failed.push(...(passed && gone ? [] : [file]));
    } finally {
      test.close();
    }
  }
  console.log(`\n${renderChecklist(readProofs(), outcomes(storeIntegration(new App()), results))}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

main(process.argv.slice(2));
