import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..', '..');
const REPOSITORY = path.join(ROOT, 'test', 'consumers', 'snapshot');
const JEST = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
const LIBRARY = 'secure-model-artifact-store';

export interface TestRun {
  /** The result of each test in the repository, by name. */
  readonly tests: { readonly [name: string]: 'passed' | 'failed' };
  /** The Jest messages of those that failed. */
  readonly messages: string;
}

/** A checkout of the example consumer repository, with its dependencies installed. */
export class ConsumerRepository {
  constructor(private readonly folder: string) {
    fs.cpSync(REPOSITORY, folder, { recursive: true, filter: (file) => !['node_modules', 'cdk.out', '__snapshots__'].includes(path.basename(file)) });
    fs.mkdirSync(path.join(folder, 'node_modules'));
    for (const name of fs.readdirSync(path.join(ROOT, 'node_modules'))) {
      fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(folder, 'node_modules', name), 'junction');
    }
  }

  /** Switches to another build of the library, as `npm update` does. */
  public install(library: string): this {
    const place = path.join(this.folder, 'node_modules', LIBRARY);
    fs.rmSync(place, { force: true });
    fs.symlinkSync(library, place, 'junction');
    return this;
  }

  /** Runs `npm test` as on a developer's machine, where new snapshots are written. */
  public record(): TestRun {
    return this.test('--ci=false');
  }

  /** Runs its snapshot tests as in CI, without writing snapshots. `setup` is loaded before the tests. */
  public verifySnapshots(setup?: string): TestRun {
    return this.test('--ci', '--testPathPatterns', 'models-stack', ...setup === undefined ? [] : ['--setupFiles', setup]);
  }

  private test(...options: string[]): TestRun {
    const report = path.join(this.folder, 'report.json');
    const { stderr } = spawnSync(process.execPath, [JEST, '--rootDir', this.folder, '--json', '--outputFile', report, '--runInBand', ...options], {
      cwd: this.folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, env: { ...process.env, CDK_VALIDATION: 'false', FORCE_COLOR: '0' },
    });
    if (!fs.existsSync(report)) {
      throw new Error(`the consumer's tests did not run: ${stderr}`);
    }
    const { testResults } = JSON.parse(fs.readFileSync(report, 'utf8')) as {
      testResults: { message: string; assertionResults: { title: string; status: 'passed' | 'failed' }[] }[];
    };
    fs.rmSync(report);
    return {
      tests: Object.fromEntries(testResults.flatMap(({ assertionResults }) => assertionResults.map(({ title, status }) => [title, status]))),
      messages: testResults.map(({ message }) => message).join('\n'),
    };
  }
}
