import { s3OperationOf } from './s3-operation';

const operation = (method: string, url: string, headers = {}) => s3OperationOf(method, url, { host: '127.0.0.1:4566', ...headers });

describe('The S3 operation of a request, as named by CloudTrail and the access log', () => {
  test.each([
    ['GET', '/bucket/a/key', 'GetObject', 'REST.GET.OBJECT'],
    ['GET', '/bucket/a/key?x-id=GetObject&partNumber=2', 'GetObject', 'REST.GET.OBJECT'],
    ['HEAD', '/bucket/a/key', 'HeadObject', 'REST.HEAD.OBJECT'],
    ['PUT', '/bucket/a/key', 'PutObject', 'REST.PUT.OBJECT'],
    ['POST', '/bucket/a/key?uploads', 'CreateMultipartUpload', 'REST.POST.UPLOADS'],
    ['PUT', '/bucket/a/key?partNumber=1&uploadId=u', 'UploadPart', 'REST.PUT.PART'],
    ['GET', '/bucket/a/key?uploadId=u', 'ListParts', 'REST.GET.UPLOAD'],
    ['POST', '/bucket/a/key?uploadId=u', 'CompleteMultipartUpload', 'REST.POST.UPLOAD'],
    ['DELETE', '/bucket/a/key?uploadId=u', 'AbortMultipartUpload', 'REST.DELETE.UPLOAD'],
    ['DELETE', '/bucket/a/key?versionId=v', 'DeleteObject', 'REST.DELETE.OBJECT'],
    ['PUT', '/bucket/a/key?tagging', 'PutObjectTagging', 'REST.PUT.OBJECT_TAGGING'],
  ])('%s %s is %s', (method, url, eventName, logOperation) => {
    expect(operation(method, url)).toMatchObject({ eventName, logOperation, bucket: 'bucket', key: 'a/key', isDataEvent: true });
  });

  test.each([
    ['GET', '/bucket?list-type=2&prefix=models%2F', 'ListObjects', 'REST.GET.BUCKET', true],
    ['GET', '/bucket?versions', 'ListObjectVersions', 'REST.GET.BUCKETVERSIONS', true],
    ['HEAD', '/bucket', 'HeadBucket', 'REST.HEAD.BUCKET', true],
    ['POST', '/bucket?delete', 'DeleteObjects', 'REST.POST.MULTI_OBJECT_DELETE', true],
    ['PUT', '/bucket?policy', 'PutBucketPolicy', 'REST.PUT.BUCKETPOLICY', false],
    ['DELETE', '/bucket?publicAccessBlock', 'DeleteBucketPublicAccessBlock', 'REST.DELETE.PUBLIC_ACCESS_BLOCK', false],
    ['PUT', '/bucket?logging', 'PutBucketLogging', 'REST.PUT.LOGGING_STATUS', false],
  ])('%s %s is %s', (method, url, eventName, logOperation, isDataEvent) => {
    expect(operation(method, url)).toEqual({ eventName, logOperation, bucket: 'bucket', isDataEvent, readOnly: ['GET', 'HEAD'].includes(method) });
  });

  test('a copy names its source', () => {
    const headers = { 'x-amz-copy-source': '/models-bucket/models/fraud/blobs/sha256/ab%2012?versionId=v' };

    expect(operation('PUT', '/elsewhere/stolen', headers)).toMatchObject({
      eventName: 'CopyObject', logOperation: 'REST.COPY.OBJECT', copySource: { bucket: 'models-bucket', key: 'models/fraud/blobs/sha256/ab 12', versionId: 'v' },
    });
    expect(operation('PUT', '/elsewhere/stolen?partNumber=1&uploadId=u', headers)).toMatchObject({
      eventName: 'UploadPartCopy', logOperation: 'REST.COPY.PART',
    });
  });

  test('a bucket can be named by the host, and keys are decoded', () => {
    expect(operation('GET', '/a%20key/%C3%A9?x=1', { host: 'models-bucket.s3.localhost:4566' })).toMatchObject({ bucket: 'models-bucket', key: 'a key/é' });
  });

  test('a request without a bucket is not recorded', () => {
    expect(operation('GET', '/')).toBeUndefined();
  });
});
