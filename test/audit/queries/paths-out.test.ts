import { answerOf, type Row } from '../support/evidence';
import { managementEvent, objectEvent, session } from '../support/records';

const DAY = '2026-03-02';

async function actionsOf(records: readonly Row[], settings?: Row): Promise<unknown[]> {
  return (await answerOf('paths-out', { records, settings }, DAY, DAY)).map(({ action }) => action);
}

const call = (source: string, action: string, parameters: Row, more: Row = {}) => managementEvent(action, parameters, {
  eventSource: `${source}.amazonaws.com`, userIdentity: session('Admin', 'mallory'), ...more,
});

describe('paths out of the artifact bucket', () => {
  test.each([
    ['s3', 'CreateJob', { manifestGenerator: { s3JobManifestGenerator: { sourceBucket: 'arn:aws:s3:::artifacts' } } }],
    ['s3', 'CreateMultiRegionAccessPoint', { details: { regions: [{ bucket: 'artifacts' }] } }],
    ['s3', 'PutBucketInventoryConfiguration', { bucketName: 'artifacts', InventoryConfiguration: {} }],
    ['s3', 'PutBucketRequestPayment', { bucketName: 'artifacts' }],
    ['s3', 'CreateAccessGrantsLocation', { locationScope: 's3://artifacts/*' }],
    ['backup', 'StartBackupJob', { resourceArn: 'arn:aws:s3:::artifacts' }],
    ['datasync', 'CreateLocationS3', { s3BucketArn: 'arn:aws:s3:::artifacts' }],
    ['transfer', 'CreateUser', { homeDirectory: '/artifacts/models' }],
    ['storagegateway', 'CreateNFSFileShare', { locationARN: 'arn:aws:s3:::artifacts/' }],
    ['fsx', 'CreateDataRepositoryAssociation', { dataRepositoryPath: 's3://artifacts/models/' }],
    ['s3files', 'CreateFileSystem', { bucket: 'arn:aws:s3:::artifacts' }],
    ['bedrock', 'CreateModelImportJob', { modelDataSource: { s3DataSource: { s3Uri: 's3://artifacts/models/' } } }],
    ['sagemaker', 'CreateModelPackage', { inferenceSpecification: { containers: [{ modelDataUrl: 's3://artifacts/x.tar.gz' }] } }],
    ['glue', 'CreateCrawler', { targets: { s3Targets: [{ path: 's3://artifacts' }] } }],
    ['cloudfront', 'CreateDistribution', { origins: [{ domainName: 'artifacts.s3.eu-central-1.amazonaws.com' }] }],
    ['iam', 'PutRolePolicy', { policyDocument: '{"Resource":"arn:aws:s3:::artifacts/*"}' }],
    ['tomorrow', 'DoWhatNoListHas', { source: 'artifacts' }],
  ])('include what %s does with %s', async (source, action, parameters) => {
    expect(await actionsOf([call(source, action, parameters)])).toEqual([action]);
  });

  test('include GetDataAccess, a read that returns credentials', async () => {
    expect(await actionsOf([call('s3', 'GetDataAccess', { target: 's3://artifacts/*' }, { readOnly: true })])).toEqual(['GetDataAccess']);
  });

  test('include denied attempts, and requests of deployments by any other role', async () => {
    const user = { ...session('OtherDeployment', 'cfn'), invokedBy: 'cloudformation.amazonaws.com' };
    expect(await actionsOf([
      call('datasync', 'CreateLocationS3', { s3BucketArn: 'arn:aws:s3:::artifacts' }, { errorCode: 'AccessDenied' }),
      call('datasync', 'CreateLocationS3', { s3BucketArn: 'arn:aws:s3:::artifacts' }, { userIdentity: user }),
    ])).toHaveLength(2);
  });

  test('include a service that copies, if CloudTrail omitted what it copies', async () => {
    const omitted = { omitted: true, reason: 'requestParameters too large' };
    expect(await actionsOf([call('s3', 'CreateJob', omitted), call('ec2', 'RunInstances', omitted)])).toEqual(['CreateJob']);
  });

  test('do not include reads of settings, harmless settings, other buckets, objects, findings and deployments', async () => {
    const deploys = { ...session('Deployment', 'cfn'), invokedBy: 'cloudformation.amazonaws.com' };
    expect(await actionsOf([
      call('s3', 'GetBucketPolicy', { bucketName: 'artifacts' }, { readOnly: true }),
      call('sts', 'AssumeRole', { policy: '{"Resource":"arn:aws:s3:::artifacts/*"}' }, { readOnly: true }),
      call('s3', 'PutBucketVersioning', { bucketName: 'artifacts' }),
      call('datasync', 'CreateLocationS3', { s3BucketArn: 'arn:aws:s3:::artifacts-of-others' }),
      call('datasync', 'CreateLocationS3', { s3BucketArn: 'arn:aws:s3:::other-artifacts' }),
      call('datasync', 'CreateLocationS3', { s3BucketArn: 'arn:aws:s3:::artifacts.example.com' }),
      objectEvent({ action: 'PutObject' }),
      call('config', 'PutEvaluations', { evaluations: [{ complianceResourceId: 'artifacts' }] }),
      call('s3', 'PutBucketPolicy', { bucketName: 'artifacts' }, { userIdentity: deploys }),
    ])).toEqual([]);
  });

  test('of an unknown bucket are those of the services that copy', async () => {
    expect(await actionsOf([
      call('datasync', 'CreateLocationS3', { s3BucketArn: 'arn:aws:s3:::any' }), call('ec2', 'RunInstances', { imageId: 'ami-1' }),
    ], { artifact_bucket: null })).toEqual(['CreateLocationS3']);
  });
});
