import { readLocalStore, type LocalStore } from './local-store';

/** The variable with which the Jest setup passes the started store to its workers and its teardown. */
const VARIABLE = 'MODEL_STORE_UNDER_TEST';

export function rememberStoreUnderTest(folder: string): void {
  process.env[VARIABLE] = folder;
}

/** The store that the global Jest setup deployed for the tests in the `local` project. */
export function storeUnderTest(): LocalStore {
  const folder = process.env[VARIABLE];
  if (folder === undefined) {
    throw new Error('no store was started: run these tests as jest\'s project "local" (npm run jest -- --selectProjects local)');
  }
  return readLocalStore(folder);
}

export function forgetStoreUnderTest(): LocalStore | undefined {
  const folder = process.env[VARIABLE];
  delete process.env[VARIABLE];
  return folder === undefined ? undefined : readLocalStore(folder);
}
