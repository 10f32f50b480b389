import { changed, EgressCounts, oneRead, ordinaryRecords } from './support';
import { STORE } from '../../support/audit/trail-record';

const counts = new EgressCounts();
const FILTER = 'ReadsThroughAccessPointsFilter';
const read = oneRead(ordinaryRecords(500));
const accessPoint = { accountId: STORE.account, type: 'AWS::S3::AccessPoint', ARN: `arn:aws:s3:${STORE.region}:${STORE.account}:accesspoint/side-door` };
const through = changed(read, { 'requestParameters.bucketName': 'side-door-abc123-s3alias', resources: [...read.resources, accessPoint] });

describe('reads through an access point', () => {
  test.each([
    ['with the name of the access point', through],
    ['with the name of the bucket', changed(through, { 'requestParameters.bucketName': STORE.bucket })],
    ['with the resources in another order', changed(through, { resources: [accessPoint, ...[...read.resources].reverse()] })],
    ['that are copies', changed(through, { eventName: 'CopyObject' })],
  ])('%s are counted', (_what, record) => {
    expect(counts.counts(FILTER, record)).toBe(true);
  });

  test.each([
    ['of the bucket itself', read],
    ['of another bucket', changed(through, { resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${STORE.bucket}-logs/models/a` }, { type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${STORE.bucket}-logs` }, accessPoint,
    ] })],
    ['that were denied', changed(through, { errorCode: 'AccessDenied' })],
    ['that were writes', changed(through, { eventName: 'PutObject' })],
    ['without resources in the record', changed(through, { resources: undefined })],
  ])('%s are not counted', (_what, record) => {
    expect(counts.counts(FILTER, record)).toBe(false);
  });
});
