import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * Copies the SQL files next to the compiled constructs, which read them at run time. The compiler only copies
 * TypeScript.
 */
const ROOT = path.resolve(__dirname, '..');
for (const folder of ['audit/queries', 'audit/views']) {
  fs.cpSync(path.join(ROOT, 'src', folder), path.join(ROOT, 'lib', folder), {
    recursive: true,
    filter: (source) => fs.statSync(source).isDirectory() || source.endsWith('.sql'),
  });
}
