import { stopLocalAws } from './rig/local-aws';
import { forgetStoreUnderTest } from './rig/store-under-test';

export default async function tearDown(): Promise<void> {
  const store = forgetStoreUnderTest();
  if (store) {
    await stopLocalAws(store.localAws);
  }
}
