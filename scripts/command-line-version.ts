import * as fs from 'node:fs';
import * as path from 'node:path';

/** Library and command line are released together, under one version: a release writes it into package.json alone. */
export function commandLineVersion(root: string): string {
  const { version } = read(path.join(root, 'package.json'));
  const file = path.join(root, 'cli/package.json');
  fs.writeFileSync(file, `${JSON.stringify({ ...read(file), version }, undefined, 2)}\n`);
  return version;
}

function read(file: string): { version: string } {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string };
}

if (require.main === module) {
  console.log(`cli/package.json has the version ${commandLineVersion(process.cwd())}`);
}
