import { StoreParts } from './support/store';
import { SessionRoles } from '../../src/access/session-roles';
import { StoreRoles } from '../../src/access/store-roles';
import { unacknowledgedFindings } from '../support/findings';

describe('no rule pack reports findings for', () => {
  test('the session roles', () => {
    const store = new StoreParts();
    new SessionRoles(store, 'Sessions', { artifactBucket: store.artifactBucket, signingKey: store.signingKey.key });
    expect(unacknowledgedFindings(store)).toEqual([]);
  });

  test('the roles of a store with an API', () => {
    const store = new StoreParts();
    new StoreRoles(store, 'Roles', { artifactBucket: store.artifactBucket, logArchive: store.logArchive, api: store.api });
    expect(unacknowledgedFindings(store)).toEqual([]);
  });

  test('the roles of a store without an API', () => {
    const store = new StoreParts();
    new StoreRoles(store, 'Roles', { artifactBucket: store.artifactBucket, logArchive: store.logArchive, functions: store.functions });
    expect(unacknowledgedFindings(store)).toEqual([]);
  });
});
