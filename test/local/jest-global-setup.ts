import { startLocalStore } from './rig/local-store';
import { rememberStoreUnderTest } from './rig/store-under-test';

/** One local AWS and one deployed store for every test in this project. */
export default async function setUp(): Promise<void> {
  // The AWS SDK warns about the version of Node.js in every test file.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const started = Date.now();
  const say = (line: string) => process.stderr.write(`local AWS: ${line}\n`);
  const store = await startLocalStore({ purpose: 'test', app: 'store-under-test-app.ts', say });
  rememberStoreUnderTest(store.localAws.folder);
  say(`the store stands after ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
