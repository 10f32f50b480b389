import { signatureOf } from './exchange';
import { s3OperationOf } from './s3-operation';
import { isSelected, requireKnownFields, type EventSelector } from './selection';
import { s3Record } from './trail-record';
import { exchange } from '../../support/exchange';

const OBJECTS_OF_MODELS: EventSelector = {
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
    { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::models-bucket/'] },
  ],
};
const CHANGES: EventSelector = { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, { Field: 'readOnly', Equals: ['false'] }] };

function record(method: string, url: string, requestHeaders = {}) {
  const seen = exchange({ method, url, requestHeaders: { host: '127.0.0.1:4566', ...requestHeaders } });
  return s3Record(seen, s3OperationOf(seen.method, seen.url, seen.requestHeaders)!, {
    identity: { type: 'Unknown' }, signature: signatureOf(seen.url, seen.requestHeaders), requestId: 'r', account: '111122223333', region: 'us-east-1',
  });
}

describe('The event selectors of a trail', () => {
  test.each([
    ['a read of an object', 'GET', '/models-bucket/models/a', {}],
    ['a list of objects', 'GET', '/models-bucket?list-type=2', {}],
    ['a copy from the bucket to another', 'PUT', '/elsewhere/a', { 'x-amz-copy-source': 'models-bucket/models/a' }],
  ])('of a bucket\'s objects select %s', (_, method, url, headers) => {
    expect(isSelected(record(method, url, headers), [OBJECTS_OF_MODELS])).toBe(true);
  });

  test.each([
    ['a read in a bucket with a similar name', 'GET', '/models-bucket-2/models/a'],
    ['a change of the bucket itself', 'PUT', '/models-bucket?policy'],
  ])('of a bucket\'s objects do not select %s', (_, method, url) => {
    expect(isSelected(record(method, url), [OBJECTS_OF_MODELS])).toBe(false);
  });

  test('are alternatives, and all fields of each must match', () => {
    expect(isSelected(record('PUT', '/models-bucket?policy'), [OBJECTS_OF_MODELS, CHANGES])).toBe(true);
    expect(isSelected(record('GET', '/models-bucket?policy'), [OBJECTS_OF_MODELS, CHANGES])).toBe(false);
  });

  test('exclude the values that they name', () => {
    const withoutS3: EventSelector = { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }, { Field: 'eventSource', NotEquals: ['s3.amazonaws.com'] }] };

    expect(isSelected(record('GET', '/models-bucket/models/a'), [withoutS3])).toBe(false);
  });

  test('with an unsupported field are rejected', () => {
    requireKnownFields([OBJECTS_OF_MODELS, CHANGES]);

    expect(() => requireKnownFields([OBJECTS_OF_MODELS, { FieldSelectors: [{ Field: 'vpcEndpointId', Equals: ['vpce-1'] }] }]))
      .toThrow('does not know what the trail\'s event selectors select by: vpcEndpointId');
  });
});
