import { signatureOf } from './exchange';
import type { UserIdentity } from './identities';
import { s3OperationOf } from './s3-operation';
import { assumeRoleRecord, s3Record, type Circumstances } from './trail-record';
import { exchange } from '../../support/exchange';

const identity: UserIdentity = { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/Session/ada' };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function recordOf(seen = exchange()) {
  const signature = signatureOf(seen.url, seen.requestHeaders);
  const circumstances: Circumstances = { identity, signature, requestId: 'MB8NVKR3FVMSSRM9', account: '111122223333', region: 'us-east-1' };
  return s3Record(seen, s3OperationOf(seen.method, seen.url, seen.requestHeaders)!, circumstances);
}

describe('A record of the local trail', () => {
  test('of a pull through a presigned URL has every field that CloudTrail writes', () => {
    const record = recordOf();

    // Field by field as in records that CloudTrail delivered for presigned GetObject calls.
    expect(record).toEqual({
      eventVersion: '1.11',
      userIdentity: identity,
      eventTime: '2026-11-21T19:06:40Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
      awsRegion: 'us-east-1',
      sourceIPAddress: '192.0.2.3',
      userAgent: '[model-store/1.2.3]',
      requestParameters: {
        'X-Amz-Date': '20261121T190640Z',
        bucketName: 'models-bucket',
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-SignedHeaders': 'host',
        Host: '127.0.0.1:4566',
        'X-Amz-Expires': '900',
        key: 'models/fraud/blobs/sha256/ab12',
        'x-id': 'GetObject',
      },
      responseElements: null,
      additionalEventData: {
        SignatureVersion: 'SigV4',
        CipherSuite: 'TLS_AES_256_GCM_SHA384',
        bytesTransferredIn: 0,
        AuthenticationMethod: 'QueryString',
        'x-amz-id-2': '0nSxx7oCCBTl=',
        bytesTransferredOut: 7759,
      },
      requestID: 'MB8NVKR3FVMSSRM9',
      eventID: expect.stringMatching(UUID),
      readOnly: true,
      resources: [
        { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::models-bucket/models/fraud/blobs/sha256/ab12' },
        { accountId: '111122223333', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::models-bucket' },
      ],
      eventType: 'AwsApiCall',
      managementEvent: false,
      recipientAccountId: '111122223333',
      eventCategory: 'Data',
      tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_256_GCM_SHA384', clientProvidedHostHeader: '127.0.0.1:4566' },
    });
  });

  test('contains no part of a presigned URL that would allow its use', () => {
    const text = JSON.stringify(recordOf());

    expect(text).not.toMatch(/a-token|a-signature|X-Amz-Credential/);
  });

  test('of a denied request contains the error code', () => {
    const responseText = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>User: &quot;ada&quot; may not</Message></Error>';

    expect(recordOf(exchange({ status: 403, responseText, bytesOut: 243 }))).toMatchObject({
      errorCode: 'AccessDenied', errorMessage: 'User: "ada" may not', additionalEventData: { bytesTransferredOut: 243 },
    });
    expect(recordOf(exchange({ method: 'HEAD', status: 404, responseText: '', bytesOut: 0 }))).toMatchObject({ errorCode: 'NoSuchKey' });
  });

  test('of a copy with status 200 and an error in the body has the error and the source', () => {
    const seen = exchange({
      method: 'PUT',
      url: '/elsewhere/stolen',
      requestHeaders: { host: '127.0.0.1:4566', 'x-amz-copy-source': 'models-bucket/models/fraud/blobs/sha256/ab12' },
      responseText: '<?xml version="1.0"?>\n<Error><Code>InternalError</Code><Message>Try again.</Message></Error>',
    });

    expect(recordOf(seen)).toMatchObject({
      eventName: 'CopyObject', errorCode: 'InternalError', userAgent: '[]',
      requestParameters: { 'x-amz-copy-source': 'models-bucket/models/fraud/blobs/sha256/ab12' },
      resources: expect.arrayContaining([{ type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::models-bucket/models/fraud/blobs/sha256/ab12' }]),
    });
  });

  test('of a change to a bucket setting is a management event', () => {
    expect(recordOf(exchange({ method: 'PUT', url: '/models-bucket?policy' }))).toMatchObject({
      eventName: 'PutBucketPolicy', eventCategory: 'Management', managementEvent: true, readOnly: false,
      resources: [{ accountId: '111122223333', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::models-bucket' }],
    });
  });

  test('of an AssumeRole links the new access key to the caller, without token or secret', () => {
    const seen = exchange({
      method: 'POST',
      url: '/',
      requestText: 'Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FSession&RoleSessionName=ada&SourceIdentity=ada'
        + '&DurationSeconds=900&Policy=%7B%7D&Tags.member.1.Key=model&Tags.member.1.Value=fraud&TransitiveTagKeys.member.1=model',
      responseText: '<AssumedRoleId>AROA1:ada</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/Session/ada</Arn><AccessKeyId>ASIA1</AccessKeyId>'
        + '<SecretAccessKey>a-secret</SecretAccessKey><SessionToken>a-token</SessionToken><Expiration>2026-11-21T19:21:40Z</Expiration>',
    });

    const record = assumeRoleRecord(seen, { identity, requestId: 'r', account: '111122223333', region: 'us-east-1' });

    expect(record).toMatchObject({
      eventSource: 'sts.amazonaws.com',
      eventCategory: 'Management',
      userIdentity: identity,
      requestParameters: {
        roleArn: 'arn:aws:iam::111122223333:role/Session', roleSessionName: 'ada', sourceIdentity: 'ada', durationSeconds: 900, policy: '{}',
        tags: [{ key: 'model', value: 'fraud' }], transitiveTagKeys: ['model'],
      },
      responseElements: {
        credentials: { accessKeyId: 'ASIA1', expiration: '2026-11-21T19:21:40Z' },
        assumedRoleUser: { assumedRoleId: 'AROA1:ada', arn: 'arn:aws:sts::111122223333:assumed-role/Session/ada' },
      },
    });
    expect(JSON.stringify(record)).not.toMatch(/a-secret|a-token/);
  });
});
