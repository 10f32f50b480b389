import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import { AuditTrail } from '../../src/audit/audit-trail';
import { TrailSource } from '../../src/audit/trail-source';
import { StoreParts } from '../access/support/store';
import { unacknowledgedFindings } from '../support/findings';

describe('there are no findings of rule packs for', () => {
  test('the trail of the store', () => {
    const store = new StoreParts();
    new AuditTrail(store, 'Audit', { artifactBucket: store.artifactBucket, logArchive: store.logArchive });
    expect(unacknowledgedFindings(store)).toEqual([]);
  });

  test('a trail of the organization that records management events', () => {
    const store = new StoreParts();
    new AuditTrail(store, 'Audit', {
      artifactBucket: store.artifactBucket, logArchive: store.logArchive, organizationId: 'o-a1b2c3d4e5',
      managementEvents: cloudtrail.ReadWriteType.ALL,
    });
    expect(unacknowledgedFindings(store)).toEqual([]);
  });

  test('an existing trail', () => {
    const store = new StoreParts();
    new AuditTrail(store, 'Audit', {
      artifactBucket: store.artifactBucket, logArchive: store.logArchive, source: TrailSource.existing('main'),
    });
    expect(unacknowledgedFindings(store)).toEqual([]);
  });
});
