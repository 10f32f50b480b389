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
 * Runs the integration tests (test/integ) on the AWS account of the shell's credentials: deploys, which is when the assertions are
 * made, and destroys, whatever came out. It does what `integ-runner` does, with the CDK command line that this project has:
 * integ-runner brings one of its own, and none that can be had yet reads the assemblies that this version of the CDK writes. At the
 * end it prints what the deployment showed of docs/fidelity.md.
 */

const ROOT = path.resolve(__dirname, '..');
const FOLDER = 'test/integ';
const FLAGS = ['--dry-run', '--keep'];

class IntegrationTest {
  /** How its assertions ended; empty before they ran. */
  public results: readonly AssertionResult[] = [];
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'integ-'));

  constructor(private readonly file: string, private readonly options: readonly string[]) {}

  synthesise(): boolean {
    return this.cdk('synth', '--quiet');
  }

  /** Whether it could be deployed, and every assertion held. */
  assert(): boolean {
    const file = path.join(this.folder, 'outputs.json');
    const deployed = this.cdk('deploy', '--require-approval', 'never', '--outputs-file', file);
    this.results = fs.existsSync(file) ? assertionResults(JSON.parse(fs.readFileSync(file, 'utf8')) as StackOutputs) : [];
    for (const { name, passed, message } of this.results) {
      console.log(`${this.file}: ${name}: ${passed ? 'as expected' : `not as expected:\n${message}`}`);
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
    return spawnSync('npx', ['cdk', ...words, '--all', ...app, ...this.options], { cwd: ROOT, stdio: 'inherit' }).status === 0;
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
      console.log(`${file}: ${passed ? 'passed' : 'failed'}${gone ? '' : '; something of it stays, see test/integ/README.md'}`);
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
