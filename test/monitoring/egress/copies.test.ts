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
const fromAnother = (bucket: string) => changed(source(`${bucket}/models/a`), {
  resources: [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/models/a` }, { type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` }],
});
const COPIES = 'CopiesOutFilter';

describe('copies into another bucket', () => {
  test.each([
    ['of an object', copy],
    ['of a part', changed(copy, { eventName: 'UploadPartCopy' })],
    ['with a slash before the bucket', source(`/${STORE.bucket}/models/a`)],
    ['with an encoded source', source(`${STORE.bucket}%2Fmodels%2Fa`)],
    ['with a source encoded in lowercase', source(`${STORE.bucket}%2fmodels%2fa`)],
    [
      'with an encoded letter in the bucket name, which S3 decodes',
      source(`%${STORE.bucket.charCodeAt(0).toString(16)}${STORE.bucket.slice(1)}/models/a`),
    ],
    ['of a version', source(`${STORE.bucket}/models/a?versionId=1`)],
  ])('%s are counted', (_what, record) => {
    expect(counts.counts(COPIES, record)).toBe(true);
    expect(counts.counts('EgressBytesFilter', record)).toBe(false);
  });

  test.each([
    ['within the bucket', changed(copy, { 'requestParameters.bucketName': STORE.bucket })],
    ['from another bucket with the same prefix', fromAnother(`${STORE.bucket}-logs`)],
    ['from another bucket with the same suffix', fromAnother(`our-${STORE.bucket}`)],
    ['that were denied', changed(copy, { errorCode: 'AccessDenied' })],
    ['that were ordinary writes', changed(copy, { eventName: 'PutObject', 'requestParameters.x-amz-copy-source': undefined })],
    ['without a bucket in the record', changed(copy, { 'requestParameters.bucketName': undefined })],
    ['of another service', changed(copy, { eventSource: 'dynamodb.amazonaws.com' })],
  ])('%s are not counted', (_what, record) => {
    expect(counts.counts(COPIES, record)).toBe(false);
  });
});

test.each(['AccessDeniedFilter', 'EgressBytesFilter', 'EgressBytesOutsideSessionsFilter', COPIES, 'ReadsThroughAccessPointsFilter'])(
  '%s has room for the longest bucket name', (filter) => {
    const pattern = counts.pattern(filter)!;
    expect(pattern).toContain(STORE.bucket);
    expect(pattern.replaceAll(STORE.bucket, 'x'.repeat(63)).length).toBeLessThanOrEqual(1024);
  });
