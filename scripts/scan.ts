import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { COMPLIANCE_FILE, withAcceptedFindings } from './scan/document';
import { type ScanResult, unexplained } from './scan/finding';
import { renderResults } from './scan/report';
import { SCANNERS } from './scan/scan';
import { writeTemplates } from './scan/templates';

/*
 * Runs independent scanners on the default store, every example and a store with every optional part, and on the lock
 * file. Fails if a finding has no reason. With `--update`, it writes the accepted findings into docs/compliance.md.
 */

export async function scan(names: readonly string[] = Object.keys(SCANNERS)): Promise<ScanResult[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'scan-'));
  try {
    const scanned = { templates: writeTemplates(folder), folder };
    const results: ScanResult[] = [];
    for (const name of names) {
      results.push(await SCANNERS[name](scanned));
    }
    return results;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

process.env.CDK_VALIDATION = 'false';

async function main(words: readonly string[]): Promise<void> {
  const unknown = words.filter((word) => word !== '--update');
  if (unknown.length > 0) {
    throw new Error(`Unknown option "${unknown[0]}"; the only option is --update.`);
  }
  const results = await scan();
  console.log(renderResults(results));
  const text = fs.readFileSync(COMPLIANCE_FILE, 'utf8');
  const updated = withAcceptedFindings(text, results.flatMap(({ findings }) => findings));
  if (words.includes('--update')) {
    fs.writeFileSync(COMPLIANCE_FILE, updated);
  } else if (text !== updated) {
    console.error('The accepted findings in docs/compliance.md are out of date. Run "npm run scan -- --update".');
    process.exitCode = 1;
  }
  if (results.some((result) => unexplained(result).length > 0)) {
    process.exitCode = 1;
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
