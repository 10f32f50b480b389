import { CfnParameter, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { StoreStack } from './fixtures';
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

/** What the execution role of a function is allowed and denied, wherever it is written. */
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

const UPLOAD = /^Takes models in/;
const REGISTRY = /^Lists and shows/;

describe('the functions with no options', () => {
  const stack = new StoreStack();
  const functions = stack.addFunctions();
  const template = Template.fromStack(stack);

  test('are three, on Node.js 24 and arm64, with a whole processor and the 29 seconds that API Gateway waits', () => {
    template.resourceCountIs('AWS::Lambda::Function', 3);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler', MemorySize: 1769, Timeout: 29,
    });
  });

  test('log JSON to log groups of their own, kept 400 days, encrypted, and kept when the stack goes', () => {
    template.allResourcesProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO', LogGroup: { Ref: Match.anyValue() } },
    });
    template.resourceCountIs('AWS::Logs::LogGroup', 3);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 400, KmsKeyId: Match.anyValue() });
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
  });

  test('have a key for their logs that rotates, is kept, and that CloudWatch Logs may use for this stack\'s log groups alone', () => {
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

  test('know bucket, key, their own session role and the lifetimes; 15 minutes for a link', () => {
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

  test('only the function that publishes knows the key that signs', () => {
    expect(environmentOf(template, UPLOAD)).toHaveProperty(ENV.SIGNING_KEY_ARN);
    expect(environmentOf(template, REGISTRY)).not.toHaveProperty(ENV.SIGNING_KEY_ARN);
  });

  test('carry nothing in their environment that is not in the contract', () => {
    const inContract: string[] = Object.values(ENV);
    const names = Object.values(template.findResources('AWS::Lambda::Function'))
      .flatMap((fn) => Object.keys(fn.Properties.Environment.Variables));
    expect(names.filter((name) => !inContract.includes(name))).toEqual([]);
  });

  test('are in no VPC, reserve no concurrency, keep nothing warm, and have no dead-letter queue that would stay empty', () => {
    template.allResourcesProperties('AWS::Lambda::Function', {
      VpcConfig: Match.absent(), ReservedConcurrentExecutions: Match.absent(), DeadLetterConfig: Match.absent(),
    });
    template.resourceCountIs('AWS::Lambda::Alias', 0);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  test('may write to their own log group, send traces and open their sessions, and nothing else', () => {
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

  test('bring no custom resource', () => {
    const types = Object.values(template.toJSON().Resources as { [id: string]: { Type: string } }).map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('Custom::') || type.includes('CustomResource'))).toEqual([]);
  });

  test('are given in the order of the contract', () => {
    expect(FUNCTIONS.map((name) => functions[name])).toEqual(functions.all);
  });
});

describe('options of the functions', () => {
  test('lifetimes, memory and concurrency reach every function, and logs can be kept for less and destroyed', () => {
    const stack = new StoreStack({ sessionDuration: Duration.hours(1) });
    stack.addFunctions({
      linkLifetime: Duration.minutes(45), memorySize: 2048, reservedConcurrency: 20, tracing: false,
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

  test('a given log key is used, and no other is made', () => {
    const stack = new StoreStack();
    const before = Template.fromStack(new StoreStack()).findResources('AWS::KMS::Key');
    const key = new kms.Key(stack, 'MyLogKey');
    stack.addFunctions({ logEncryptionKey: key });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', Object.keys(before).length + 1);
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(key.keyArn) });
  });

  test('warm environments belong to an alias, and scale by their utilization', () => {
    const stack = new StoreStack();
    stack.addFunctions({ provisionedConcurrency: { minimum: 1, maximum: 5 } });
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

  test('without a maximum as many are kept warm as the minimum says, and nothing scales', () => {
    const stack = new StoreStack();
    stack.addFunctions({ provisionedConcurrency: { minimum: 2 } });
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });
});

describe('functions in a VPC', () => {
  const stack = new StoreStack();
  stack.addFunctions({ network: { vpc: new ec2.Vpc(stack, 'Vpc') } });
  const template = Template.fromStack(stack);

  test('share a security group that lets nothing in and only HTTPS out', () => {
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })],
    });
    template.allResourcesProperties('AWS::Lambda::Function', {
      VpcConfig: { SecurityGroupIds: [{ 'Fn::GetAtt': [Match.anyValue(), 'GroupId'] }], SubnetIds: Match.anyValue() },
    });
  });

  test('let Lambda attach them to it, and their own code do nothing with network interfaces', () => {
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

  test('take security groups that are given', () => {
    const own = new StoreStack();
    const vpc = new ec2.Vpc(own, 'Vpc');
    const group = new ec2.SecurityGroup(own, 'Group', { vpc });
    own.addFunctions({ network: { vpc, securityGroups: [group] } });
    const ownTemplate = Template.fromStack(own);
    ownTemplate.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    ownTemplate.allResourcesProperties('AWS::Lambda::Function', {
      VpcConfig: Match.objectLike({ SecurityGroupIds: [own.resolve(group.securityGroupId)] }),
    });
  });
});

describe('contradictions', () => {
  test('are all named at once, both sides of each', () => {
    const stack = new StoreStack();
    const add = () => stack.addFunctions({
      linkLifetime: Duration.minutes(30),
      memorySize: 64,
      reservedConcurrency: 3,
      provisionedConcurrency: { minimum: 5, maximum: 4, targetUtilization: 1.5 },
      network: { vpc: new ec2.Vpc(stack, 'Vpc'), securityGroups: [] },
    });
    let message = '';
    try {
      add();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('StoreFunctions at Store/Functions');
    expect(message).toContain('linkLifetime is 30 minutes, but a link dies with the session that signed it, and sessionRoles keeps sessions for 15 minutes');
    expect(message).toContain('memorySize is 64; it is a whole number from 128 to 10240');
    expect(message).toContain('provisionedConcurrency.maximum is 4, less than provisionedConcurrency.minimum, 5');
    expect(message).toContain('provisionedConcurrency goes up to 4, but reservedConcurrency lets a function have 3 at most');
    expect(message).toContain('provisionedConcurrency.targetUtilization is 1.5; it is a share between 0.1 and 0.9');
    expect(message).toContain('network.securityGroups is empty');
  });

  test.each([
    ['a link of 59 seconds', { linkLifetime: Duration.seconds(59) }, 'linkLifetime is 59 seconds; a link needs at least 1 minute'],
    ['no reserved concurrency at all', { reservedConcurrency: 0 }, 'reservedConcurrency is 0; it is a whole number of at least 1'],
    ['half a warm environment', { provisionedConcurrency: { minimum: 0.5 } }, 'provisionedConcurrency.minimum is 0.5'],
    [
      'a target with nothing that scales', { provisionedConcurrency: { minimum: 1, targetUtilization: 0.5 } },
      'provisionedConcurrency.targetUtilization is 0.5, but nothing scales',
    ],
  ])('%s is refused', (_name, props, message) => {
    expect(() => new StoreStack().addFunctions(props)).toThrow(message);
  });

  test.each([
    ['a link that lives as long as its session', { linkLifetime: Duration.minutes(15) }],
    ['a link of one minute', { linkLifetime: Duration.minutes(1) }],
    ['the least memory', { memorySize: 128 }],
    ['the most memory', { memorySize: 10_240 }],
    ['as many warm as reserved', { reservedConcurrency: 4, provisionedConcurrency: { minimum: 4 } }],
  ])('%s is taken', (_name, props) => {
    expect(() => new StoreStack().addFunctions(props)).not.toThrow();
  });

  test('values that only the deployment knows are let through', () => {
    const stack = new StoreStack();
    const parameter = new CfnParameter(stack, 'Number', { type: 'Number' });
    stack.addFunctions({
      linkLifetime: Duration.seconds(parameter.valueAsNumber),
      memorySize: parameter.valueAsNumber,
      reservedConcurrency: parameter.valueAsNumber,
    });
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Lambda::Function', {
      MemorySize: { Ref: 'Number' },
      ReservedConcurrentExecutions: { Ref: 'Number' },
      Environment: { Variables: Match.objectLike({ [ENV.LINK_SECONDS]: { Ref: 'Number' } }) },
    });
  });
});
