import { changed, EgressCounts, oneRead, ordinaryRecords } from './support';
import { STORE } from '../../support/audit/trail-record';

const counts = new EgressCounts();
const copy = changed(oneRead(ordinaryRecords(500)), {
  eventName: 'CopyObject',
  'requestParameters.bucketName': 'bucket-of-somebody-else',
  'requestParameters.x-amz-copy-source': `${STORE.bucket}/models/fraud/blobs/sha256/ab`,
  'additionalEventData.bytesTransferredOut': 234,
});
const source = (text: string) => changed(copy, { 'requestParameters.x-amz-copy-source': text });
const COPIES = 'CopiesOutFilter';

describe('copies into another bucket', () => {
  test.each([
    ['of an object', copy],
    ['of a part', changed(copy, { eventName: 'UploadPartCopy' })],
    ['with a slash before the bucket', source(`/${STORE.bucket}/models/a`)],
    ['with an encoded source', source(`${STORE.bucket}%2Fmodels%2Fa`)],
    ['of a version', source(`${STORE.bucket}/models/a?versionId=1`)],
  ])('%s count', (_what, record) => {
    expect(counts.counts(COPIES, record)).toBe(true);
    expect(counts.counts('EgressBytesFilter', record)).toBe(false);
  });

  test.each([
    ['within the bucket', changed(copy, { 'requestParameters.bucketName': STORE.bucket })],
    ['from another bucket whose name begins alike', source(`${STORE.bucket}-logs/models/a`)],
    ['that were refused', changed(copy, { errorCode: 'AccessDenied' })],
    ['that were ordinary writes', changed(copy, { eventName: 'PutObject', 'requestParameters.x-amz-copy-source': undefined })],
    ['without a bucket in the record', changed(copy, { 'requestParameters.bucketName': undefined })],
    ['of another service', changed(copy, { eventSource: 'dynamodb.amazonaws.com' })],
  ])('%s do not', (_what, record) => {
    expect(counts.counts(COPIES, record)).toBe(false);
  });
});

test.each(['AccessDeniedFilter', 'EgressBytesFilter', 'EgressBytesOutsideSessionsFilter', COPIES, 'ReadsThroughAccessPointsFilter'])(
  '%s has room for the longest name of a bucket', (filter) => {
    const pattern = counts.pattern(filter)!;
    expect(pattern).toContain(STORE.bucket);
    expect(pattern.replaceAll(STORE.bucket, 'x'.repeat(63)).length).toBeLessThanOrEqual(1024);
  });
