import * as fs from 'node:fs';
import * as path from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { bundledPackages, licenseNotice } from './third-party-licenses';
import { BUNDLE_FOLDER } from '../src/contract/environment';
import { LOGGING_ROLE } from '../src/contract/logging-role';
import { FUNCTIONS } from '../src/contract/routes';

const ROOT = path.resolve(__dirname, '..');
const AUDIT_FOLDER = path.join(ROOT, 'src/audit');
const COMMAND_LINE = 'model-store';
const COMMAND_LINE_FOLDER = 'cli/dist';
/**
 * What the command line loads when it first talks to AWS by itself: three quarters of all its code, which help, a mistyped
 * command and `verify` never need.
 */
const AWS_CLIENTS = 'aws-clients';
const AWS_PACKAGES = [
  '@aws-sdk/client-athena', '@aws-sdk/client-cloudtrail', '@aws-sdk/client-s3', '@aws-sdk/client-ssm',
  '@aws-sdk/client-sts', '@aws-sdk/credential-providers',
] as const;

/** What the command line loads to sign in, and to renew a sign-in. */
const SIGN_IN = 'sign-in';
const SIGN_IN_PACKAGES = ['openid-client'] as const;

/** Nothing in the output may depend on where or when it was made: the CDK takes a function's asset hash from these bytes. */
const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  minify: true,
  // Licences stand in a file of their own.
  legalComments: 'none',
  metafile: true,
  sourcemap: false,
  charset: 'utf8',
  // The ES module form of a package can be tree-shaken.
  mainFields: ['module', 'main'],
  logLevel: 'warning',
};

export interface Bundle {
  readonly name: string;
  /** A file of the project; not of a bundle of packages. */
  readonly entry?: string;
  /** Packages that this bundle is made of, for others to load one by one. */
  readonly packages?: readonly string[];
  readonly outfile: string;
  readonly executable?: boolean;
  /** Modules that are replaced in this bundle. */
  readonly alias?: { readonly [module: string]: string };
  /** Modules that are left out, for Node to find where the bundle is installed. */
  readonly external?: readonly string[];
  /** Imports, word for word, that a file of the project answers: what of a package the bundle needs. */
  readonly parts?: { readonly [module: string]: string };
  /** Imports, word for word, that another bundle in the same folder answers, when they are needed. */
  readonly beside?: { readonly [module: string]: string };
  /** Bundles of packages in the same folder, and what each of them holds. */
  readonly shared?: readonly { readonly from: string; readonly packages: readonly string[] }[];
}

/** `outFolder` is the project, or a folder that stands in for it. */
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
    // A binary, and only needed to audit.
    external: ['@duckdb/node-api'],
    // With DEBUG set it would print the address of a proxy, password included.
    alias: { debug: './cli/src/runtime/network/no-debug.ts' },
    // Nobody waits for a library of charts to be loaded before a push.
    beside: { './page': './audit-report.js' },
    shared: [{ from: `./${AWS_CLIENTS}.js`, packages: AWS_PACKAGES }, { from: `./${SIGN_IN}.js`, packages: SIGN_IN_PACKAGES }],
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
  const auditReport = {
    name: 'audit-report',
    entry: 'cli/src/audit/report/page.ts',
    outfile: path.join(outFolder, COMMAND_LINE_FOLDER, 'audit-report.js'),
    parts: { echarts: 'cli/src/audit/report/echarts-parts.mts' },
  };
  // What an audit starts on several threads (cli/src/audit/reader/read-logs.ts).
  const auditReader = {
    name: 'audit-reader',
    entry: 'cli/src/audit/reader/worker.ts',
    outfile: path.join(outFolder, COMMAND_LINE_FOLDER, 'audit-reader.js'),
  };
  return fs.existsSync(path.join(ROOT, commandLine.entry)) ? [...functions, commandLine, awsClients, signIn, auditReport, auditReader] : functions;
}

export interface BundleReport {
  readonly name: string;
  readonly outfile: string;
  /** In bytes. */
  readonly size: number;
  /** The files that went into it, relative to the project. */
  readonly inputs: readonly string[];
}

const HASHBANG = '#!/usr/bin/env node';

/** esbuild keeps one that is there, and a second one would be a syntax error. */
function hasHashbang(entry: string): boolean {
  return fs.readFileSync(path.join(ROOT, entry), 'utf8').startsWith('#!');
}

/** esbuild's own aliases would hold for everything below a package too. */
function imports({ parts = {}, beside = {}, shared = [] }: Bundle): Plugin {
  const holder = (module: string) => shared.find(({ packages }) => packages.includes(module));
  return {
    name: 'imports',
    setup({ onLoad, onResolve, onEnd }) {
      const wanted = new Set([...Object.keys(parts), ...Object.keys(beside), ...shared.flatMap(({ packages }) => packages)]);
      onEnd(() => (wanted.size === 0 ? undefined : { errors: [{ text: `nothing imports ${[...wanted].join(', ')} any more` }] }));
      onResolve({ filter: /^/ }, ({ path: module }) => {
        wanted.delete(module);
        if (Object.hasOwn(parts, module)) {
          return { path: path.join(ROOT, parts[module]) };
        }
        if (shared.some(({ from }) => module === from)) {
          return { path: module, external: true };
        }
        if (holder(module)) {
          return { path: module, namespace: 'shared' };
        }
        return Object.hasOwn(beside, module) ? { path: beside[module], external: true } : undefined;
      });
      onLoad({ filter: /^/, namespace: 'shared' }, ({ path: module }) => (
        { contents: `module.exports = require(${JSON.stringify(holder(module)!.from)}).load(${JSON.stringify(module)});` }));
    },
  };
}

/** Each package is run when it is first asked for, and not before. */
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
  // What git, npm and other file systems do to modes must not show in an asset.
  fs.chmodSync(outfile, executable ? 0o755 : 0o644);
  return { name, outfile, size: fs.statSync(outfile).size, inputs: Object.keys(metafile!.inputs) };
}

function commandLineVersion(): string {
  return (JSON.parse(fs.readFileSync(path.join(ROOT, 'cli/package.json'), 'utf8')) as { version: string }).version;
}

/** Beside the functions' folders and not in them: the licences of a new SDK version alone change no function. */
function writeLicenses(reports: readonly BundleReport[]): void {
  const folders = new Map<string, string[]>();
  for (const { outfile, inputs } of reports) {
    const folder = path.dirname(outfile).endsWith(COMMAND_LINE_FOLDER) ? path.dirname(outfile) : path.dirname(path.dirname(outfile));
    folders.set(folder, [...folders.get(folder) ?? [], ...inputs]);
  }
  for (const [folder, inputs] of folders) {
    fs.writeFileSync(path.join(folder, 'THIRD-PARTY-LICENSES.txt'), licenseNotice(bundledPackages(ROOT, inputs)));
  }
}

/** What the command line asks logs with, beside its bundle. What is no question any more goes. */
function copySql(outfile: string): void {
  const folder = path.join(path.dirname(outfile), 'sql');
  fs.rmSync(folder, { recursive: true, force: true });
  const queries = fs.readdirSync(path.join(AUDIT_FOLDER, 'queries')).filter((file) => file.endsWith('.sql')).sort();
  for (const file of [...queries.map((name) => `queries/${name}`), 'views/duckdb.sql']) {
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
      console.log(`${name.padEnd(12)} ${String(Math.ceil(size / 1024)).padStart(6)} KiB  ${path.relative(ROOT, outfile)}`)),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
