import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { StoreStack } from './fixtures';
import { ApiLogging } from '../../src/api/api-logging';
import type { ArtifactApiProps } from '../../src/api/artifact-api-props';

function templateWith(props: Partial<ArtifactApiProps> = {}): Template {
  const stack = new StoreStack();
  stack.addApi(props);
  return Template.fromStack(stack);
}

const SETTING = 'Custom::ApiGatewayLoggingRole';

describe('the logs of the API, by default', () => {
  const template = templateWith();
  const [[settingId, setting]] = Object.entries(template.findResources(SETTING));
  const [roleId] = setting.Properties.RoleArn['Fn::GetAtt'];
  const [setterId] = setting.Properties.ServiceToken['Fn::GetAtt'];

  test('never replace the role that the account has: CloudFormation\'s own resource would', () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('wait for the account to have a role', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    expect(stage.DependsOn).toContain(settingId);
    expect(setting.DependsOn).toContain(roleId);
  });

  test('leave the role behind for the other APIs of the account', () => {
    expect(template.findResources('AWS::IAM::Role')[roleId]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('are looked after by a function that may read the setting and set this one role', () => {
    const setter = template.findResources('AWS::Lambda::Function')[setterId];
    const [executionRoleId] = setter.Properties.Role['Fn::GetAtt'];
    const statements = Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
      .filter(({ Properties }) => Properties.Roles?.some(({ Ref }: { Ref: string }) => Ref === executionRoleId))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements.filter(({ Action }: { Action: string | string[] }) => !/^(logs|xray):/.test([Action].flat()[0]))).toEqual([
      {
        Action: ['apigateway:GET', 'apigateway:PATCH'], Effect: 'Allow',
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':apigateway:', { Ref: 'AWS::Region' }, '::/account']] },
      },
      {
        Action: 'iam:PassRole', Effect: 'Allow', Resource: { 'Fn::GetAtt': [roleId, 'Arn'] },
        Condition: { StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } },
      },
    ]);
  });

  test('do not keep a deployment waiting for an hour if the function never answers', () => {
    expect(Number(setting.Properties.ServiceTimeout)).toBe(240);
  });
});

test('with the role that the account has, the API logs and nothing is set or made', () => {
  const template = templateWith({ logging: ApiLogging.EXISTING_ROLE });
  template.resourceCountIs(SETTING, 0);
  template.resourceCountIs('AWS::Lambda::Function', 3);
  template.hasResourceProperties('AWS::ApiGateway::Stage', {
    AccessLogSetting: Match.anyValue(), MethodSettings: [Match.objectLike({ LoggingLevel: 'ERROR' })],
  });
});

test('switched off, no role is needed: neither access logs nor execution logs, and no log groups for them', () => {
  const stack = new StoreStack();
  const api = stack.addApi({ logging: ApiLogging.OFF, removalPolicy: RemovalPolicy.DESTROY });
  const template = Template.fromStack(stack);
  expect(api.accessLogs).toBeUndefined();
  template.resourceCountIs(SETTING, 0);
  template.resourceCountIs('AWS::Logs::LogGroup', 3);
  template.hasResourceProperties('AWS::ApiGateway::Stage', {
    AccessLogSetting: Match.absent(), MethodSettings: [Match.objectLike({ LoggingLevel: 'OFF', MetricsEnabled: true })],
  });
});
