import { App, CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { StoreStack } from './fixtures';
import { StoreFunctions } from '../../src/api/store-functions';
import { ENV } from '../../src/contract/environment';
import { FUNCTIONS } from '../../src/contract/routes';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function actionsOf(statement: Statement): string[] {
  return [statement.Action].flat();
}

/** All statements that apply to the execution role of a function. */
function executionStatements(template: Template, roleId: RegExp): Statement[] {
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .filter((policy) => policy.Properties.Roles?.some((role: { Ref: string }) => roleId.test(role.Ref)))
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement as Statement[]);
}

function environmentOf(template: Template, description: RegExp): { [name: string]: unknown } {
  const [found] = Object.values(template.findResources('AWS::Lambda::Function'))
    .filter((fn) => description.test(fn.Properties.Description));
  return found.Properties.Environment.Variables;
}

const UPLOAD = /^Accepts uploads/;
const DOWNLOAD = /^Signs URLs/;
const REGISTRY = /^Lists and shows/;

describe('the functions with no options', () => {
  const stack = new StoreStack();
  const functions = stack.addFunctions();
  const template = Template.fromStack(stack);

  test('are three, on Node.js 24 and arm64, with one full vCPU and API Gateway\'s timeout of 29 seconds', () => {
    template.resourceCountIs('AWS::Lambda::Function', 3);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler', MemorySize: 1769, Timeout: 29,
    });
  });

  test('log JSON to dedicated, encrypted log groups, kept 400 days and retained when the stack is deleted', () => {
    template.allResourcesProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO', LogGroup: { Ref: Match.anyValue() } },
    });
    template.resourceCountIs('AWS::Logs::LogGroup', 3);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 400, KmsKeyId: Match.anyValue() });
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
  });

  test('have a retained, rotated key for logs that CloudWatch Logs can use only for log groups of this stack', () => {
    template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      Properties: {
        EnableKeyRotation: true,
        KeyPolicy: {
          Statement: Match.arrayWith([Match.objectLike({
            Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] } },
            Condition: {
              ArnLike: {
                'kms:EncryptionContext:aws:logs:arn': {
                  'Fn::Join': ['', Match.arrayWith([':log-group:Store-*'])],
                },
              },
            },
          })]),
        },
      },
    });
  });

  test('are traced', () => {
    template.allResourcesProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } });
  });

  test('know the bucket, the key, their session role and the lifetimes; 15 minutes for a presigned URL', () => {
    for (const fn of Object.values(template.findResources('AWS::Lambda::Function'))) {
      const variables = fn.Properties.Environment.Variables;
      expect(variables[ENV.SESSION_SECONDS]).toBe('900');
      expect(variables[ENV.LINK_SECONDS]).toBe('900');
      expect(variables[ENV.BUCKET_NAME]).toHaveProperty('Ref');
      expect(variables[ENV.ENCRYPTION_KEY_ARN]).toHaveProperty('Fn::GetAtt');
      expect(variables[ENV.AUTHENTICATION]).toBe('none');
      expect(variables).not.toHaveProperty(ENV.GROUP_PERMISSIONS);
    }
    const sessionRoles = Object.values(template.findResources('AWS::Lambda::Function'))
      .map((fn) => JSON.stringify(fn.Properties.Environment.Variables[ENV.SESSION_ROLE_ARN]));
    expect(new Set(sessionRoles).size).toBe(3);
  });

  test('pass the signing key to the function that publishes and to the one that shows its public key', () => {
    expect(environmentOf(template, UPLOAD)).toHaveProperty(ENV.SIGNING_KEY_ARN);
    expect(environmentOf(template, REGISTRY)).toHaveProperty(ENV.SIGNING_KEY_ARN);
    expect(environmentOf(template, DOWNLOAD)).not.toHaveProperty(ENV.SIGNING_KEY_ARN);
  });

  test('have only environment variables that are in the contract', () => {
    const inContract: string[] = Object.values(ENV);
    const names = Object.values(template.findResources('AWS::Lambda::Function'))
      .flatMap((fn) => Object.keys(fn.Properties.Environment.Variables));
    expect(names.filter((name) => !inContract.includes(name))).toEqual([]);
  });

  test('have no VPC, no reserved or provisioned concurrency, and no dead-letter queue', () => {
    template.allResourcesProperties('AWS::Lambda::Function', {
      VpcConfig: Match.absent(), ReservedConcurrentExecutions: Match.absent(), DeadLetterConfig: Match.absent(),
    });
    template.resourceCountIs('AWS::Lambda::Alias', 0);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  test('can only write to their own log group, send traces and open their sessions', () => {
    for (const role of ['Upload', 'Download', 'Registry']) {
      const allowed = executionStatements(template, new RegExp(`${role}ExecutionRole`)).filter(({ Effect }) => Effect === 'Allow');
      expect(allowed.flatMap(actionsOf).sort()).toEqual([
        'logs:CreateLogStream', 'logs:PutLogEvents',
        'sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession',
        'xray:PutTelemetryRecords', 'xray:PutTraceSegments',
      ]);
      const logging = allowed.find((statement) => actionsOf(statement).includes('logs:PutLogEvents'))!;
      expect(logging.Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`${role}Logs`)), 'Arn'] });
    }
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('open sessions from their own function alone, whatever else the role is granted', () => {
    for (const role of ['Upload', 'Download', 'Registry']) {
      const denied = executionStatements(template, new RegExp(`${role}ExecutionRole`)).filter((statement) =>
        statement.Effect === 'Deny' && JSON.stringify(statement.Resource).includes(`${role}SessionRole`));
      const arn = { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^Functions${role}`)), 'Arn'] };
      expect(denied).toEqual([{
        Effect: 'Deny',
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
        Resource: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`${role}SessionRole`)), 'Arn'] },
        Condition: { ArnNotLike: { 'lambda:SourceFunctionArn': [arn, { 'Fn::Join': ['', [arn, ':*']] }] } },
      }]);
    }
  });

  test('depend on the permissions to run, and not on the policies that name them, so that CloudFormation can create both', () => {
    const policies = template.findResources('AWS::IAM::ManagedPolicy');
    const naming = Object.keys(policies).filter((id) => JSON.stringify(policies[id]).includes('lambda:SourceFunctionArn'));
    expect(naming).toHaveLength(3);
    for (const { DependsOn } of Object.values(template.findResources('AWS::Lambda::Function'))) {
      expect(naming.filter((id) => DependsOn.includes(id))).toEqual([]);
      expect(DependsOn.filter((id: string) => id in policies)).toHaveLength(1);
    }
  });

  test('can be in another stack than their roles', () => {
    const app = new App();
    const { sessionRoles, artifactBucket, signingKey } = new StoreStack({}, app);
    const elsewhere = new Stack(app, 'Elsewhere');
    new StoreFunctions(elsewhere, 'Functions', { sessionRoles, artifactBucket, signingKey });
    const named = Template.fromStack(elsewhere).findResources('AWS::IAM::ManagedPolicy');
    expect(Object.values(named).filter((policy) => JSON.stringify(policy).includes('lambda:SourceFunctionArn'))).toHaveLength(3);
  });

  test('cannot share their roles with other functions, which could not open sessions', () => {
    const shared = new StoreStack();
    shared.addFunctions();
    expect(() => new StoreFunctions(shared, 'Others', { artifactBucket: shared.artifactBucket, sessionRoles: shared.sessionRoles }))
      .toThrow(/Store\/SessionRoles\/UploadExecutionRole already runs the function Store\/Functions\/Upload, .*create separate SessionRoles/);
  });

  test('add no custom resource', () => {
    const types = Object.values(template.toJSON().Resources as { [id: string]: { Type: string } }).map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('Custom::') || type.includes('CustomResource'))).toEqual([]);
  });

  test('are listed in the order of the contract', () => {
    expect(FUNCTIONS.map((name) => functions[name])).toEqual(functions.all);
  });
});

describe('options of the functions', () => {
  test('set lifetimes, memory and concurrency of every function, and log retention and removal', () => {
    const stack = new StoreStack({ sessionDuration: Duration.hours(1) });
    stack.addFunctions({
      presignedUrlLifetime: Duration.minutes(45), memorySize: 2048, reservedConcurrentExecutions: 20, tracing: false,
      logRetention: logs.RetentionDays.ONE_MONTH, logRemovalPolicy: RemovalPolicy.DESTROY, signingKey: undefined,
    });
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Lambda::Function', {
      MemorySize: 2048,
      ReservedConcurrentExecutions: 20,
      TracingConfig: Match.absent(),
      Environment: { Variables: Match.objectLike({ [ENV.SESSION_SECONDS]: '3600', [ENV.LINK_SECONDS]: '2700' }) },
    });
    expect(environmentOf(template, UPLOAD)).not.toHaveProperty(ENV.SIGNING_KEY_ARN);
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: Match.objectLike({ RetentionInDays: 30 }) });
    const traced = executionStatements(template, /ExecutionRole/).flatMap(actionsOf).filter((action) => action.startsWith('xray:'));
    expect(traced).toEqual([]);
  });

  test('use a given log key, and create no other', () => {
    const stack = new StoreStack();
    const before = Template.fromStack(new StoreStack()).findResources('AWS::KMS::Key');
    const key = new kms.Key(stack, 'MyLogKey');
    stack.addFunctions({ logEncryptionKey: key });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', Object.keys(before).length + 1);
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(key.keyArn) });
  });

  test('provision concurrency on an alias, and scale by utilization', () => {
    const stack = new StoreStack();
    stack.addFunctions({ minCapacity: 1, maxCapacity: 5 });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Alias', 3);
    template.allResourcesProperties('AWS::Lambda::Alias', { Name: 'live', ProvisionedConcurrencyConfig: Match.absent() });
    template.allResourcesProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 1, MaxCapacity: 5 });
    template.allResourcesProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 0.7,
        PredefinedMetricSpecification: { PredefinedMetricType: 'LambdaProvisionedConcurrencyUtilization' },
      },
    });
  });

  test('provision the minimum without scaling if there is no maximum', () => {
    const stack = new StoreStack();
    stack.addFunctions({ minCapacity: 2 });
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });
});

describe('functions in a VPC', () => {
  const stack = new StoreStack();
  stack.addFunctions({ vpc: new ec2.Vpc(stack, 'Vpc') });
  const template = Template.fromStack(stack);

  test('share a security group that allows no inbound traffic and only outbound HTTPS', () => {
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })],
    });
    template.allResourcesProperties('AWS::Lambda::Function', {
      VpcConfig: { SecurityGroupIds: [{ 'Fn::GetAtt': [Match.anyValue(), 'GroupId'] }], SubnetIds: Match.anyValue() },
    });
  });

  test('let Lambda manage network interfaces, but not their own code', () => {
    for (const role of ['Upload', 'Download', 'Registry']) {
      const network = executionStatements(template, new RegExp(`${role}ExecutionRole`))
        .filter((statement) => actionsOf(statement).some((action) => action.startsWith('ec2:')));
      const actions = [
        'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses',
      ];
      expect(network.filter(({ Effect }) => Effect === 'Allow').flatMap(actionsOf).sort()).toEqual(actions);
      const [denied] = network.filter(({ Effect }) => Effect === 'Deny');
      expect(actionsOf(denied).sort()).toEqual(actions);
      expect(denied.Condition).toEqual({ Null: { 'lambda:SourceFunctionArn': 'false' } });
    }
  });

  test('use given security groups', () => {
    const own = new StoreStack();
    const vpc = new ec2.Vpc(own, 'Vpc');
    const group = new ec2.SecurityGroup(own, 'Group', { vpc });
    own.addFunctions({ vpc, securityGroups: [group] });
    const ownTemplate = Template.fromStack(own);
    ownTemplate.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    ownTemplate.allResourcesProperties('AWS::Lambda::Function', {
      VpcConfig: Match.objectLike({ SecurityGroupIds: [own.resolve(group.securityGroupId)] }),
    });
  });
});

describe('contradictions', () => {
  test('are all reported at once, with both properties', () => {
    const stack = new StoreStack();
    const add = () => stack.addFunctions({
      presignedUrlLifetime: Duration.minutes(30),
      memorySize: 64,
      reservedConcurrentExecutions: 3,
      minCapacity: 5, maxCapacity: 4, utilizationTarget: 1.5,
      vpc: new ec2.Vpc(stack, 'Vpc'), securityGroups: [],
    });
    let message = '';
    try {
      add();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('StoreFunctions at Store/Functions');
    expect(message).toContain('presignedUrlLifetime is 30 minutes, but a presigned URL expires with the session that signed it, '
      + 'and sessions of sessionRoles last 15 minutes');
    expect(message).toContain('memorySize is 64; use a whole number from 128 to 10240');
    expect(message).toContain('maxCapacity is 4, less than minCapacity (5)');
    expect(message).toContain('maxCapacity is 4, but reservedConcurrentExecutions limits a function to 3');
    expect(message).toContain('utilizationTarget is 1.5; use a fraction between 0.1 and 0.9');
    expect(message).toContain('securityGroups is empty');
  });

  test.each([
    ['a lifetime of 59 seconds', { presignedUrlLifetime: Duration.seconds(59) }, 'presignedUrlLifetime is 59 seconds; use at least 1 minute'],
    ['a reserved concurrency of 0', { reservedConcurrentExecutions: 0 }, 'reservedConcurrentExecutions is 0; use a whole number of at least 1'],
    ['half a provisioned environment', { minCapacity: 0.5 }, 'minCapacity is 0.5'],
    [
      'a target utilization without scaling', { minCapacity: 1, utilizationTarget: 0.5 },
      'utilizationTarget is 0.5, but nothing scales',
    ],
  ])('%s is rejected', (_name, props, message) => {
    expect(() => new StoreStack().addFunctions(props)).toThrow(message);
  });

  test.each([
    ['a lifetime equal to the session duration', { presignedUrlLifetime: Duration.minutes(15) }],
    ['a lifetime of one minute', { presignedUrlLifetime: Duration.minutes(1) }],
    ['the minimum memory', { memorySize: 128 }],
    ['the maximum memory', { memorySize: 10_240 }],
    ['as much provisioned as reserved concurrency', { reservedConcurrentExecutions: 4, minCapacity: 4 }],
  ])('%s is accepted', (_name, props) => {
    expect(() => new StoreStack().addFunctions(props)).not.toThrow();
  });

  test('values that are known only at deployment are accepted', () => {
    const stack = new StoreStack();
    const parameter = new CfnParameter(stack, 'Number', { type: 'Number' });
    stack.addFunctions({
      presignedUrlLifetime: Duration.seconds(parameter.valueAsNumber),
      memorySize: parameter.valueAsNumber,
      reservedConcurrentExecutions: parameter.valueAsNumber,
    });
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Lambda::Function', {
      MemorySize: { Ref: 'Number' },
      ReservedConcurrentExecutions: { Ref: 'Number' },
      Environment: { Variables: Match.objectLike({ [ENV.LINK_SECONDS]: { Ref: 'Number' } }) },
    });
  });
});
