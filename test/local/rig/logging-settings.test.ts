import { readLogging } from './logging-settings';
import type { Template } from './template';

const PLACE = { account: '111122223333', region: 'us-east-1' };
const IDS = new Map([['Models', 'models-1'], ['Trails', 'trails-1'], ['Lines', 'lines-1'], ['Upload', 'upload-1']]);
const bucket = (LoggingConfiguration?: object) => ({ Type: 'AWS::S3::Bucket', Properties: { ...(LoggingConfiguration && { LoggingConfiguration }) } });
const TEMPLATE: Template = {
  Resources: {
    Models: bucket({ DestinationBucketName: { Ref: 'Lines' }, LogFilePrefix: 'models/' }),
    Trails: bucket({ DestinationBucketName: { Ref: 'Lines' } }),
    Lines: bucket(),
    Upload: { Type: 'AWS::Lambda::Function' },
    Trail: {
      Type: 'AWS::CloudTrail::Trail',
      Properties: {
        TrailName: 'Store-Trail',
        S3BucketName: { Ref: 'Trails' },
        AdvancedEventSelectors: [{
          Name: 'all',
          FieldSelectors: [
            { Field: 'resources.ARN', StartsWith: [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Models', 'Arn'] }, '/']] }] },
            { Field: 'resources.ARN', Equals: [{ 'Fn::GetAtt': ['Upload', 'Arn'] }] },
          ],
        }],
      },
    },
  },
};

describe('The logging settings of a template', () => {
  test('are the trail with its resolved event selectors, and the destinations of access logs', () => {
    expect(readLogging(TEMPLATE, PLACE, IDS)).toEqual({
      trailName: 'Store-Trail',
      trailBucket: 'trails-1',
      selectors: [{
        Name: 'all',
        FieldSelectors: [
          { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::models-1/'] },
          { Field: 'resources.ARN', Equals: ['arn:aws:lambda:us-east-1:111122223333:function:upload-1'] },
        ],
      }],
      accessLogBucket: 'lines-1',
      loggedBuckets: [{ bucket: 'models-1', prefix: 'models/' }, { bucket: 'trails-1', prefix: '' }],
    });
  });

  test('must be resolvable: an unresolved reference is an error, not an empty string', () => {
    expect(() => readLogging(TEMPLATE, PLACE, new Map([...IDS].filter(([id]) => id !== 'Trails')))).toThrow('the stack has no resource Trails');
    expect(() => readLogging({ Resources: {} }, PLACE, IDS)).toThrow('no trail');
  });
});
