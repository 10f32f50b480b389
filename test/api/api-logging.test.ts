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

  test('never replace the account\'s role, as CloudFormation\'s own resource would', () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('depend on the account\'s role', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    expect(stage.DependsOn).toContain(settingId);
    expect(setting.DependsOn).toContain(roleId);
  });

  test('retain the role for the account\'s other APIs', () => {
    expect(template.findResources('AWS::IAM::Role')[roleId]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('use a function that can only read the setting and set this one role', () => {
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

  test('do not block a deployment for an hour if the function never responds', () => {
    expect(Number(setting.Properties.ServiceTimeout)).toBe(240);
  });
});

test('with the account\'s existing role, the API logs and no role or setting is created', () => {
  const template = templateWith({ logging: ApiLogging.EXISTING_ROLE });
  template.resourceCountIs(SETTING, 0);
  template.resourceCountIs('AWS::Lambda::Function', 3);
  template.hasResourceProperties('AWS::ApiGateway::Stage', {
    AccessLogSetting: Match.anyValue(), MethodSettings: [Match.objectLike({ LoggingLevel: 'ERROR' })],
  });
});

test('without logging, there are no access logs, execution logs or log groups, and no role is needed', () => {
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
