import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApiAuthentication, ApiLogging, SecureModelArtifactStore, type SecureModelArtifactStoreProps, TrailSource } from '../../src';
import { ENV } from '../../src/contract/environment';
import { templateOf } from '../support/app';

function storeTemplate(props?: SecureModelArtifactStoreProps): Template {
  return templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', props));
}

function propertiesOf(template: Template, type: string): Array<Record<string, any>> {
  return Object.values(template.findResources(type)).map(({ Properties }) => Properties);
}

/** The functions that serve requests. */
function functionsOf(template: Template): Array<Record<string, any>> {
  return propertiesOf(template, 'AWS::Lambda::Function').filter(({ Environment }) => Environment?.Variables.SESSION_ROLE_ARN);
}

describe('a store with no properties', () => {
  const template = storeTemplate();

  test('has every part', () => {
    template.resourceCountIs('AWS::S3::Bucket', 4);
    template.resourceCountIs('AWS::CloudTrail::Trail', 1);
    template.resourceCountIs('AWS::Lambda::Function', 4);
    template.resourceCountIs('AWS::ApiGateway::RestApi', 1);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    template.resourceCountIs('AWS::SSM::Parameter', 9);
  });

  test('has no functions except its own three, and the one that sets the logging role of the account', () => {
    const ids = Object.keys(template.findResources('AWS::Lambda::Function')).map((id) => id.replace(/[0-9A-F]{8}$/, ''));
    expect(ids.sort()).toEqual(['ModelsApiLoggingRoleSetter', 'ModelsFunctionsDownload', 'ModelsFunctionsRegistry', 'ModelsFunctionsUpload']);
    expect(template.findResources('AWS::CloudFormation::CustomResource')).toEqual({});
    expect(Object.values(template.toJSON().Resources).map(({ Type }: any) => Type).filter((type) => type.startsWith('Custom::')))
      .toEqual(['Custom::ApiGatewayLoggingRole']);
  });

  test('never replaces the logging role of the account, and leaves it alone if configured', () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
    for (const apiLogging of [ApiLogging.EXISTING_ROLE, ApiLogging.OFF]) {
      const without = storeTemplate({ audit: { apiLogging } });
      without.resourceCountIs('Custom::ApiGatewayLoggingRole', 0);
      without.resourceCountIs('AWS::Lambda::Function', 3);
    }
    expect(() => storeTemplate({ api: false, audit: { apiLogging: ApiLogging.OFF } })).toThrow(/audit.apiLogging configures the API/);
  });

  test('retains stateful resources that leave the stack', () => {
    for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup']) {
      for (const [id, resource] of Object.entries(template.findResources(type))) {
        expect([id, resource.DeletionPolicy, resource.UpdateReplacePolicy]).toEqual([id, 'Retain', 'Retain']);
      }
    }
  });

  test('requires IAM credentials from callers', () => {
    expect(new Set(propertiesOf(template, 'AWS::ApiGateway::Method').map(({ AuthorizationType }) => AuthorizationType))).toEqual(new Set(['AWS_IAM']));
  });

  test('lets only the sessions of its functions write models, not even administrators', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'DenyOtherWritersOfVersions', Effect: 'Deny' }), Match.objectLike({ Sid: 'DenyOtherWritersOfAliases', Effect: 'Deny' })]) },
    });
  });

  test('lets only the sessions of the upload function sign manifests, not even administrators', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeySpec: 'ECC_NIST_P256',
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Sid: 'DenyOtherSigners',
          Condition: { ArnNotEquals: { 'aws:PrincipalArn': [{ 'Fn::GetAtt': [Match.stringLikeRegexp('UploadSessionRole'), 'Arn'] }] } },
        })]),
      },
    });
  });

  test('allows nothing in the policy of the artifact bucket', () => {
    const policies = propertiesOf(template, 'AWS::S3::BucketPolicy').filter(({ PolicyDocument }) =>
      PolicyDocument.Statement.some(({ Sid }: { Sid?: string }) => Sid === 'DenyOtherWritersOfVersions'));
    expect(policies).toHaveLength(1);
    expect(policies[0].PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect !== 'Deny')).toEqual([]);
  });

  test('signs manifests with an asymmetric key', () => {
    template.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const signing = functionsOf(template).filter(({ Environment }) => 'SIGNING_KEY_ARN' in Environment.Variables);
    expect(signing.map(({ Description }) => Description)).toEqual([expect.stringContaining('publishes versions'), expect.stringContaining('moves aliases')]);
  });

  test('has presigned URLs and sessions of 15 minutes, and the bucket policy rejects older URLs', () => {
    for (const { Environment } of functionsOf(template)) {
      expect([Environment.Variables.LINK_SECONDS, Environment.Variables.SESSION_SECONDS]).toEqual(['900', '900']);
    }
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Condition: { NumericGreaterThan: { 's3:signatureAge': 900_000 } } })]) },
    });
  });

  test('records the artifact bucket, reads of the logs, and its functions', () => {
    const [{ AdvancedEventSelectors }] = propertiesOf(template, 'AWS::CloudTrail::Trail');
    const types = AdvancedEventSelectors.map(({ FieldSelectors }: any) => FieldSelectors.find(({ Field }: any) => Field === 'resources.type')?.Equals);
    expect(types.flat().filter((type: string) => type === 'AWS::Lambda::Function')).toHaveLength(1);
    expect(types.flat()).toContain('AWS::S3::Object');
  });

  test('is named after its path', () => {
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/secure-model-artifact-store/Test-Models' });
  });

  test('publishes where clients find it, and no secrets', () => {
    const [{ Value }] = propertiesOf(template, 'AWS::SSM::Parameter');
    const description = JSON.parse(Value['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'token')).join(''));
    expect(description).toEqual({
      schemaVersion: 1, storeName: 'Test-Models', region: 'token', url: expect.stringContaining('https://'), authentication: 'iam', bucketName: 'token',
      signing: true,
    });
  });

  test('lets each of its roles find it by name', () => {
    const managed = JSON.stringify(propertiesOf(template, 'AWS::IAM::ManagedPolicy'));
    expect(managed.split('"ssm:GetParameter"').length - 1).toBeGreaterThanOrEqual(3);
  });

  test('has an output for every value that users need', () => {
    expect(Object.values(template.toJSON().Outputs).map((output: any) => output.Description)).toEqual([
      'Name that clients use to find the store: model-store --store NAME', 'URL of the API',
      'ID of the REST API, which permissions to call it refer to', 'Bucket that holds the models', 'Key that encrypts the models',
      'Key that signs manifests', 'Bucket that CloudTrail delivers to', 'Key that encrypts the trail', 'Bucket that receives the server access logs',
      'Role that pushes and pulls models', 'Role that pulls models and moves aliases', 'Role that reads logs and manifests, but no models',
      'Athena workgroup with the named queries about egress', 'SNS topic that receives alarms; subscribe to it',
    ]);
  });
});

describe('callers of a store', () => {
  const functionVariables = (template: Template) => functionsOf(template).map(({ Environment }) => Environment.Variables);
  const outputsOf = (template: Template) => Object.entries(template.toJSON().Outputs as { [id: string]: { Value: unknown } });

  test('need a session name, unless their role is exempt; the functions know which roles are', () => {
    expect(functionVariables(storeTemplate({})).filter((variables) => ENV.ROLES_WITH_DEFAULT_SESSION_NAMES in variables)).toEqual([]);
    const [variables] = functionVariables(storeTemplate({
      access: { pipeline: { allowDefaultSessionNames: true, roleName: 'release' }, rolesWithDefaultSessionNames: ['batch-*'] },
    }));
    expect(JSON.stringify(variables[ENV.ROLES_WITH_DEFAULT_SESSION_NAMES])).toMatch(/"\["?.*ModelsRolesPipeline.*batch-\*/);
  });

  test('can use a permission set, with the policy names from an output', () => {
    const outputs = outputsOf(storeTemplate({ access: { dataScientist: { policyName: 'Scientist' }, auditor: { policyName: 'Auditor' } } }));
    const valueOf = (name: string) => outputs.find(([id]) => id.includes(name))?.[1].Value;
    expect([valueOf('DataScientistPolicyNames'), valueOf('AuditorPolicyNames'), valueOf('PipelinePolicyNames')]).toEqual([
      'Scientist', expect.stringMatching(/^Auditor(,Auditor-\d+)*$/), undefined,
    ]);
  });

  test('sign in to Cognito with the command in an output', () => {
    const template = storeTemplate({ authentication: ApiAuthentication.cognito() });
    const [, { Value }] = outputsOf(template).find(([id]) => id.includes('LoginCommand'))!;
    expect(JSON.stringify(Value)).toMatch(/model-store login --url https:.* --issuer https:.* --client-id /);
    const [{ Value: description }] = propertiesOf(template, 'AWS::SSM::Parameter');
    expect(JSON.stringify(description)).toContain('\\"issuer\\":\\"https://');
    expect(outputsOf(storeTemplate({})).filter(([id]) => id.includes('LoginCommand'))).toEqual([]);
  });
});

describe('the properties of a store', () => {
  test('presigned URLs of more than 15 minutes get sessions of the same duration', () => {
    const [{ Environment }] = functionsOf(storeTemplate({ access: { presignedUrlLifetime: Duration.minutes(45) } }));
    expect([Environment.Variables.LINK_SECONDS, Environment.Variables.SESSION_SECONDS]).toEqual(['2700', '2700']);
  });

  test('presigned URLs of less than 15 minutes also shorten the limit in the bucket policy', () => {
    storeTemplate({ access: { presignedUrlLifetime: Duration.minutes(5) } }).hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Condition: { NumericGreaterThan: { 's3:signatureAge': 300_000 } } })]) },
    });
  });

  test('presigned URLs that would outlive their session are rejected', () => {
    expect(() => storeTemplate({ access: { presignedUrlLifetime: Duration.minutes(30), sessionDuration: Duration.minutes(15) } })).toThrow(/presignedUrlLifetime|session/);
  });

  test.each([[true], [false]])('requests that a function answers with a 5xx raise an alarm, with api: %s', (api) => {
    const template = storeTemplate({ api });
    const counted = propertiesOf(template, 'AWS::CloudWatch::Alarm').map(({ MetricName }) => JSON.stringify(MetricName)).filter((name) => /FailedRequests/.test(name));

    expect(counted.map((name) => /ModelsFunctions(\w+?)Logs/.exec(name)?.[1]).sort()).toEqual(['Download', 'Registry', 'Upload']);
    for (const { LoggingConfig } of functionsOf(template)) {
      expect(counted.filter((name) => name.includes(JSON.stringify(LoggingConfig.LogGroup)))).toHaveLength(1);
    }
  });

  test('api: false leaves out the API and has callers invoke functions', () => {
    const template = storeTemplate({ api: false });
    template.resourceCountIs('AWS::ApiGateway::RestApi', 0);
    const [{ Environment }] = functionsOf(template);
    expect(Environment.Variables.AUTHENTICATION).toBe('none');
    expect(JSON.stringify(propertiesOf(template, 'AWS::IAM::ManagedPolicy'))).toContain('lambda:InvokeFunction');
  });

  test('with an API, no grant allows invoking a function directly', () => {
    expect(JSON.stringify(propertiesOf(storeTemplate(), 'AWS::IAM::ManagedPolicy'))).not.toContain('lambda:InvokeFunction');
  });

  test('signing.enabled: false leaves out the key', () => {
    const template = storeTemplate({ signing: { enabled: false } });
    expect(propertiesOf(template, 'AWS::KMS::Key').filter(({ KeyUsage }) => KeyUsage === 'SIGN_VERIFY')).toEqual([]);
    expect(functionsOf(template).filter(({ Environment }) => 'SIGNING_KEY_ARN' in Environment.Variables)).toEqual([]);
  });

  test('TrailSource.none() leaves out the trail and warns about it', () => {
    const stack = new Stack(new App(), 'Test');
    new SecureModelArtifactStore(stack, 'Models', { audit: { trail: TrailSource.none() } });
    Template.fromStack(stack).resourceCountIs('AWS::CloudTrail::Trail', 0);
  });

  test('the perimeter exempts the own calls of functions outside of a VPC, and never a presigned URL', () => {
    const template = storeTemplate({ network: { perimeter: { cidrs: ['203.0.113.0/24'] } } });
    const statements = propertiesOf(template, 'AWS::S3::BucketPolicy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const named = (sid: string) => statements.find(({ Sid }: { Sid?: string }) => Sid === sid);
    const sessions = named('DenyLinksOutsidePerimeter').Condition.ArnEquals['aws:PrincipalArn'];
    expect(sessions).toHaveLength(3);
    expect(named('DenyNetworksOutsidePerimeter').Condition.ArnNotLike['aws:PrincipalArn']).toEqual(expect.arrayContaining(sessions));
    expect(named('DenyLinksOutsidePerimeter').Condition).toMatchObject({
      NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] }, StringNotEquals: { 's3:authType': 'REST-HEADER' },
    });
  });

  test('its metrics can be used in custom alarms and dashboards', () => {
    const stack = new Stack(new App(), 'Test');
    const store = new SecureModelArtifactStore(stack, 'Models');
    const { metricName, namespace } = store.monitoring!.metricEgressBytes({ period: Duration.hours(1) });

    expect(stack.resolve(metricName)).toEqual(expect.anything());
    expect(namespace).toBe('SecureModelArtifactStore');
    expect(store.monitoring!.metricDeniedRequests().period).toEqual(Duration.minutes(5));
    expect(stack.resolve(store.monitoring!.metricTopPrincipalEgressBytes().expression)).toMatch(/INSIGHT_RULE_METRIC/);
    expect(new SecureModelArtifactStore(stack, 'Quiet', { monitoring: { enabled: false } }).monitoring).toBeUndefined();
  });

  test('its API counts publishes, pulls and promotions, and measures latency', () => {
    const stack = new Stack(new App(), 'Test');
    const monitoring = new SecureModelArtifactStore(stack, 'Models').monitoring!;
    const routes = [monitoring.metricPublishes(), monitoring.metricPulls(), monitoring.metricPromotions()]
      .map(({ usingMetrics }) => (usingMetrics.requests as cloudwatch.Metric).dimensions);

    expect(routes).toEqual([
      expect.objectContaining({ Method: 'PUT', Resource: '/models/{model}/versions/{version}' }),
      expect.objectContaining({ Method: 'POST', Resource: '/models/{model}/versions/{version}/links' }),
      expect.objectContaining({ Method: 'PUT', Resource: '/models/{model}/aliases/{alias}' }),
    ]);
    expect(monitoring.metricApiLatency()).toMatchObject({ metricName: 'Latency', statistic: 'p99' });
    expect(monitoring.metricApiLatency().dimensions).not.toHaveProperty('Resource');
    const withoutApi = new SecureModelArtifactStore(stack, 'Direct', { api: false }).monitoring!;
    expect(() => withoutApi.metricPulls()).toThrow('metricPulls of Test/Direct/Monitoring needs the API of a store');
  });

  test('a store leaves room in a stack, which has at most 500 resources', () => {
    expect(Object.keys(storeTemplate().toJSON().Resources).length).toBeLessThan(330);
  });

  test('an invalid store name is rejected, with the rule', () => {
    expect(() => storeTemplate({ storeName: 'my models!' })).toThrow(/storeName is "my models!"; use 1 to 128 letters/);
  });

  test('everything that contradicts api: false is named at once', () => {
    expect(() => storeTemplate({ api: false, capacity: { throttlingRateLimit: 5 }, network: { apiCidrs: ['203.0.113.0/24'] } }))
      .toThrow(/network\.apiCidrs configures the API[\s\S]*capacity\.throttlingRateLimit configures the API/);
  });

  test('invalid durations, names and models are all reported at once, by the names of their properties', () => {
    const refused = (props: SecureModelArtifactStoreProps) => {
      try {
        storeTemplate(props);
        return [];
      } catch (error) {
        return (error as Error).message.split('\n  - ');
      }
    };
    expect(refused({
      storeName: '', bucketName: '',
      access: {
        dataScientist: { models: [] }, pipeline: { models: ['fraud-*', 'Fraud'] },
        presignedUrlLifetime: Duration.hours(2), sessionDuration: Duration.minutes(5),
      },
      retention: {
        logs: Duration.hours(5), abortIncompleteMultipartUploadAfter: Duration.minutes(1), noncurrentVersionExpiration: Duration.days(20),
        noncurrentVersionTransitionAfter: Duration.days(20), removalPolicy: RemovalPolicy.SNAPSHOT,
        modelObjectLock: s3.ObjectLockRetention.governance(Duration.days(21)),
      },
    }).map((line) => line.split(/; |: /)[0])).toEqual([
      'SecureModelArtifactStore at Test/Models:',
      'storeName is ""',
      'bucketName is ""',
      'retention.abortIncompleteMultipartUploadAfter is 1 minute',
      'retention.noncurrentVersionTransitionAfter (20 days) must be shorter than '
        + 'retention.noncurrentVersionExpiration (20 days)',
      'retention.noncurrentVersionExpiration (20 days) is shorter than retention.modelObjectLock (21 days)',
      'retention.logs is 5 hours',
      'access.dataScientist.models is empty, which would grant nothing',
      'access.pipeline.models[1] is "Fraud"',
      'access.presignedUrlLifetime is 2 hours',
      'access.sessionDuration is 5 minutes',
      'access.presignedUrlLifetime (2 hours) is longer than access.sessionDuration (5 minutes)',
      'retention.removalPolicy is SNAPSHOT, which none of the store\'s resources supports',
    ]);
    expect(refused({ access: { presignedUrlLifetime: Duration.seconds(59) } })[1]).toContain('access.presignedUrlLifetime is 59 seconds; use whole seconds between 1 minute');
    expect(refused({ access: { presignedUrlLifetime: Duration.millis(90_500) } })[1]).toContain('use whole seconds');
    expect(refused({
      access: {
        dataScientist: { policyName: 'a/b' }, pipeline: { policyName: 'Models' }, auditor: { policyName: 'models' },
        rolesWithDefaultSessionNames: ['batch-*', 'arn:aws:iam::111122223333:role/batch'],
      },
    }).slice(1)).toEqual([
      expect.stringContaining('access.rolesWithDefaultSessionNames[1] is "arn:aws:iam::111122223333:role/batch"; use the name of a role (not its ARN)'),
      expect.stringContaining('access.dataScientist.policyName is "a/b"'),
      expect.stringContaining('access.auditor.policyName is "models", the same as access.pipeline.policyName'),
    ]);
    expect(refused({ api: false, access: { rolesWithDefaultSessionNames: ['batch'] } })[1]).toContain('is for callers of the API, but api is false');
    const asLongAsCanBe = { presignedUrlLifetime: Duration.hours(1), sessionDuration: Duration.hours(1) };
    expect(refused({ access: asLongAsCanBe, retention: { logs: Duration.days(30) } })).toEqual([]);
  });

  test('alarms cannot be configured and disabled at the same time', () => {
    expect(() => storeTemplate({ monitoring: { enabled: false, period: Duration.minutes(1) } })).toThrow(/monitoring\.period configures the alarms/);
  });

  test('two stores fit into one stack, if neither has alarms', () => {
    const template = templateOf((stack) => {
      new SecureModelArtifactStore(stack, 'Fraud', { monitoring: { enabled: false } });
      new SecureModelArtifactStore(stack, 'Churn', { monitoring: { enabled: false } });
    });
    template.resourceCountIs('AWS::ApiGateway::RestApi', 2);
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/secure-model-artifact-store/Test-Churn' });
  });
});
