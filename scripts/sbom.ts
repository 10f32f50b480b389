import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleAll, type BundleReport } from './bundle';
import { packageFolder } from './third-party-licenses';

/*
 * Writes a CycloneDX bill of materials for each npm package, which lists the packages in its bundles. Packages that npm
 * installs next to it (peer and optional dependencies) are listed in its package.json.
 */

const ROOT = path.resolve(__dirname, '..');
const PROGRAM = path.join(ROOT, 'node_modules/@cyclonedx/cyclonedx-esbuild/bin/cyclonedx-esbuild-cli.js');

/** The published packages, by the folder of their package.json. */
const PACKAGES = [
  { folder: '.', type: 'library' },
  { folder: 'cli', type: 'application' },
] as const;

const isCommandLine = ({ outfile }: BundleReport) => path.dirname(outfile).endsWith(path.join('cli', 'dist'));

/** Modules that the build makes up: entry points of bundles of packages, and imports from them. */
const isFile = (module: string) => module !== '<stdin>' && !module.startsWith('shared:');

/**
 * All bundles of a package as one, with paths relative to the folder of the package. A bundled package is represented
 * by its package.json, because the program takes the nearest one: some packages have another, without a license, in a
 * subfolder.
 */
function merged(reports: readonly BundleReport[], folder: string): Metafile {
  const named = (module: string) => {
    const bundled = packageFolder(module);
    return path.posix.relative(folder === '.' ? '' : folder, bundled === undefined ? module : `${bundled}/package.json`);
  };
  const inputs: Metafile['inputs'] = {};
  const parts: Metafile['outputs'][string]['inputs'] = {};
  for (const { metafile } of reports) {
    for (const [module, { bytes, imports }] of Object.entries(metafile.inputs).filter(([input]) => isFile(input))) {
      const input = inputs[named(module)] ??= { bytes: 0, imports: [] };
      input.bytes += bytes;
      input.imports.push(...imports.filter(({ path: to, external }) => !external && isFile(to))
        .map((imported) => ({ ...imported, path: named(imported.path) })));
    }
    const used = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
    for (const [module, { bytesInOutput }] of used.filter(([input]) => isFile(input))) {
      (parts[named(module)] ??= { bytesInOutput: 0 }).bytesInOutput += bytesInOutput;
    }
  }
  return { inputs, outputs: { bundles: { bytes: 0, inputs: parts, imports: [], exports: [] } } };
}

/** Returns the files: one for each package. They depend only on the sources and the lock file. */
export async function writeBillsOfMaterials(outFolder: string): Promise<string[]> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'sbom-'));
  try {
    const reports = await bundleAll(work);
    fs.mkdirSync(outFolder, { recursive: true });
    return PACKAGES.map(({ folder, type }) => {
      const { name } = JSON.parse(fs.readFileSync(path.join(ROOT, folder, 'package.json'), 'utf8')) as { name: string };
      const metafile = path.join(work, `${name}.json`);
      const own = reports.filter((report) => isCommandLine(report) === (folder === 'cli'));
      fs.writeFileSync(metafile, JSON.stringify(merged(own, folder)));
      const file = path.join(outFolder, `${name}.cdx.json`);
      execFileSync(process.execPath, [
        PROGRAM, '--build-working-dir', path.join(ROOT, folder), '--mc-type', type, '--output-reproducible',
        '--validate', '--output-file', file, metafile,
      ], { stdio: ['ignore', 'ignore', 'inherit'] });
      return file;
    });
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

if (require.main === module) {
  writeBillsOfMaterials(path.join(ROOT, 'dist/sbom')).then(
    (files) => files.forEach((file) => console.log(`wrote ${path.relative(ROOT, file)}`)),
    (error: Error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
