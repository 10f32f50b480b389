import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { generateGoDependencies, pack } from '../../../scripts/packages/pack';
import { CACHE } from '../../../scripts/packages/python';
import type { Language } from '../../../scripts/packages/tool-chains';
import { withLock } from '../../local/rig/lock';
import { PROJECT_ROOT } from '../../local/rig/paths';

/** All that goes into a package, and what makes it. */
const PACKED = [
  'package.json', '.jsii', '.jsii.tabl.json.gz', 'README.md', 'lib', 'assets', 'openapi', 'node_modules/jsii-pacmak/package.json', 'scripts/packages',
];

/** The folder with the package of a language, as it would be published; made once for each state of the library. */
export async function packed(language: Language): Promise<string> {
  return withLock(path.join(CACHE, 'dist', `${language}.lock`), async () => {
    const root = path.join(CACHE, 'dist', language);
    const folder = path.join(root, fingerprint());
    if (!fs.existsSync(folder)) {
      fs.rmSync(root, { recursive: true, force: true });
      const unfinished = path.join(root, 'unfinished');
      // Go has no other package than the code, and a consumer compiles it.
      await pack(language, unfinished, { codeOnly: language === 'go' });
      if (language === 'go') {
        await generateGoDependencies(unfinished);
      }
      fs.renameSync(unfinished, folder);
    }
    return path.join(folder, language);
  });
}

/** The one file with that ending in a folder. */
export function onlyFile(folder: string, ending: string): string {
  const found = fs.readdirSync(folder).filter((name) => name.endsWith(ending));
  if (found.length !== 1) {
    throw new Error(`${folder} has ${found.length} files that end with ${ending}, and should have one: ${found.join(', ')}`);
  }
  return path.join(folder, found[0]);
}

function fingerprint(): string {
  const hash = crypto.createHash('sha256');
  const add = (file: string) => {
    if (fs.statSync(file).isDirectory()) {
      fs.readdirSync(file).sort().forEach((name) => add(path.join(file, name)));
    } else {
      hash.update(`${path.relative(PROJECT_ROOT, file)}\0`).update(fs.readFileSync(file));
    }
  };
  const missing = PACKED.filter((name) => !fs.existsSync(path.join(PROJECT_ROOT, name)));
  if (missing.length > 0) {
    throw new Error(`there is no ${missing.join(', ')}; consumers use what was built: run npx projen pre-compile and npx projen compile first`);
  }
  PACKED.forEach((name) => add(path.join(PROJECT_ROOT, name)));
  return hash.digest('hex').slice(0, 16);
}
