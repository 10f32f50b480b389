import * as fs from 'node:fs';
import * as path from 'node:path';
import type { StartedEngines } from './jest-global-setup';
import { forgetEngineStores } from './s3/engine-store';

/** Stops the engines and deletes their data, but not their logs. */
export default async function tearDown(): Promise<void> {
  const { startedEngines } = globalThis as { startedEngines?: StartedEngines };
  if (startedEngines === undefined) {
    return;
  }
  await startedEngines.stop();
  forgetEngineStores();
  const folders = fs.readdirSync(startedEngines.folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) {
    for (const bulky of ['data', 'versions', 'state', 'iam', 'certificates']) {
      fs.rmSync(path.join(startedEngines.folder, name, bulky), { recursive: true, force: true, maxRetries: 5 });
    }
  }
}
