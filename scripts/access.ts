import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkOrWrite } from './generated/check-or-write';
import { readStores } from '../test/access/matrix/matrix';
import { renderPage } from '../test/access/matrix/page';
import { commitRecords, readResults } from '../test/access/matrix/results';

/*
 * Merges what the last run of the access matrix recorded into test/access/matrix/results.json, and generates docs/access.md from it.
 * With `--check`, it writes nothing, and fails if the page is out of date.
 */

export const PAGE_FILE = path.join(__dirname, '..', 'docs', 'access.md');

/** Returns the problems that `--check` reports. */
export function check(): string[] {
  const page = fs.existsSync(PAGE_FILE) ? fs.readFileSync(PAGE_FILE, 'utf8') : '';
  return page === renderPage(readStores(), readResults()) ? [] : ['docs/access.md is out of date. Run "npm run access".'];
}

function write(): string[] {
  console.log(`merged the results of ${commitRecords()} stores`);
  fs.writeFileSync(PAGE_FILE, renderPage(readStores(), readResults()));
  console.log('wrote docs/access.md');
  return [];
}

if (require.main === module) {
  checkOrWrite(process.argv.slice(2), { check, write });
}
