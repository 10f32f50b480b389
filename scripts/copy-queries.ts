import * as fs from 'node:fs';
import * as path from 'node:path';

/** The compiler takes TypeScript along and nothing else; the constructs read their queries from beside themselves. */
const ROOT = path.resolve(__dirname, '..');
for (const folder of ['audit/queries', 'audit/views']) {
  fs.cpSync(path.join(ROOT, 'src', folder), path.join(ROOT, 'lib', folder), {
    recursive: true,
    filter: (source) => fs.statSync(source).isDirectory() || source.endsWith('.sql'),
  });
}
