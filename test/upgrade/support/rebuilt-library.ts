import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(__dirname, '..', '..', '..');
const TSX = require.resolve('tsx/cli');

/** The files that the build of the library reads. */
const SOURCES = ['src', 'scripts', 'package.json', 'cli/package.json'];

export interface Rebuild {
  /** The folder that the repository is copied to. */
  readonly folder: string;
  /** The changes to the copy before it is built. */
  readonly change?: (folder: string) => void;
  /** A module that the build scripts load first. */
  readonly preload?: string;
}

/**
 * Builds the library from a copy of the repository: its functions with the script that builds a release, and its
 * constructs without type checks, which no template depends on.
 */
export function rebuildLibrary({ folder, change, preload }: Rebuild): string {
  for (const source of SOURCES) {
    fs.cpSync(path.join(ROOT, source), path.join(folder, source), { recursive: true });
  }
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  change?.(folder);
  for (const script of ['scripts/bundle.ts', 'scripts/copy-queries.ts']) {
    const options = preload === undefined ? [] : ['--require', preload];
    execFileSync(process.execPath, [TSX, ...options, script], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  buildSync({ absWorkingDir: folder, entryPoints: constructs(path.join(folder, 'src')), outdir: 'lib', outbase: 'src', format: 'cjs', platform: 'node' });
  return folder;
}

/** All that jsii compiles. */
function constructs(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('handlers'))
    .map((file) => path.join(folder, file));
}
