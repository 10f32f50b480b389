import { leaveOutUnsupported, type Template } from './template';

const SUPPORTED = new Set(['AWS::S3::Bucket', 'AWS::IAM::Policy', 'AWS::SNS::Topic']);

function adapt(template: Template) {
  return leaveOutUnsupported(template, SUPPORTED);
}

describe('The template for the local AWS', () => {
  test('is unchanged if every type is supported', () => {
    const template = { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } } }, Outputs: { Name: { Value: { Ref: 'Bucket' } } } };

    expect(adapt(template)).toEqual({ template, leftOut: [] });
  });

  test('omits resources of unsupported types, and reports them', () => {
    const { template, leftOut } = adapt({ Resources: { Trail: { Type: 'AWS::CloudTrail::Trail' }, Bucket: { Type: 'AWS::S3::Bucket' } } });

    expect(Object.keys(template.Resources!)).toEqual(['Bucket']);
    expect(leftOut).toEqual([{ kind: 'resource', where: 'Trail', type: 'AWS::CloudTrail::Trail', because: expect.stringContaining('no such resource type') }]);
  });

  test('omits alarms on metric math, and keeps those on a metric', () => {
    const alarm = (properties: object) => ({ Type: 'AWS::CloudWatch::Alarm', Properties: { ...properties } });
    const { template, leftOut } = leaveOutUnsupported(
      { Resources: { Math: alarm({ Metrics: [{ Expression: 'a / b' }] }), Plain: alarm({ MetricName: 'Errors' }) } }, new Set(['AWS::CloudWatch::Alarm']),
    );

    expect(Object.keys(template.Resources!)).toEqual(['Plain']);
    expect(leftOut).toEqual([{ kind: 'resource', where: 'Math', type: 'AWS::CloudWatch::Alarm', because: expect.stringContaining('metric math') }]);
  });

  test('keeps custom resources, whose functions may exist', () => {
    expect(adapt({ Resources: { Mine: { Type: 'Custom::Mine' } } }).leftOut).toEqual([]);
  });

  test.each([
    ['Ref', { Ref: 'Trail' }],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Trail', 'Arn'] }],
    ['Fn::GetAtt in its short form', { 'Fn::GetAtt': 'Trail.Arn' }],
    ['Fn::Sub', { 'Fn::Sub': 'trail/${Trail.Arn}' }],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${Prefix}/${Trail}', { Prefix: 'x' }] }],
    ['something deep inside', { 'Fn::Join': ['', ['a', { Ref: 'Trail' }]] }],
  ])('omits references to a missing resource by %s', (_, reference) => {
    const { template, leftOut } = adapt({
      Resources: { Trail: { Type: 'AWS::CloudTrail::Trail' }, Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: reference } } },
      Outputs: { TrailName: { Value: reference } },
    });

    expect(template).toEqual({ Resources: {}, Outputs: {} });
    expect(leftOut.map(({ kind, where }) => `${kind} ${where}`)).toEqual(['resource Trail', 'resource Topic', 'output TrailName']);
  });

  test('keeps a literal that only looks like a reference', () => {
    const properties = { TopicName: { 'Fn::Sub': '${!Trail}' }, DisplayName: 'Trail' };
    const { leftOut } = adapt({ Resources: { Trail: { Type: 'AWS::CloudTrail::Trail' }, Topic: { Type: 'AWS::SNS::Topic', Properties: properties } } });

    expect(leftOut.map(({ where }) => where)).toEqual(['Trail']);
  });

  test('omits references to resources that were omitted because of their own references', () => {
    const { template } = adapt({
      Resources: {
        Last: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Middle' } } },
        Middle: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Trail' } } },
        Trail: { Type: 'AWS::CloudTrail::Trail' },
      },
    });

    expect(template.Resources).toEqual({});
  });

  test('omits only those statements of a policy that refer to a missing resource', () => {
    const statement = (resource: unknown, sid: string) => ({ Sid: sid, Effect: 'Deny', Action: '*', Resource: resource });
    const { template, leftOut } = adapt({
      Resources: {
        Trail: { Type: 'AWS::CloudTrail::Trail' },
        Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: [statement('*', 'Kept'), statement({ Ref: 'Trail' }, 'Lost')] } } },
      },
    });

    expect((template.Resources!.Policy.Properties as any).PolicyDocument.Statement).toEqual([statement('*', 'Kept')]);
    expect(leftOut[1]).toEqual({ kind: 'statement', where: 'Policy.PolicyDocument.Statement[Lost]', type: 'AWS::IAM::Policy', because: expect.any(String) });
  });

  test('omits a dependency on a missing resource, and keeps the others', () => {
    const { template, leftOut } = adapt({
      Resources: {
        Trail: { Type: 'AWS::CloudTrail::Trail' },
        Bucket: { Type: 'AWS::S3::Bucket' },
        Topic: { Type: 'AWS::SNS::Topic', DependsOn: ['Trail', 'Bucket'] },
        Other: { Type: 'AWS::SNS::Topic', DependsOn: 'Trail' },
      },
    });

    expect(template.Resources!.Topic.DependsOn).toEqual(['Bucket']);
    expect(template.Resources!.Other).not.toHaveProperty('DependsOn');
    expect(leftOut.filter(({ kind }) => kind === 'dependency').map(({ where }) => where)).toEqual(['Topic.DependsOn', 'Other.DependsOn']);
  });
});
