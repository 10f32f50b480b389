import * as fs from 'node:fs';
import * as path from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { bundledPackages, licenseNotice } from './third-party-licenses';
import { BUNDLE_FOLDER } from '../src/contract/environment';
import { LOGGING_ROLE } from '../src/contract/logging-role';
import { FUNCTIONS } from '../src/contract/routes';

const ROOT = path.resolve(__dirname, '..');
const AUDIT_FOLDER = path.join(ROOT, 'src/audit');
const COMMAND_LINE = 'model-store';
const COMMAND_LINE_FOLDER = 'cli/dist';
/**
 * Loaded by the command line on its first request to AWS. This is two thirds of its code, and not needed for help,
 * usage errors and `verify`.
 */
const AWS_CLIENTS = 'aws-clients';
const AWS_PACKAGES = [
  '@aws-sdk/client-athena', '@aws-sdk/client-cloudtrail', '@aws-sdk/client-kms', '@aws-sdk/client-s3',
  '@aws-sdk/client-ssm', '@aws-sdk/client-sts', '@aws-sdk/credential-providers',
] as const;

/** Loaded by the command line to sign in and to refresh tokens. */
const SIGN_IN = 'sign-in';
const SIGN_IN_PACKAGES = ['openid-client'] as const;

/** Loaded by the command line to push. */
const SECRET_RULES = 'secret-rules';
const SECRET_RULES_PACKAGES = ['@secretlint/secretlint-rule-preset-recommend'] as const;

/** The output must be reproducible on every machine, because the CDK computes the asset hash of a function from it. */
const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  minify: true,
  // Licenses are in a separate file.
  legalComments: 'none',
  metafile: true,
  sourcemap: false,
  charset: 'utf8',
  // Only ES modules can be tree-shaken.
  mainFields: ['module', 'main'],
  logLevel: 'warning',
};

export interface Bundle {
  readonly name: string;
  /** A source file; absent for a bundle of packages. */
  readonly entry?: string;
  /** Packages in this bundle, which other bundles load one by one. */
  readonly packages?: readonly string[];
  readonly outfile: string;
  readonly executable?: boolean;
  /** Modules that are replaced in this bundle. */
  readonly alias?: { readonly [module: string]: string };
  /** Modules that are not bundled and that Node resolves where the bundle is installed. */
  readonly external?: readonly string[];
  /** Import specifiers that are resolved to another bundle in the same folder, at run time. */
  readonly beside?: { readonly [module: string]: string };
  /** Bundles of packages in the same folder, and their packages. */
  readonly shared?: readonly { readonly from: string; readonly packages: readonly string[] }[];
}

/** `outFolder` is the project folder or, in tests, another folder. */
export function bundles(outFolder: string = ROOT): Bundle[] {
  const functions = [...FUNCTIONS, LOGGING_ROLE.BUNDLE].map((name) => ({
    name,
    entry: `src/handlers/${name}.lambda.ts`,
    outfile: path.join(outFolder, BUNDLE_FOLDER, name, 'index.js'),
    alias: { '@aws-sdk/credential-provider-node': './src/handlers/aws/no-default-credentials.ts' },
  }));
  const commandLine = {
    name: COMMAND_LINE,
    entry: 'cli/src/model-store.ts',
    outfile: path.join(outFolder, COMMAND_LINE_FOLDER, 'model-store.js'),
    executable: true,
    // A native binary, which cannot be bundled and is only needed to audit.
    external: ['@duckdb/node-api'],
    // With DEBUG set, it would print the URL of a proxy, including the password.
    alias: { debug: './cli/src/runtime/network/no-debug.ts' },
    // Only reports need it.
    beside: { './page': './audit-report.js' },
    shared: [
      { from: `./${AWS_CLIENTS}.js`, packages: AWS_PACKAGES },
      { from: `./${SIGN_IN}.js`, packages: SIGN_IN_PACKAGES },
      { from: `./${SECRET_RULES}.js`, packages: SECRET_RULES_PACKAGES },
    ],
  };
  const awsClients = {
    name: AWS_CLIENTS,
    packages: AWS_PACKAGES,
    outfile: path.join(outFolder, COMMAND_LINE_FOLDER, `${AWS_CLIENTS}.js`),
  };
  const signIn = {
    name: SIGN_IN,
    packages: SIGN_IN_PACKAGES,
    outfile: path.join(outFolder, COMMAND_LINE_FOLDER, `${SIGN_IN}.js`),
  };
  const secretRules = {
    name: SECRET_RULES,
    packages: SECRET_RULES_PACKAGES,
    outfile: path.join(outFolder, COMMAND_LINE_FOLDER, `${SECRET_RULES}.js`),
  };
  const auditReport = {
    name: 'audit-report',
    entry: 'cli/src/audit/report/page.ts',
    outfile: path.join(outFolder, COMMAND_LINE_FOLDER, 'audit-report.js'),
  };
  // The worker threads of an audit (cli/src/audit/reader/read-logs.ts).
  const auditReader = {
    name: 'audit-reader',
    entry: 'cli/src/audit/reader/worker.ts',
    outfile: path.join(outFolder, COMMAND_LINE_FOLDER, 'audit-reader.js'),
  };
  return fs.existsSync(path.join(ROOT, commandLine.entry))
    ? [...functions, commandLine, awsClients, signIn, secretRules, auditReport, auditReader]
    : functions;
}

export interface BundleReport {
  readonly name: string;
  readonly outfile: string;
  /** In bytes. */
  readonly size: number;
  /** Source files of the bundle, relative to the project folder. */
  readonly inputs: readonly string[];
  readonly metafile: Metafile;
}

const HASHBANG = '#!/usr/bin/env node';

/** esbuild keeps a hashbang in the source, and a second one would be a syntax error. */
function hasHashbang(entry: string): boolean {
  return fs.readFileSync(path.join(ROOT, entry), 'utf8').startsWith('#!');
}

/** Resolves `beside` and `shared`. Aliases of esbuild would also apply to the subpaths of a package. */
function imports({ beside = {}, shared = [] }: Bundle): Plugin {
  const holder = (module: string) => shared.find(({ packages }) => packages.includes(module));
  return {
    name: 'imports',
    setup({ onLoad, onResolve, onEnd }) {
      const wanted = new Set([
        ...Object.keys(beside), ...shared.flatMap(({ packages }) => packages),
      ]);
      onEnd(() => (wanted.size === 0 ? undefined : {
        errors: [{ text: `unused imports in the configuration: ${[...wanted].join(', ')}` }],
      }));
      onResolve({ filter: /^/ }, ({ path: module }) => {
        wanted.delete(module);
        if (shared.some(({ from }) => module === from)) {
          return { path: module, external: true };
        }
        if (holder(module)) {
          return { path: module, namespace: 'shared' };
        }
        return Object.hasOwn(beside, module) ? { path: beside[module], external: true } : undefined;
      });
      onLoad({ filter: /^/, namespace: 'shared' }, ({ path: module }) => (
        { contents: `module.exports = require(${JSON.stringify(holder(module)!.from)})`
          + `.load(${JSON.stringify(module)});` }));
    },
  };
}

/** Source of a bundle that evaluates each package when it is first loaded. */
function loaderOf(packages: readonly string[]): string {
  const cases = packages.map((name) => `case ${JSON.stringify(name)}: return require(${JSON.stringify(name)});`);
  return `exports.load = (name) => { switch (name) { ${cases.join(' ')} } };`;
}

async function buildOne(bundle: Bundle): Promise<BundleReport> {
  const { name, entry, packages = [], outfile, executable, alias, external = [] } = bundle;
  const { metafile } = await build({
    ...COMMON,
    ...(entry === undefined ? { stdin: { contents: loaderOf(packages), resolveDir: ROOT } } : { entryPoints: [entry] }),
    outfile,
    target: 'node20',
    alias: { ...alias },
    external: [...external],
    plugins: [imports(bundle)],
    define: { MODEL_STORE_VERSION: JSON.stringify(commandLineVersion()) },
    banner: executable && entry !== undefined && !hasHashbang(entry) ? { js: HASHBANG } : undefined,
  });
  // File modes must not depend on git, npm or the file system.
  fs.chmodSync(outfile, executable ? 0o755 : 0o644);
  return { name, outfile, size: fs.statSync(outfile).size, inputs: Object.keys(metafile!.inputs), metafile: metafile! };
}

function commandLineVersion(): string {
  return (JSON.parse(fs.readFileSync(path.join(ROOT, 'cli/package.json'), 'utf8')) as { version: string }).version;
}

/**
 * Writes the licenses next to the folders of the functions, not into them, so that a changed license text does not
 * change a function.
 */
function writeLicenses(reports: readonly BundleReport[]): void {
  const folders = new Map<string, string[]>();
  for (const { outfile, inputs } of reports) {
    const folder = path.dirname(outfile).endsWith(COMMAND_LINE_FOLDER)
      ? path.dirname(outfile)
      : path.dirname(path.dirname(outfile));
    folders.set(folder, [...folders.get(folder) ?? [], ...inputs]);
  }
  for (const [folder, inputs] of folders) {
    fs.writeFileSync(path.join(folder, 'THIRD-PARTY-LICENSES.txt'), licenseNotice(bundledPackages(ROOT, inputs)));
  }
}

/** Copies the audit queries next to the bundle of the command line, and removes those that no longer exist. */
function copySql(outfile: string): void {
  const folder = path.join(path.dirname(outfile), 'sql');
  fs.rmSync(folder, { recursive: true, force: true });
  const queries = fs.readdirSync(path.join(AUDIT_FOLDER, 'queries')).filter((file) => file.endsWith('.sql')).sort();
  for (const file of [...queries.map((name) => `queries/${name}`), 'views/duckdb.sql', 'views/shared.sql']) {
    const copy = path.join(folder, file);
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    fs.writeFileSync(copy, fs.readFileSync(path.join(AUDIT_FOLDER, file)));
    fs.chmodSync(copy, 0o644);
  }
}

export async function bundleAll(outFolder?: string): Promise<BundleReport[]> {
  const reports = await Promise.all(bundles(outFolder).map(buildOne));
  writeLicenses(reports);
  reports.filter(({ name }) => name === COMMAND_LINE).forEach(({ outfile }) => copySql(outfile));
  return reports;
}

if (require.main === module) {
  bundleAll().then(
    (reports) => reports.forEach(({ name, outfile, size }) =>
      console.log(`${name.padEnd(12)} ${String(Math.ceil(size / 1024)).padStart(6)} KiB  `
        + path.relative(ROOT, outfile))),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
