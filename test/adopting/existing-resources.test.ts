import { App, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  ApiAuthentication, ApiPermission, ArtifactBucket, LogArchive, RequiredAction, SecureModelArtifactStore,
  type SecureModelArtifactStoreProps, TrailSource,
} from '../../src';
import { unacknowledgedFindings } from '../support/findings';

const ENV = { account: '111122223333', region: 'eu-central-1' };
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

function deploy(props: (stack: Stack) => SecureModelArtifactStoreProps) {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const store = new SecureModelArtifactStore(stack, 'Models', props(stack));
  const template = Template.fromStack(stack);
  const of = (type: string): Array<Record<string, any>> => Object.values(template.findResources(type)).map(({ Properties }) => Properties);
  const tasks = RequiredAction.of(store);
  return { stack, store, template, of, tasks, task: (id: string) => tasks.find((task) => task.id === `SecureModelArtifactStore::${id}`)! };
}

/** The statements that an output asks for, with references as `<LogicalId>`. */
function asked(template: Template, outputId: string): any[] {
  const [, { Value }] = Object.entries<any>(template.findOutputs('*')).find(([id]) => id.includes(outputId))!;
  return JSON.parse(typeof Value === 'string' ? Value : flat(Value));
}

function flat(value: any): any {
  if (Array.isArray(value)) return value.map(flat);
  if (typeof value !== 'object' || value === null) return value;
  if ('Fn::Join' in value) return value['Fn::Join'][1].map(flat).join(value['Fn::Join'][0]);
  if ('Ref' in value) return `<${value.Ref}>`;
  if ('Fn::GetAtt' in value) return `<${value['Fn::GetAtt'].join('.')}>`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, flat(item)]));
}

/** All but the one about the principals of the roles, which these stores do not name. */
const aboutResources = (warning: string) => !warning.includes('RolesOpenToAccount');
const warnings = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue())
  .map(({ entry }) => String(entry.data)).filter(aboutResources);
/** Without a separate synthesis. */
const said = (stack: Stack) => stack.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type.includes('warning'))
  .map(({ data }) => String(data)).filter(aboutResources);
const adopted = (stack: Stack) => ArtifactBucket.fromArtifactBucketAttributes(stack, 'Existing', { bucketName: 'acme-models', encryptionKeyArn: KEY });

const archive = (stack: Stack) => LogArchive.fromLogArchiveAttributes(stack, 'Archive', {
  trailBucketName: 'central-trails', accessLogBucketName: 'central-access-logs', encryptionKeyArn: KEY,
});
const endpoint = (stack: Stack) => ec2.InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', {
  vpcEndpointId: 'vpce-1a2b3c4d', port: 443,
});

describe('an existing bucket and key', () => {
  const own = deploy(() => ({}));
  const given = deploy((stack) => ({ artifactBucket: adopted(stack) }));

  test('are used in place of new ones', () => {
    expect(given.of('AWS::S3::Bucket')).toHaveLength(own.of('AWS::S3::Bucket').length - 1);
    expect(given.of('AWS::KMS::Key')).toHaveLength(own.of('AWS::KMS::Key').length - 1);
    expect(given.of('AWS::S3::BucketPolicy').filter(({ Bucket }) => typeof Bucket === 'string')).toEqual([]);
    for (const { Environment } of given.of('AWS::Lambda::Function').filter((properties) => properties.Environment)) {
      expect(Environment.Variables).toMatchObject({ ARTIFACT_BUCKET_NAME: 'acme-models', ARTIFACT_KEY_ARN: KEY });
    }
  });

  test('are named by every statement about models', () => {
    const about = (from: typeof own) => JSON.stringify(from.of('AWS::IAM::ManagedPolicy').map(flat));
    const [bucketId] = Object.keys(own.template.findResources('AWS::S3::Bucket')).filter((id) => id.startsWith('ModelsArtifactsBucket'));
    const [keyId] = Object.keys(own.template.findResources('AWS::KMS::Key')).filter((id) => id.startsWith('ModelsArtifactsKey'));
    expect(about(given).split('acme-models').length).toBe(about(own).split(`<${bucketId}.Arn>`).length);
    expect(about(given).split(KEY).length).toBe(about(own).split(`<${keyId}.Arn>`).length);
  });

  test('are recorded by the trail and watched for tampering', () => {
    const [{ AdvancedEventSelectors }] = given.of('AWS::CloudTrail::Trail');
    expect(flat(AdvancedEventSelectors[0].FieldSelectors)).toContainEqual({ Field: 'resources.ARN', StartsWith: ['arn:<AWS::Partition>:s3:::acme-models/'] });
    const patterns = JSON.stringify(given.of('AWS::Events::Rule'));
    expect(patterns).toContain('acme-models');
    expect(patterns).toContain(KEY);
  });

  test('need exactly the policy of a bucket that the store creates', () => {
    const [policy] = own.of('AWS::S3::BucketPolicy').filter(({ Bucket }) => Bucket.Ref.startsWith('ModelsArtifactsBucket'));
    const [bucketId] = Object.keys(own.template.findResources('AWS::S3::Bucket')).filter((id) => id.startsWith('ModelsArtifactsBucket'));
    const [keyId] = Object.keys(own.template.findResources('AWS::KMS::Key')).filter((id) => id.startsWith('ModelsArtifactsKey'));
    const mine = JSON.parse(JSON.stringify(flat(policy.PolicyDocument.Statement))
      .replaceAll(`<${bucketId}.Arn>`, 'arn:<AWS::Partition>:s3:::acme-models').replaceAll(`<${keyId}.Arn>`, KEY));
    const theirs = asked(given.template, 'RequiredBucketPolicy');
    expect(theirs.map(({ Sid }) => Sid)).toEqual(mine.map(({ Sid }: any) => Sid));
    expect(theirs).toEqual(mine);
  });

  test('have one required action each for their owners, with an id that can be acknowledged', () => {
    expect(given.tasks.map(({ id, resource }) => [id, resource])).toEqual([
      ['SecureModelArtifactStore::ImportedArtifactBucket', 'the bucket acme-models'],
      ['SecureModelArtifactStore::ImportedKey', `the key ${KEY}`],
    ]);
    expect(given.task('ImportedArtifactBucket').settings.join(' ')).toMatch(/versioning[\s\S]*Bucket Key[\s\S]*public access[\s\S]*EventBridge[\s\S]*lifecycle[\s\S]*access logs/);
    expect(warnings(given.stack)).toEqual([
      expect.stringContaining('Add the statements in the output RequiredBucketPolicy to its policy.'),
      expect.stringContaining('Add the statements in the output RequiredKeyPolicy to its policy.'),
    ]);
    const done = deploy((stack) => ({ artifactBucket: adopted(stack) }));
    for (const id of ['ImportedArtifactBucket', 'ImportedKey']) {
      Validations.of(done.store).acknowledge({ id: `SecureModelArtifactStore::${id}`, reason: 'done on 2026-11-20' });
    }
    expect(warnings(done.stack)).toEqual([]);
  });

  test('let S3 deliver the access logs of the bucket into the log archive', () => {
    const [policy] = given.of('AWS::S3::BucketPolicy').filter(({ Bucket }) => Bucket.Ref?.startsWith('ModelsLogArchiveAccessLogBucket'));
    const [statement] = flat(policy.PolicyDocument.Statement).filter(({ Condition }: any) => JSON.stringify(Condition).includes('acme-models'));
    expect(statement).toMatchObject({
      Effect: 'Allow', Principal: { Service: 'logging.s3.amazonaws.com' }, Action: 's3:PutObject',
      Condition: { ArnEquals: { 'aws:SourceArn': 'arn:<AWS::Partition>:s3:::acme-models' } },
    });
  });

  test('include the perimeter, the administrators and the signature age in the required statements', () => {
    const { template } = deploy((stack) => ({
      artifactBucket: adopted(stack), network: { perimeter: { cidrs: ['203.0.113.0/24'] } },
      access: { administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Admin')] },
    }));
    const statements = asked(template, 'RequiredBucketPolicy');
    const named = (sid: string) => statements.find(({ Sid }) => Sid === sid);
    expect(named('DenyNetworksOutsidePerimeter').Condition.NotIpAddress).toEqual({ 'aws:SourceIp': ['203.0.113.0/24'] });
    expect(named('DenyLinksOutsidePerimeter').Condition.ArnEquals['aws:PrincipalArn']).toHaveLength(3);
    expect(JSON.stringify(named('DenyDeletionButByAdministrators'))).toContain('role/Admin');
    expect(named('DenyOldLinks').Condition).toEqual({ NumericGreaterThan: { 's3:signatureAge': 900_000 } });
  });

  test('only require that the key lets IAM decide who uses it through S3, for objects of this bucket', () => {
    expect(asked(given.template, 'RequiredKeyPolicy')[0]).toEqual({
      Sid: 'AllowUseThroughS3ByIam', Effect: 'Allow', Principal: { AWS: 'arn:<AWS::Partition>:iam::111122223333:root' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*',
      Condition: { StringEquals: {
        'kms:ViaService': 's3.eu-central-1.<AWS::URLSuffix>', 'kms:EncryptionContext:aws:s3:arn': 'arn:<AWS::Partition>:s3:::acme-models',
      } },
    });
  });

  test('have no findings, like new ones', () => {
    expect(unacknowledgedFindings(given.stack)).toEqual([]);
  });
});

describe('a bucket of the same stack that is not an ArtifactBucket', () => {
  const given = deploy((stack) => {
    const key = new kms.Key(stack, 'TeamKey');
    return { artifactBucket: ArtifactBucket.fromBucket(stack, 'Existing', new s3.Bucket(stack, 'TeamBucket', { encryptionKey: key, versioned: true })) };
  });

  test('gets the policy of the store, and the rest is a required action of its owner', () => {
    const [policy] = given.of('AWS::S3::BucketPolicy').filter(({ Bucket }) => Bucket.Ref.startsWith('TeamBucket'));
    const sids = policy.PolicyDocument.Statement.map(({ Sid }: any) => Sid);
    expect(sids).toEqual(expect.arrayContaining(['DenyOverwriting', 'DenyOtherWritersOfVersions', 'DenyDeletionButByAdministrators', 'DenyPlainHttp']));
    expect(given.task('ImportedArtifactBucket').policyStatements).toEqual([]);
    expect(Object.keys(given.template.findOutputs('*')).filter((id) => id.includes('Required'))).toEqual([]);
  });
});

describe('an ArtifactBucket that was created before', () => {
  const given = deploy((stack) => ({ artifactBucket: new ArtifactBucket(stack, 'Before') }));

  test('restricts its writers, without a required action', () => {
    const [policy] = given.of('AWS::S3::BucketPolicy').filter(({ Bucket }) => Bucket.Ref.startsWith('BeforeBucket'));
    expect(policy.PolicyDocument.Statement.filter(({ Sid }: any) => Sid === 'DenyOtherWritersOfVersions')).toHaveLength(1);
    expect(given.tasks).toEqual([]);
  });
});

interface Expected {
  /** A type of resources, and how many fewer of them there are. */
  readonly replaces?: [string, number];
  readonly id: string;
  readonly output?: string;
  readonly names: string[];
}

describe('an imported', () => {
  const cases: Array<[string, (stack: Stack) => SecureModelArtifactStoreProps, Expected]> = [
    ['key for a bucket of the store\'s own', (stack) => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY) }),
      { replaces: ['AWS::KMS::Key', 1], id: 'ImportedKey', output: 'RequiredKeyPolicy', names: [KEY] }],
    ['topic', (stack) => ({ monitoring: { topic: sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-central-1:111122223333:alarms') } }),
      { replaces: ['AWS::SNS::Topic', 1], id: 'ImportedTopic', output: 'RequiredTopicPolicy', names: ['arn:aws:sns:eu-central-1:111122223333:alarms'] }],
    ['user pool', (stack) => ({
      authentication: ApiAuthentication.cognito({
        userPool: cognito.UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_AbCdEfGhI'), groups: [{ name: 'fraud', permissions: [ApiPermission.READ] }],
      }),
    }), { replaces: ['AWS::Cognito::UserPool', 0], id: 'ImportedUserPool', names: ['eu-central-1_AbCdEfGhI'] }],
    ['VPC endpoint', (stack) => ({ network: { apiVpcEndpoints: [endpoint(stack)] } }),
      { id: 'ImportedVpcEndpoint', output: 'RequiredVpcEndpointPolicy', names: ['vpce-1a2b3c4d'] }],
    ['log archive', (stack) => ({ audit: { logArchive: archive(stack) } }), {
      replaces: ['AWS::S3::Bucket', 2], id: 'ImportedLogArchive', output: 'RequiredTrailBucketPolicy',
      names: ['central-trails', 'central-access-logs', KEY],
    }],
    ['trail', () => ({ audit: { trail: TrailSource.existing('arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit') } }),
      { replaces: ['AWS::CloudTrail::Trail', 1], id: 'ExistingTrail', output: 'RequiredEventSelectors', names: ['trail/audit'] }],
    ['trail of the organization', () => ({
      audit: { trail: TrailSource.organization('arn:aws:cloudtrail:eu-central-1:444455556666:trail/all', 'o-a1b2c3d4e5') },
    }), { replaces: ['AWS::CloudTrail::Trail', 1], id: 'ExistingTrail', output: 'RequiredEventSelectors', names: ['o-a1b2c3d4e5'] }],
  ];
  const own = deploy(() => ({}));
  const made = new Map<string, ReturnType<typeof deploy>>();
  const deployed = (name: string) => {
    const given = made.get(name) ?? deploy(cases.find(([called]) => called === name)![1]);
    made.set(name, given);
    return given;
  };

  test.each(cases)('%s is used instead of a new one, named where it is needed, and has a required action', (kind, _, { replaces, id, output, names }) => {
    const given = deployed(kind);
    if (replaces) {
      expect(given.of(replaces[0])).toHaveLength(own.of(replaces[0]).length - replaces[1]);
    }
    const text = JSON.stringify(given.template.toJSON().Resources);
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
    const task: RequiredAction = given.task(id);
    expect(task.outputId).toBe(output);
    expect(task.settings.length + task.policyStatements.length).toBeGreaterThan(0);
    expect(said(given.stack)).toEqual(expect.arrayContaining([expect.stringContaining('Acknowledge this warning once it is done.')]));
    if (output) {
      expect(asked(given.template, output).length).toBeGreaterThan(0);
    }
  });

  test('topic needs exactly the statements of a topic that the store creates', () => {
    const given = deployed('topic');
    const [{ PolicyDocument }] = own.of('AWS::SNS::TopicPolicy');
    const mine = flat(PolicyDocument.Statement).filter(({ Effect }: any) => Effect === 'Allow')
      .map((statement: any) => ({ ...statement, Resource: 'arn:aws:sns:eu-central-1:111122223333:alarms' }));
    expect(asked(given.template, 'RequiredTopicPolicy')).toEqual(mine);
  });

  test('trail bucket needs exactly the statements of one that the store creates', () => {
    const given = deployed('log archive');
    const [{ PolicyDocument }] = own.of('AWS::S3::BucketPolicy').filter(({ Bucket }) => Bucket.Ref.startsWith('ModelsLogArchiveTrailBucket'));
    const [bucketId] = Object.keys(own.template.findResources('AWS::S3::Bucket')).filter((id) => id.startsWith('ModelsLogArchiveTrailBucket'));
    const mine = JSON.parse(JSON.stringify(flat(PolicyDocument.Statement).filter(({ Effect }: any) => Effect === 'Allow'))
      .replaceAll(`<${bucketId}.Arn>`, 'arn:<AWS::Partition>:s3:::central-trails'));
    expect(asked(given.template, 'RequiredTrailBucketPolicy').map(({ Principal: _, ...rest }) => rest))
      .toEqual(JSON.parse(JSON.stringify(mine).replaceAll('<AWS::AccountId>', '111122223333').replaceAll('<AWS::Region>', 'eu-central-1'))
        .map(({ Principal: _, ...rest }: any) => rest));
  });

  test('access-log bucket needs statements that accept the logs of each logged bucket', () => {
    const { tasks } = deployed('log archive');
    const asks = tasks.filter(({ id }) => id === 'SecureModelArtifactStore::ImportedAccessLogBucket');
    expect(asks.map(({ policyStatements }) => policyStatements[0].resources).flat().map((arn) => arn.replace(/^.*:::/, ''))).toEqual([
      'central-access-logs/artifact-bucket/*', 'central-access-logs/query-results/*',
    ]);
  });

  test.each<[string, string | undefined, number]>([
    ['configured', 'EntireBucket', 1], ['not configured', undefined, 0],
  ])('log archive whose request metrics are %s (%s) has %i alarms on whether logs arrive', (_, filter, alarms) => {
    const { of } = deploy((stack) => ({
      audit: { logArchive: LogArchive.fromLogArchiveAttributes(stack, 'Archive', {
        trailBucketName: 'central-trails', accessLogBucketName: 'central-access-logs', requestMetricsFilterId: filter,
      }) },
    }));
    expect(of('AWS::CloudWatch::Alarm').filter(({ Metrics }) => JSON.stringify(Metrics ?? []).includes('central-trails'))).toHaveLength(alarms);
  });

  test('access-log bucket can be combined with a new trail bucket', () => {
    const { of, stack: whole } = deploy((stack) => ({
      audit: { logArchive: new LogArchive(stack, 'LogArchive', { accessLogBucket: s3.Bucket.fromBucketName(stack, 'AccessLogs', 'central-access-logs') }) },
    }));
    expect(of('AWS::S3::Bucket')).toHaveLength(own.of('AWS::S3::Bucket').length - 1);
    expect(of('AWS::S3::Bucket').map(({ LoggingConfiguration }) => LoggingConfiguration.DestinationBucketName)).toEqual(
      of('AWS::S3::Bucket').map(() => 'central-access-logs'));
    const asks = RequiredAction.of(whole).flatMap(({ policyStatements }) => policyStatements[0].resources);
    expect(asks.map((arn) => arn.replace(/^.*:::/, ''))).toEqual(
      ['trail-bucket', 'artifact-bucket', 'query-results'].map((prefix) => `central-access-logs/${prefix}/*`));
  });

  test('organization\'s trail is queried where its organization keeps logs', () => {
    const given = deployed('trail of the organization');
    const table = given.of('AWS::Glue::Table').find(({ TableInput }) => TableInput.Name === 'trail_records')!;
    expect(JSON.stringify(table)).toContain('/AWSLogs/o-a1b2c3d4e5/');
  });
});

describe('the organization that the store\'s own trail records', () => {
  test('is where the queries look', () => {
    const given = deploy(() => ({ audit: { organizationId: 'o-a1b2c3d4e5' } }));
    expect(JSON.stringify(given.of('AWS::Glue::Table').find(({ TableInput }) => TableInput.Name === 'trail_records'))).toContain('/AWSLogs/o-a1b2c3d4e5/');
  });
});
