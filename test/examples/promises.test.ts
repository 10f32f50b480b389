import type { App, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { appOf, templateOf } from './support/assemblies';
import type { TeamIsolationStack } from '../../examples/team-isolation/team-isolation-stack';
import { Principals } from '../access/support/principals';
import { ACCOUNT, deployed, REGION } from '../storage/support/policies';

const stackOf = <T extends Stack>(app: App, name: string) => app.node.findChild(name) as T;
const propertiesOf = (folder: string, stack: string, type: string): any[] =>
  Object.values(templateOf(folder, stack).findResources(type)).map(({ Properties }) => Properties);

describe('team isolation', () => {
  const stack = () => stackOf<TeamIsolationStack>(appOf('team-isolation'), 'TeamIsolation');
  const call = (team: string, method: string, path: string) => new Principals(stack()).may(stack().teams[team], 'execute-api:Invoke', `arn:aws:execute-api:${REGION}:${ACCOUNT}:${
    (stack().resolve(stack().store._api!.restApi.restApiId) as { Ref: string }).Ref.toLowerCase()}/v1/${method}${path}`);
  const WORK = [
    ['POST', '/models/MODEL/uploads'], ['PUT', '/models/MODEL/versions/1.0.0'], ['POST', '/models/MODEL/versions/1.0.0/links'],
    ['GET', '/models/MODEL/versions'], ['PUT', '/models/MODEL/aliases/production'],
  ] as const;

  test.each(WORK)('a team can %s its own %s', (method, path) => {
    expect(call('fraud', method, path.replace('MODEL', 'fraud-scorer'))).toBe(true);
  });

  test.each(WORK)('a team cannot %s %s of another team', (method, path) => {
    expect(call('fraud', method, path.replace('MODEL', 'pricing-elasticity'))).toBe(false);
    expect(call('pricing', method, path.replace('MODEL', 'fraud-scorer'))).toBe(false);
  });

  test('a team cannot list all models', () => {
    expect(call('fraud', 'GET', '/models')).toBe(false);
  });

  test('team policies allow only their own models and no direct S3 access, and teams find the store by name', () => {
    for (const [team, role] of Object.entries(stack().teams)) {
      const statements = JSON.stringify(new Principals(stack()).statementsOf(role));
      expect(statements).toContain(`/models/${team}-*`);
      expect(['fraud', 'pricing', 'search'].filter((other) => other !== team && statements.includes(`${other}-`))).toEqual([]);
      expect(statements).not.toMatch(/s3:|models\/\*/);
      expect(statements).toContain('ssm:GetParameter');
    }
  });
});

describe('a log archive in another account', () => {
  test('receives the trail, encrypted with the key of that account', () => {
    templateOf('cross-account-log-archive', 'ModelStore').hasResourceProperties('AWS::CloudTrail::Trail', {
      TrailName: 'model-store',
      S3BucketName: 'model-evidence-444455556666-eu-central-1',
      KMSKeyId: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:eu-central-1:444455556666:alias/model-evidence']] },
    });
    templateOf('cross-account-log-archive', 'ModelEvidence').hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/model-evidence' });
  });

  test('accepts records only from that trail', () => {
    const policies = JSON.stringify(propertiesOf('cross-account-log-archive', 'ModelEvidence', 'AWS::S3::BucketPolicy'));

    expect(policies).toContain(':cloudtrail:eu-central-1:111122223333:trail/model-store');
    expect(policies.match(/:trail\/[\w*-]+/g)!.filter((trail) => trail !== ':trail/model-store')).toEqual([]);
  });

  test('has the audit queries, and the account with the models has none', () => {
    templateOf('cross-account-log-archive', 'ModelStore').resourceCountIs('AWS::Athena::WorkGroup', 0);
    templateOf('cross-account-log-archive', 'ModelEvidence').resourceCountIs('AWS::Athena::WorkGroup', 1);
    const tables = JSON.stringify(propertiesOf('cross-account-log-archive', 'ModelEvidence', 'AWS::Glue::Table'));
    expect(tables).toContain('models-111122223333-eu-central-1');
  });

  test('is not in the account with the models', () => {
    const names = propertiesOf('cross-account-log-archive', 'ModelStore', 'AWS::S3::Bucket').map(({ BucketName }) => BucketName);

    expect(names.filter((name) => name?.startsWith?.('model-evidence'))).toEqual([]);
    expect(names).toContain('models-111122223333-eu-central-1');
  });
});

describe('Cognito sign-in', () => {
  const properties = (type: string) => propertiesOf('cognito-sign-in', 'CognitoSignIn', type);

  test('has a group for each team and one for releases', () => {
    expect(properties('AWS::Cognito::UserPoolGroup').map(({ GroupName }) => GroupName).sort())
      .toEqual(['fraud-scientists', 'pricing-scientists', 'release-managers']);
  });

  test('does not allow self-registration, and requires MFA', () => {
    expect(properties('AWS::Cognito::UserPool')).toEqual([
      expect.objectContaining({ AdminCreateUserConfig: expect.objectContaining({ AllowAdminCreateUserOnly: true }), MfaConfiguration: 'ON' }),
    ]);
  });

  test('requires a token on every route', () => {
    const methods = properties('AWS::ApiGateway::Method');

    expect(methods.length).toBeGreaterThan(10);
    expect(methods.filter(({ AuthorizationType }) => AuthorizationType !== 'COGNITO_USER_POOLS')).toEqual([]);
  });

  test('keeps the fraud team out of the pricing models', () => {
    const environments = properties('AWS::Lambda::Function').filter(({ Environment }) => Environment)
      .map(({ Environment }) => JSON.stringify(Environment.Variables).replaceAll('\\', ''));

    expect(environments).toHaveLength(3);
    for (const variables of environments) {
      expect(variables).toContain('{"group":"fraud-scientists","permissions":["read","upload","download"],"models":["fraud-*"]}');
    }
  });
});

describe.each([['private-network', 'PrivateNetwork'], ['regulated', 'Regulated']])('the network of %s', (folder, stack) => {
  const template = () => templateOf(folder, stack);

  test('has no route to the internet', () => {
    for (const type of ['InternetGateway', 'NatGateway', 'EgressOnlyInternetGateway', 'VPCGatewayAttachment', 'TransitGatewayAttachment']) {
      template().resourceCountIs(`AWS::EC2::${type}`, 0);
    }
    template().resourcePropertiesCountIs('AWS::EC2::Route', { DestinationCidrBlock: '0.0.0.0/0' }, 0);
  });

  test('is the only network that can reach the API', () => {
    template().hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: [{ Ref: Match.stringLikeRegexp('^NetworkVpcApi') }] },
      Policy: {
        Statement: Match.arrayWith([Match.objectLike({
          Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': [{ Ref: Match.stringLikeRegexp('^NetworkVpcApi') }] } },
        })]),
      },
    });
  });

  test('is the only network that can read or write model files', () => {
    template().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Sid: 'DenyNetworksOutsidePerimeter',
          Effect: 'Deny',
          Condition: Match.objectLike({ StringNotEquals: { 'aws:SourceVpce': [{ Ref: Match.stringLikeRegexp('^NetworkVpcS3') }] } }),
        })]),
      },
    });
  });

  test('contains every function', () => {
    const functions = propertiesOf(folder, stack, 'AWS::Lambda::Function');

    expect(functions).toHaveLength(3);
    expect(functions.filter(({ VpcConfig }) => !VpcConfig?.SubnetIds?.length)).toEqual([]);
  });

  test('does not allow copying models to another bucket', () => {
    const [{ PolicyDocument }] = propertiesOf(folder, stack, 'AWS::EC2::VPCEndpoint').filter(({ VpcEndpointType }) => VpcEndpointType === 'Gateway');

    expect(PolicyDocument.Statement).toHaveLength(1);
    expect(JSON.stringify(PolicyDocument.Statement[0].Resource)).toMatch(/ModelsArtifacts/);
    expect(PolicyDocument.Statement[0].Resource).toHaveLength(2);
  });
});

describe('a regulated store', () => {
  test('locks every object version of models and logs for seven years, for every principal', () => {
    const locked = propertiesOf('regulated', 'Regulated', 'AWS::S3::Bucket').filter(({ ObjectLockEnabled }) => ObjectLockEnabled);

    expect(locked.map(({ ObjectLockConfiguration }) => ObjectLockConfiguration.Rule.DefaultRetention)).toEqual([
      { Mode: 'COMPLIANCE', Days: 2562 }, { Mode: 'COMPLIANCE', Days: 2562 },
    ]);
  });

  test('is not deleted with its stack by accident', () => {
    expect(appOf('regulated').synth().getStackByName('Regulated').terminationProtection).toBe(true);
  });
});

describe('a deployment pipeline', () => {
  const [STEP_FUNCTIONS, CODE_PIPELINE] = ['DeployWithStepFunctions', 'DeployWithCodePipeline'];
  const rule = (stack: string) => propertiesOf('deployment-pipeline', stack, 'AWS::Events::Rule')
    .find(({ EventPattern }) => EventPattern.source?.[0] === 'aws.s3' && EventPattern['detail-type']?.[0] === 'Object Created' && EventPattern.detail.object);

  test('starts only when the production alias moves', () => {
    expect(rule(STEP_FUNCTIONS).EventPattern.detail.object.key).toEqual([{ wildcard: 'models/*/aliases/production.json' }]);
    expect(rule(CODE_PIPELINE).EventPattern.detail.object.key).toEqual(['models/fraud-scorer/aliases/production.json']);
    expect(rule(STEP_FUNCTIONS).Targets[0].Arn.Ref).toMatch(/^Deployment/);
    expect(JSON.stringify(rule(CODE_PIPELINE).Targets[0].Arn)).toMatch(/"Ref":"Pipeline/);
  });

  test.each([STEP_FUNCTIONS, CODE_PIPELINE])('with %s keeps the event if it cannot start', (stack) => {
    expect(rule(stack).Targets[0].DeadLetterConfig.Arn['Fn::GetAtt'][0]).toMatch(/^UndeliveredEvents/);
  });

  test.each([STEP_FUNCTIONS, CODE_PIPELINE])('with %s verifies a model before it uses it', (stack) => {
    for (const { Source } of propertiesOf('deployment-pipeline', stack, 'AWS::CodeBuild::Project')) {
      const { phases } = JSON.parse(Source.BuildSpec);
      expect(Object.keys(phases)).toEqual(['install', 'pre_build', 'build']);
      expect(phases.pre_build['on-failure']).toBe('ABORT');
      expect(phases.pre_build.commands.at(-1)).toContain('model_signing verify key model');
    }
  });

  test.each([[STEP_FUNCTIONS, 'NO_SOURCE', 'NO_ARTIFACTS'], [CODE_PIPELINE, 'CODEPIPELINE', 'CODEPIPELINE']])(
    'with %s builds from its input', (stack, source, artifacts) => {
      // CodeBuild starts a project with the source type CODEPIPELINE only within a pipeline.
      for (const { Source, Artifacts } of propertiesOf('deployment-pipeline', stack, 'AWS::CodeBuild::Project')) {
        expect([Source.Type, Artifacts.Type]).toEqual([source, artifacts]);
      }
    });

  test.each([
    'Verify', 'Deploy',
  ])('with CodePipeline can only pull its one model in %s, and neither push nor promote', (step) => {
    const stack = stackOf(appOf('deployment-pipeline'), CODE_PIPELINE);
    const roleId = stack.getLogicalId((stack.node.findChild(step).node.findChild('Role') as iam.Role).node.defaultChild as never);
    const statements = JSON.stringify(propertiesOf('deployment-pipeline', CODE_PIPELINE, 'AWS::IAM::ManagedPolicy')
      .filter(({ Roles }) => Roles[0].Ref === roleId).map(({ PolicyDocument }) => PolicyDocument));

    expect(statements).toContain('/v1/POST/models/fraud-scorer/versions/*/links');
    expect(statements).not.toMatch(/uploads|\/PUT\/|models\/\*/);
  });

  test('deploys the verified version, even if production has moved', () => {
    const [{ Stages }] = propertiesOf('deployment-pipeline', CODE_PIPELINE, 'AWS::CodePipeline::Pipeline');
    const variables = (stage: string) => JSON.parse(Stages.find(({ Name }: any) => Name === stage).Actions[0].Configuration.EnvironmentVariables);
    const version = (stage: string) => variables(stage).find(({ name }: any) => name === 'VERSION').value;

    expect(Stages.map(({ Name }: any) => Name)).toEqual(['Source', 'Verify', 'Approve', 'Deploy']);
    expect([version('Verify'), version('Deploy')]).toEqual(['production', '#{Verify.VERSION}']);
    const definition = JSON.stringify(propertiesOf('deployment-pipeline', STEP_FUNCTIONS, 'AWS::StepFunctions::StateMachine')[0].DefinitionString);
    expect(definition).toContain('$.verified.version');
  });
});

describe('SageMaker', () => {
  const stack = () => stackOf(appOf('sagemaker'), 'SageMaker');
  const role = (id: string) => stack().node.findChild(id) as iam.Role;
  const bucket = () => {
    const [[logicalId]] = Object.entries(templateOf('sagemaker', 'SageMaker').findResources('AWS::S3::Bucket')).filter(([id]) => id.startsWith('ModelsArtifacts'));
    return `arn:aws:s3:::${logicalId.toLowerCase()}`;
  };
  const may = (id: string, action: string, key: string) => new Principals(stack()).may(role(id), action, `${bucket()}/${key}`);
  const DIGEST = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

  test('serves the file with one digest, directly from the store', () => {
    const [{ PrimaryContainer, EnableNetworkIsolation }] = propertiesOf('sagemaker', 'SageMaker', 'AWS::SageMaker::Model');

    expect(deployed(templateOf('sagemaker', 'SageMaker'), PrimaryContainer.ModelDataSource.S3DataSource.S3Uri))
      .toBe(`${bucket().replace('arn:aws:s3:::', 's3://')}/models/fraud-scorer/blobs/sha256/${DIGEST}`);
    expect(EnableNetworkIsolation).toBe(true);
  });

  test('can read only the model that it serves, and write none', () => {
    expect(may('ServingRole', 's3:GetObject', `models/fraud-scorer/blobs/sha256/${DIGEST}`)).toBe(true);
    expect(may('ServingRole', 's3:GetObject', `models/base-transformer/blobs/sha256/${DIGEST}`)).toBe(false);
    expect(may('ServingRole', 's3:PutObject', `models/fraud-scorer/blobs/sha256/${DIGEST}`)).toBe(false);
  });

  test('trains from base models, and stores its result only through the store', () => {
    expect(may('TrainingRole', 's3:GetObject', `models/base-transformer/blobs/sha256/${DIGEST}`)).toBe(true);
    expect(may('TrainingRole', 's3:PutObject', `models/fraud-scorer/blobs/sha256/${DIGEST}`)).toBe(false);
    expect(JSON.stringify(new Principals(stack()).statementsOf(role('TrainingRole')))).toContain('/v1/POST/models/fraud-scorer/uploads');
  });

  test('lists only the keys that a channel of a training job names', () => {
    const lists = new Principals(stack()).statementsOf(role('TrainingRole')).filter(({ Action }) => JSON.stringify(Action).includes('s3:ListBucket'));

    expect(lists).toMatchObject([{
      Resource: bucket(), Condition: { StringLike: { 's3:prefix': ['models/base-*/blobs/sha256/*', 'models/fraud-scorer/blobs/sha256/*'] } },
    }]);
  });

  test('writes the output of training jobs to a dedicated bucket', () => {
    const [[output]] = Object.entries(templateOf('sagemaker', 'SageMaker').findResources('AWS::S3::Bucket')).filter(([id]) => id.startsWith('TrainingOutput'));

    const leave = (id: string) => new Principals(stack()).may(role(id), 's3:PutObject', `arn:aws:s3:::${output.toLowerCase()}/job/output/model.tar.gz`);
    expect([leave('TrainingRole'), leave('ServingRole')]).toEqual([true, false]);
  });

  test('pulls its image from one repository only', () => {
    const pulls = new Principals(stack()).statementsOf(role('ServingRole')).filter(({ Action }) => JSON.stringify(Action).includes('ecr:BatchGetImage'));

    expect(pulls.map(({ Resource }) => Resource)).toEqual([`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/fraud-scorer`]);
  });

  test('is known to the audit, so that its reads are not reported', () => {
    const settings = JSON.stringify(propertiesOf('sagemaker', 'SageMaker', 'AWS::Glue::Table').find(({ TableInput }) => TableInput.Name === 'audit_settings'));

    expect(settings).toContain('TrainingRole');
    expect(settings).toContain('ServingRole');
  });
});

describe('egress only', () => {
  const properties = (type: string) => propertiesOf('egress-only', 'EgressOnly', type);

  test('changes nothing in the existing bucket', () => {
    expect(JSON.stringify(properties('AWS::S3::BucketPolicy').map(({ Bucket }) => Bucket))).not.toContain('acme-models');
    expect(JSON.stringify(properties('AWS::S3::Bucket'))).not.toContain('acme-models');
  });

  test('records every read and write of the bucket', () => {
    const [{ AdvancedEventSelectors }] = properties('AWS::CloudTrail::Trail');

    expect(JSON.stringify(AdvancedEventSelectors)).toContain(':s3:::acme-models/');
  });

  test('lets its auditor read the evidence, but no models', () => {
    const stack = stackOf(appOf('egress-only'), 'EgressOnly');
    const statements = JSON.stringify(propertiesOf('egress-only', 'EgressOnly', 'AWS::IAM::ManagedPolicy')
      .filter(({ Roles }) => Roles[0].Ref === stack.getLogicalId((stack.node.findChild('Auditor') as iam.Role).node.defaultChild as never)));

    expect(statements).toContain('athena:StartQueryExecution');
    expect(statements).not.toContain(':s3:::acme-models');
  });

  test('has neither an API nor functions', () => {
    for (const type of ['AWS::ApiGateway::RestApi', 'AWS::Lambda::Function']) {
      templateOf('egress-only', 'EgressOnly').resourceCountIs(type, 0);
    }
  });
});
