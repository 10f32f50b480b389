import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

interface Packed {
  readonly name: string;
  readonly unpackedSize: number;
  readonly files: { path: string; mode: number }[];
}

function pack(...options: string[]): Packed {
  const answer = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', ...options], {
    cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], shell: process.platform === 'win32',
  })) as Packed[] | Record<string, Packed>;
  // An array up to npm 11, an object by name from 12 on.
  return Object.values(answer)[0];
}

const library = pack();
const commandLine = pack('--workspace', 'cli');
const pathsOf = ({ files }: Packed) => files.map(({ path: file }) => file);
const manifest = (folder: string) => JSON.parse(fs.readFileSync(path.join(ROOT, folder, 'package.json'), 'utf8')) as Record<string, any>;

describe('the package of the library', () => {
  test('has, in addition to compiled files, exactly these files', () => {
    const rest = pathsOf(library).filter((file) => !/^(lib|rosetta)\//.test(file));
    expect(rest.sort()).toEqual([
      '.jsii', '.jsii.tabl.json.gz', 'API.md', 'LICENSE', 'NOTICE', 'README.md', 'SECURITY.md', 'assets/THIRD-PARTY-LICENSES.txt',
      'assets/download/index.js', 'assets/logging-role/index.js', 'assets/registry/index.js', 'assets/upload/index.js', 'openapi/model-store.openapi.json', 'package.json',
    ]);
  });

  test('has code and types for every source, and the queries', () => {
    const sources = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).map((file) => file.split(path.sep).join('/'));
    const code = sources.filter((file) => file.endsWith('.ts') && !file.startsWith('handlers/')).map((file) => file.replace(/\.ts$/, ''));
    const expected = [...code.flatMap((file) => [`lib/${file}.js`, `lib/${file}.d.ts`]), ...sources.filter((file) => file.endsWith('.sql')).map((file) => `lib/${file}`)];
    const packed = new Set(pathsOf(library));
    // After a new source file: `npm run compile`.
    expect(expected.filter((file) => !packed.has(file))).toEqual([]);
    expect(expected.length).toBeGreaterThan(100);
  });

  test('has no function sources, tests, command-line files or source maps', () => {
    expect(pathsOf(library).filter((file) => /handlers|\.lambda\.|\.test\.|\.map$|\.tsbuildinfo$|^(cli|test|src|scripts|docs|examples)\//.test(file))).toEqual([]);
    expect(pathsOf(library).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).toEqual([]);
  });

  test('has at most 8 MiB unpacked', () => {
    expect(library.unpackedSize).toBeLessThan(8 * 1024 * 1024);
  });

  test('installs only its peer dependencies', () => {
    expect(Object.keys(manifest('.').peerDependencies).sort()).toEqual(['aws-cdk-lib', 'cdk-nag', 'constructs']);
    expect(manifest('.')).not.toHaveProperty('dependencies');
  });
});

describe('the package of the command line', () => {
  test('has these files and no others', () => {
    const questions = fs.readdirSync(path.join(ROOT, 'src/audit/queries')).filter((file) => file.endsWith('.sql')).map((file) => `dist/sql/queries/${file}`);
    const programs = pathsOf(commandLine).filter((file) => /^dist\/[^/]+\.js$/.test(file));
    expect(programs).toContain('dist/model-store.js');
    expect(pathsOf(commandLine).sort()).toEqual([
      'LICENSE', 'NOTICE', 'README.md', 'package.json', 'dist/THIRD-PARTY-LICENSES.txt', 'dist/sql/views/duckdb.sql', 'dist/sql/views/shared.sql',
      ...questions, ...programs,
    ].sort());
  });

  test('can be executed', () => {
    const { mode } = commandLine.files.find(({ path: file }) => file === manifest('cli').bin['model-store'])!;
    expect(mode.toString(8)).toMatch(/755$/);
  });

  test('installs no unnecessary packages', () => {
    expect(manifest('cli')).not.toHaveProperty('dependencies');
    expect(Object.keys(manifest('cli').optionalDependencies)).toEqual(['@duckdb/node-api']);
  });
});

test('both packages have the same license and notice, and name their repository, as provenance requires', () => {
  for (const file of ['LICENSE', 'NOTICE']) {
    expect(fs.readFileSync(path.join(ROOT, 'cli', file), 'utf8').trim()).toBe(fs.readFileSync(path.join(ROOT, file), 'utf8').trim());
  }
  expect(manifest('cli').repository).toEqual({ ...manifest('.').repository, directory: 'cli' });
  for (const folder of ['.', 'cli']) {
    expect(manifest(folder)).toMatchObject({ license: 'Apache-2.0', homepage: expect.any(String), bugs: { url: expect.any(String) }, publishConfig: { access: 'public' } });
  }
});

test('the code of functions does not depend on the version, so a release without changes deploys nothing', () => {
  const sources = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(sources.filter((file) => fs.readFileSync(path.join(ROOT, 'src', file), 'utf8').includes('MODEL_STORE_VERSION'))).toEqual([]);
});

test('the package has everything that Construct Hub requires', () => {
  expect(manifest('.').keywords).toEqual(expect.arrayContaining(['aws', 'cdk', 'awscdk', 'aws-cdk']));
  expect(manifest('.')).toMatchObject({ stability: 'stable', license: 'Apache-2.0', jsii: { targets: { java: {}, python: {}, dotnet: {}, go: {} } } });
  expect(manifest('.').constructHub.packageLinks).toEqual({ Documentation: expect.stringContaining('/docs'), Changelog: expect.stringContaining('/releases') });
});
