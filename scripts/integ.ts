import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/*
 * Runs the integration tests (test/integ) on the AWS account of the shell's credentials: deploys, which is when the assertions are
 * made, and destroys, whatever came out. It does what `integ-runner` does, with the CDK command line that this project has:
 * integ-runner brings one of its own, and none that can be had yet reads the assemblies that this version of the CDK writes.
 */

const ROOT = path.resolve(__dirname, '..');
const FOLDER = 'test/integ';

function cdk(words: readonly string[], file: string, assembly: string): boolean {
  const app = `npx tsx ${path.join(FOLDER, file)}`;
  const { status } = spawnSync('npx', ['cdk', ...words, '--all', '--app', app, '--output', assembly], { cwd: ROOT, stdio: 'inherit' });
  return status === 0;
}

function main(words: readonly string[]): void {
  const [dryRun, keep] = ['--dry-run', '--keep'].map((flag) => words.includes(flag));
  const others = words.filter((word) => word !== '--dry-run' && word !== '--keep');
  const failed: string[] = [];
  for (const file of fs.readdirSync(path.join(ROOT, FOLDER)).filter((name) => /^integ\..+\.ts$/.test(name))) {
    const assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'integ-'));
    try {
      const passed = dryRun
        ? cdk(['synth', '--quiet', ...others], file, assembly)
        : cdk(['deploy', '--require-approval', 'never', ...others], file, assembly);
      const gone = dryRun || keep || cdk(['destroy', '--force', ...others], file, assembly);
      console.log(`${file}: ${passed ? 'passed' : 'failed'}${gone ? '' : '; something of it stays, see test/integ/README.md'}`);
      failed.push(...(passed && gone ? [] : [file]));
    } finally {
      fs.rmSync(assembly, { recursive: true, force: true });
    }
  }
  process.exitCode = failed.length === 0 ? 0 : 1;
}

main(process.argv.slice(2));
