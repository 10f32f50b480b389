import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { COMMIT_TYPES } from '../../projenrc/commits';
import { SLOW_SUITES } from '../../projenrc/jest-projects';
import { INSTALL_TEST_TOOLS } from '../../projenrc/workflow-jobs';

const FOLDER = path.resolve(__dirname, '../../.github/workflows');

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Record<string, string>;
  readonly with?: Record<string, unknown>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string | string[];
  readonly permissions?: Record<string, string>;
  readonly environment?: string;
  readonly steps: Step[];
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions?: unknown;
  readonly jobs: Record<string, Job>;
}

const texts = Object.fromEntries(fs.readdirSync(FOLDER).map((file) => [path.parse(file).name, fs.readFileSync(path.join(FOLDER, file), 'utf8')]));
const workflows = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, parse(text) as Workflow]));
const jobs = Object.entries(workflows).flatMap(([workflow, { jobs: all }]) => Object.entries(all).map(([id, job]) => ({ name: `${workflow}/${id}`, id, job })));
const { release } = workflows;

const secretsOf = (job: Job) => [...new Set(JSON.stringify(job).match(/secrets\.\w+/g) ?? [])].map((secret) => secret.slice('secrets.'.length)).sort();
const needsOf = ({ needs = [] }: Job) => [needs].flat();
/** Everything that has to be done before. */
const before = (id: string): string[] => needsOf(release.jobs[id]).flatMap((need) => [need, ...before(need)]);
const installsDependencies = ({ steps }: Job) => steps.some(({ run = '' }) => /npm (ci|install|update)|\.ci\/run/.test(run));
const publishers = jobs.filter(({ name }) => name.startsWith('release/release_'));

test('each job has exactly the permissions that it needs', () => {
  const permissions = Object.fromEntries(jobs.map(({ name, job }) => [name, job.permissions]).filter(([, value]) =>
    JSON.stringify(value) !== JSON.stringify({ contents: 'read' })));
  expect(permissions).toEqual({
    'pull-request-lint/validate': { 'pull-requests': 'read' },
    'release/attest': { contents: 'read', 'id-token': 'write', attestations: 'write' },
    'release/release_npm': { contents: 'read', 'id-token': 'write' },
    'release/release_pypi': { contents: 'read', 'id-token': 'write' },
    'release/release_nuget': { contents: 'read', 'id-token': 'write' },
    'release/release_github': { contents: 'write' },
  });
  expect(Object.values(workflows).map(({ permissions: ofAll }) => ofAll)).toEqual(Object.values(workflows).map(() => undefined));
});

test('secrets are available only where they are needed', () => {
  const secrets = Object.fromEntries(jobs.map(({ name, job }) => [name, secretsOf(job)]).filter(([, { length }]) => length > 0));
  expect(secrets).toEqual({
    'pull-request-lint/validate': ['GITHUB_TOKEN'],
    'release/release_github': ['GITHUB_TOKEN'],
    'release/release_golang': ['GO_GITHUB_DEPLOY_KEY'],
    'release/release_maven': ['MAVEN_GPG_PRIVATE_KEY', 'MAVEN_GPG_PRIVATE_KEY_PASSPHRASE', 'MAVEN_PASSWORD', 'MAVEN_USERNAME'],
    'release/release_nuget': ['NUGET_USERNAME'],
    'release/propose_record': ['PROJEN_GITHUB_TOKEN'],
    'upgrade-main/pr': ['PROJEN_GITHUB_TOKEN'],
  });
});

test.each(jobs)('$name either installs the repository dependencies, or has write access and secrets', ({ job }) => {
  const privileged = Object.values(job.permissions!).includes('write') || secretsOf(job).length > 0 || job.environment !== undefined;
  expect(installsDependencies(job) && privileged).toBe(false);
});

test.each(jobs)('$name leaves no git credentials for the code that it runs', ({ job }) => {
  for (const { uses, with: options } of job.steps.filter(({ uses: action = '' }) => action.startsWith('actions/checkout@'))) {
    expect([uses, options]).toEqual([uses, expect.objectContaining({ 'persist-credentials': false })]);
  }
});

test('workflows with secrets on pull requests from forks do not check out their code', () => {
  const dangerous = Object.entries(workflows).filter(([, { on }]) => 'pull_request_target' in on || 'workflow_run' in on);
  expect(dangerous.map(([name]) => name)).toEqual(['pull-request-lint']);
  const steps = dangerous.flatMap(([, { jobs: all }]) => Object.values(all)).flatMap(({ steps: of }) => of);
  expect(steps.map(({ uses }) => uses)).toEqual([expect.stringMatching(/^amannn\/action-semantic-pull-request@[0-9a-f]{40}$/)]);
});

test('no untrusted text is inserted into a script', () => {
  const scripts = jobs.flatMap(({ job }) => job.steps.map(({ run = '' }) => run));
  expect(scripts.filter((script) => /\$\{\{[^}]*github\.(event|head_ref|ref_name)/.test(script))).toEqual([]);
});

/** Releases that GitHub holds fixed ("immutable releases"), so that their tag cannot be moved. */
const FIXED_TAG = /^(actions\/setup-(node|java|python|dotnet|go)|peter-evans\/create-pull-request)@v\d+\.\d+\.\d+$/;

test('actions are pinned', () => {
  const actions = [...new Set(jobs.flatMap(({ job }) => job.steps.flatMap(({ uses }) => uses ?? [])))];
  expect(actions.length).toBeGreaterThan(5);
  expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action) && !FIXED_TAG.test(action))).toEqual([]);
});

test('no workflow contains the address of a package registry', () => {
  for (const text of Object.values(texts)) {
    expect(text).not.toMatch(/registry|https?:\/\/(?!github\.com\/)/i);
  }
});

describe('a release', () => {
  test('is started manually, only from main', () => {
    expect(Object.keys(release.on)).toEqual(['workflow_dispatch']);
    expect(release.jobs.release.if).toBe("github.ref == 'refs/heads/main'");
    expect(Object.entries(release.jobs).filter(([id]) => id !== 'release' && !before(id).includes('release'))).toEqual([]);
  });

  test('publishes in an environment that requires approval', () => {
    expect(publishers.map(({ job }) => job.environment)).toEqual(publishers.map(() => 'release'));
    expect(jobs.filter(({ job }) => job.environment !== undefined)).toEqual(publishers);
  });

  test('publishes only after everything is tested, built and attested', () => {
    expect(publishers.map(({ id }) => id).sort()).toEqual(['github', 'golang', 'maven', 'npm', 'nuget', 'pypi'].map((to) => `release_${to}`));
    for (const { id } of publishers) {
      expect(before(id)).toEqual(expect.arrayContaining(['release', 'attest', 'package_java', 'package_python', 'package_dotnet', 'package_go']));
    }
  });

  test('is announced on GitHub, with its changelog, after everything is published', () => {
    expect(needsOf(release.jobs.release_github)).toEqual(expect.arrayContaining(publishers.map(({ id }) => id).filter((id) => id !== 'release_github')));
    expect(release.jobs.release_github.steps.at(-1)).toMatchObject({ env: { CHANGELOG_FILE: 'dist/changelog.md' } });
  });

  test('has the attested bills of materials attached, which the build makes', () => {
    const { tasks } = JSON.parse(fs.readFileSync(path.resolve(FOLDER, '../../.projen/tasks.json'), 'utf8')) as { tasks: Record<string, { steps: { spawn?: string; condition?: string }[] }> };
    expect(tasks.package.steps).toContainEqual({ spawn: 'package:sbom' });
    expect(release.jobs.release_github.steps.at(-1)!.run).toMatch(/gh release create [^\n]* dist\/sbom\/\*\.cdx\.json$/);
    expect(release.jobs.attest.steps.at(-1)!.with!['subject-path']).toContain('dist/sbom/*.cdx.json');
  });

  test('publishes library and command line to npm, with provenance and without a token', () => {
    const steps = release.jobs.release_npm.steps.filter(({ run }) => run !== undefined);
    expect(steps.map(({ run }) => run)).toEqual([
      expect.stringMatching(/^npx '-p' 'publib@\d+\.\d+\.\d+' 'publib-npm'$/),
      expect.stringMatching(/^npx '-p' 'publib@\d+\.\d+\.\d+' 'publib-npm' dist\/cli$/),
    ]);
    for (const { env } of steps) {
      expect(env).toMatchObject({ NPM_CONFIG_PROVENANCE: 'true', NPM_TRUSTED_PUBLISHER: 'true' });
      expect(env).not.toHaveProperty('NPM_TOKEN');
    }
  });

  test('needs no token for PyPI or NuGet, and keeps attestations enabled', () => {
    expect(release.jobs.release_pypi.steps.at(-1)!.env).toMatchObject({ PYPI_TRUSTED_PUBLISHER: 'true' });
    expect(release.jobs.release_pypi.steps.at(-1)!.env).not.toHaveProperty('PYPI_DISABLE_ATTESTATIONS');
    expect(release.jobs.release_nuget.steps.at(-1)!.env).toMatchObject({ NUGET_TRUSTED_PUBLISHER: 'true' });
  });

  test('uses the Publisher Portal of Maven Central', () => {
    expect(release.jobs.release_maven.steps.at(-1)!.env).toMatchObject({ MAVEN_SERVER_ID: 'central-ossrh' });
  });

  test('pushes the Go module with a key for one repository, to a known host', () => {
    const { steps } = release.jobs.release_golang;
    expect(steps.at(-1)!.env).toMatchObject({ GITHUB_USE_SSH: 'true' });
    expect(steps.some(({ run = '' }) => run.includes('known_hosts'))).toBe(true);
  });

  test('runs no install scripts and one reviewed version of the publisher', () => {
    const steps = publishers.flatMap(({ job }) => job.steps).filter(({ run = '' }) => run.startsWith('npx'));
    expect(steps).toHaveLength(6);
    for (const { run, env } of steps) {
      expect(run).toMatch(/^npx '-p' 'publib@\d+\.\d+\.\d+' /);
      expect(env).toMatchObject({ NPM_CONFIG_IGNORE_SCRIPTS: 'true' });
    }
  });

  test('is recorded after publication, for comparison with later ones', () => {
    expect(before('record')).toContain('release_github');
    expect(release.jobs.record.if).toContain('!inputs.dry_run');
    expect(release.jobs.record.steps.map(({ run }) => run)).toContain('npx projen record-release "$(cat dist/version.txt)"');
    const records = 'test/upgrade/releases';
    expect(release.jobs.record.steps.at(-1)).toMatchObject({ with: { path: records } });
    expect(release.jobs.propose_record.steps.slice(-2)).toEqual([
      expect.objectContaining({ with: { 'artifact-ids': '${{ needs.record.outputs.artifact_id }}', path: records } }),
      expect.objectContaining({ with: expect.objectContaining({ 'add-paths': records }) }),
    ]);
    expect(fs.existsSync(path.resolve(FOLDER, '../..', records))).toBe(true);
  });

  test('can be rehearsed: a dry run publishes, attests and announces nothing', () => {
    for (const { uses, run = '', if: condition, env } of Object.values(release.jobs).flatMap(({ steps }) => steps)) {
      if (run.startsWith('npx \'-p\' \'publib')) {
        expect(env).toMatchObject({ PUBLIB_DRYRUN: '${{ inputs.dry_run }}' });
      } else if (run.includes('gh release') || uses?.startsWith('actions/attest')) {
        expect(condition).toBe('${{ !inputs.dry_run }}');
      }
    }
  });
});

describe('a pull request', () => {
  const { build } = workflows;

  test('must be titled like a commit', () => {
    const { types } = workflows['pull-request-lint'].jobs.validate.steps[0].with as { types: string };
    expect(types.split('\n')).toEqual(COMMIT_TYPES.map(({ type }) => type));
  });

  test('runs everything on the Node.js version in .nvmrc, with the script that maintainers run', () => {
    const node = fs.readFileSync(path.resolve(FOLDER, '../../.nvmrc'), 'utf8').trim();
    expect(build.jobs.proof.steps[0]).toMatchObject({ with: { 'node-version': node } });
    expect(build.jobs.proof.steps.at(-1)!.run).toBe('.ci/run');
  });

  test('runs the quick and local tests on the other supported Node.js versions', () => {
    expect(build.jobs.nodes).toMatchObject({ strategy: { matrix: { node: ['20', '24'] } } });
    expect(build.jobs.nodes.steps.at(-1)!.run).toBe('npx projen jest -- --selectProjects unit local');
  });

  test('runs every slow suite exactly once', () => {
    const root = path.resolve(FOLDER, '../..');
    const { projects } = JSON.parse(fs.readFileSync(path.join(root, 'jest.config.json'), 'utf8')) as {
      projects: { displayName: string; testPathIgnorePatterns: string[] }[];
    };
    expect(SLOW_SUITES.filter((file) => !fs.existsSync(file.replace('<rootDir>', root)))).toEqual([]);
    expect(projects.find(({ displayName }) => displayName === 'unit')!.testPathIgnorePatterns).toEqual(expect.arrayContaining(SLOW_SUITES));
  });

  test('is rejected if a dependency has an advisory of severity high or above, or no valid signature', () => {
    // Packages in the bundles are development dependencies, so these must not be left out.
    expect(build.jobs.dependencies.steps.map(({ run }) => run).slice(-2)).toEqual(['npm audit --audit-level=high', 'npm audit signatures']);
  });

  test('is tested with the newest CDK, and built against the oldest', () => {
    expect(build.jobs.newest.steps.map(({ run }) => run)).toContain('npm install --no-save aws-cdk-lib@2 constructs@10 cdk-nag@3');
  });

  test('is tested, built and released where all test tools are installed', () => {
    const { run } = INSTALL_TEST_TOOLS;
    for (const job of [build.jobs.build, build.jobs.nodes, build.jobs.newest, release.jobs.release]) {
      const runs = job.steps.map((step) => step.run ?? '');
      expect(runs).toContain(run);
      expect(runs.indexOf(run!)).toBeLessThan(runs.findIndex((command) => /projen (build|release|jest)/.test(command)));
    }
    expect(fs.readFileSync(path.resolve(FOLDER, '../../.ci/run'), 'utf8')).toContain(run);
  });

  test('has its command line tested on macOS and Windows', () => {
    expect(build.jobs.systems).toMatchObject({ strategy: { matrix: { include: [{ system: 'macos-latest' }, { system: 'windows-latest' }] } } });
    const { include } = (build.jobs.systems as unknown as { strategy: { matrix: { include: { tests: string }[] } } }).strategy.matrix;
    const tests = fs.readdirSync(path.resolve(FOLDER, '../../cli/test'));
    for (const file of include.flatMap(({ tests: these }) => these.split(' ')).filter((these) => these !== 'cli/test')) {
      expect(tests).toContain(`${path.basename(file)}.test.ts`);
    }
  });

  test('must include its generated files: no workflow pushes them', () => {
    expect(texts.build).not.toContain('git push');
    expect(texts.build).not.toContain('npm install\n');
  });
});
