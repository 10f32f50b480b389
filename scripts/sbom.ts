import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleAll, type BundleReport } from './bundle';

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

/** All bundles of a package as one, with paths relative to the folder of the package. */
function merged(reports: readonly BundleReport[], folder: string): Metafile {
  const relative = (file: string) => path.posix.relative(folder === '.' ? '' : folder, file);
  const renamed = <T>(files: { readonly [file: string]: T }) =>
    Object.entries(files).map(([file, value]) => [relative(file), value] as const);
  return {
    inputs: Object.fromEntries(reports.flatMap(({ metafile }) => renamed(metafile.inputs)).map(([file, input]) => [
      file, { ...input, imports: input.imports.map((imported) => (
        imported.external ? imported : { ...imported, path: relative(imported.path) })) },
    ])),
    outputs: Object.fromEntries(reports.flatMap(({ name, metafile }) => Object.values(metafile.outputs)
      .map((output) => [name, {
        ...output,
        inputs: Object.fromEntries(renamed(output.inputs)),
        ...output.entryPoint === undefined ? {} : { entryPoint: relative(output.entryPoint) },
      }]))),
  };
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
