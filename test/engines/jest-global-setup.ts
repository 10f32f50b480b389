import * as fs from 'node:fs';
import * as path from 'node:path';
import { ENGINE_NAMES, ensureEngine, hasEngines } from './build';
import type { EngineSite } from './s3/engine';
import { rememberEngineStores, rememberProblem, startEngineStore, type RunningStore } from './s3/engine-store';
import { startKeyService } from './s3/key-service';
import { newRunFolder, tidyUp } from './support/left-behind';
import { ensureBundles } from '../local/rig/bundles';
import { ensureCertificates } from '../local/rig/certificates';
import { ensurePython } from '../local/rig/python';

export interface StartedEngines {
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/**
 * One store on each engine for all tests in the project. The global teardown stops them. A failure here fails only the
 * tests in these projects.
 */
export default async function setUp(): Promise<void> {
  try {
    if (hasEngines()) {
      await start();
    }
  } catch (error) {
    rememberProblem(error as Error);
  }
}

async function start(): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const started = Date.now();
  const say = (line: string) => process.stderr.write(`engines: ${line}\n`);
  const { python } = await ensurePython(say);
  const certificates = await ensureCertificates(python);
  await ensureBundles(say);
  for (const name of ENGINE_NAMES) {
    await ensureEngine(name, say);
  }
  tidyUp();
  const folder = newRunFolder();
  const siteOf = (name: string): EngineSite => {
    const own = path.join(folder, name);
    fs.mkdirSync(own, { recursive: true, mode: 0o700 });
    return { folder: own, ...certificates };
  };
  const keys = await startKeyService(siteOf('keys'), python);
  const running: RunningStore[] = await Promise.all(
    ENGINE_NAMES.map(async (name) => startEngineStore(name, siteOf(name), keys)),
  );
  rememberEngineStores(
    folder,
    running.map(({ store }) => store),
  );
  (globalThis as { startedEngines?: StartedEngines }).startedEngines = {
    folder,
    stop: async () => {
      await Promise.all(running.map(async (each) => each.stop()));
      await keys.server.stop();
    },
  };
  const names = running.map(({ store }) => store.engine.engine.name).join(' and ');
  say(`${names} stand after ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
