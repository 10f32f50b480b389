import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  ApiAuthentication, ApiLogging, ApiPermission, ArtifactBucket, DeploymentChanges, LogArchive, NotificationChannel, TrailSource,
  WebApplicationFirewall,
  type SecureModelArtifactStoreProps,
} from '../../src';

/** Each option of the store, enabled separately: each must have as few findings as the default. */
export const VARIANTS: Record<string, (stack: Stack) => SecureModelArtifactStoreProps> = {
  'with defaults': () => ({}),
  'without an API': () => ({ api: false }),
  'without signatures': () => ({ signing: { enabled: false } }),
  'without alarms': () => ({ monitoring: { enabled: false } }),
  'with a topic of the account\'s': (stack) => ({
    monitoring: { topic: sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-central-1:111122223333:alarms') },
  }),
  'with an inventory of its models': () => ({ storage: { inventoryFrequency: s3.InventoryFrequency.WEEKLY } }),
  'without metrics of requests, and without a dashboard': () => ({
    storage: { requestMetrics: false, storageClassAnalysis: false }, monitoring: { dashboard: false },
  }),
  'with mail, Slack and Teams': () => ({
    monitoring: {
      emails: ['on-call@example.com'],
      channels: [
        NotificationChannel.slack('T0123ABCD', 'C0123ABCD'),
        NotificationChannel.teams(
          '11111111-2222-3333-4444-555555555555', '66666666-7777-8888-9999-000000000000', '19%3Aab12%40thread.tacv2',
        ),
      ],
    },
  }),
  'that reports deployments and checks the account': () => ({
    monitoring: { tampering: { deployments: DeploymentChanges.NOTIFY, accountChecks: true, unauthorizedCallsThreshold: 50 } },
  }),
  'that does not look for tampering': () => ({ monitoring: { tampering: { enabled: false } } }),
  'with an encryption key of the account\'s': (stack) => ({
    encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555'),
  }),
  'with a bucket of the account\'s': (stack) => ({
    artifactBucket: ArtifactBucket.fromArtifactBucketAttributes(stack, 'Existing', {
      bucketName: 'acme-models', encryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
    }),
  }),
  'with Object Lock on models and logs': () => ({
    retention: {
      modelObjectLock: s3.ObjectLockRetention.governance(Duration.days(90)),
      logObjectLock: s3.ObjectLockRetention.compliance(Duration.days(400)),
    },
  }),
  'with other retention': () => ({
    retention: {
      logs: Duration.days(2555), cloudWatchLogs: logs.RetentionDays.TWO_YEARS, noncurrentVersionExpiration: Duration.days(730),
      noncurrentVersionTransitionAfter: Duration.days(60),
      abortIncompleteMultipartUploadAfter: Duration.days(3),
      removalPolicy: RemovalPolicy.DESTROY,
    },
  }),
  'that leaves nothing behind': () => ({ retention: { emptyOnDestroy: true } }),
  'that logs with the role of the account': () => ({ audit: { apiLogging: ApiLogging.EXISTING_ROLE } }),
  'whose API does not log': () => ({ audit: { apiLogging: ApiLogging.OFF } }),
  'with a perimeter': () => ({
    network: {
      perimeter: { cidrs: ['203.0.113.0/24'], vpcEndpointIds: ['vpce-1a2b3c4d5e6f7a8b9'], organizationId: 'o-a1b2c3d4e5' },
      apiCidrs: ['203.0.113.0/24'],
      apiOrganizationId: 'o-a1b2c3d4e5',
    },
  }),
  'with functions in a VPC and a private API': (stack) => {
    const vpc = importedVpc(stack);
    return {
      network: {
        vpc,
        apiVpcEndpoints: [ec2.InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', {
          vpcEndpointId: 'vpce-1a2b3c4d5e6f7a8b9', port: 443,
        })],
      },
    };
  },
  'with a web application firewall': () => ({ network: { webApplicationFirewall: WebApplicationFirewall.managed() } }),
  'with Cognito and a new pool': () => ({ authentication: ApiAuthentication.cognito() }),
  'with Cognito and a pool of the account\'s': (stack) => ({
    authentication: ApiAuthentication.cognito({
      userPool: cognito.UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_AbCdEfGhI'),
      groups: [{ name: 'fraud', permissions: [ApiPermission.READ, ApiPermission.DOWNLOAD], models: ['fraud-*'] }],
    }),
  }),
  'with reserved and provisioned concurrency': () => ({
    capacity: { memorySize: 2048, reservedConcurrentExecutions: 50, minCapacity: 2, maxCapacity: 20, utilizationTarget: 0.6 },
  }),
  'with an existing trail': (stack) => ({
    audit: {
      trail: TrailSource.existing('arn:aws:cloudtrail:eu-central-1:111122223333:trail/organization',
        logs.LogGroup.fromLogGroupName(stack, 'TrailLogs', 'organization-trail')),
    },
  }),
  'with the trail of its organization': () => ({
    audit: { trail: TrailSource.organization('arn:aws:cloudtrail:eu-central-1:444455556666:trail/all', 'o-a1b2c3d4e5') },
  }),
  'without a trail': () => ({ audit: { trail: TrailSource.none() } }),
  'without management events in the trail': () => ({ audit: { managementEvents: cloudtrail.ReadWriteType.NONE } }),
  'with all management events in the trail': () => ({ audit: { managementEvents: cloudtrail.ReadWriteType.ALL, isMultiRegion: false } }),
  'with a log archive in another account': (stack) => ({
    audit: {
      logArchive: new LogArchive(stack, 'Archive', {
        trailBucket: s3.Bucket.fromBucketAttributes(stack, 'CentralTrails', {
          bucketName: 'central-trails',
          encryptionKey: kms.Key.fromKeyArn(stack, 'TrailKey',
            'arn:aws:kms:eu-central-1:444455556666:key/11111111-2222-3333-4444-555555555555'),
        }),
      }),
    },
  }),
  'for permission sets of IAM Identity Center, and jobs without a name': () => ({
    access: {
      dataScientist: { policyName: 'ModelDataScientist' },
      pipeline: { policyName: 'ModelPipeline', allowDefaultSessionNames: true },
      auditor: { policyName: 'ModelAuditor' },
      rolesWithDefaultSessionNames: ['batch-*'],
    },
  }),
  'with roles for some people and models': () => ({
    access: {
      dataScientist: { assumedBy: new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Fraud'), models: ['fraud-*'] },
      pipeline: { models: ['fraud-*', 'churn'], maxSessionDuration: Duration.hours(2) },
      auditor: { requireMultiFactorAuthentication: true },
      administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/ModelAdministrator')],
    },
  }),
};

/** Most optional features together: this store and the default one contain every resource type of every variant. */
export function withEverything(stack: Stack): SecureModelArtifactStoreProps {
  const of = (name: string) => VARIANTS[name](stack);
  const privately = of('with functions in a VPC and a private API').network;
  return {
    ...of('with Cognito and a new pool'), ...of('with reserved and provisioned concurrency'),
    ...of('with Object Lock on models and logs'), ...of('with an inventory of its models'),
    network: { ...of('with a web application firewall').network, vpc: privately?.vpc },
    monitoring: {
      ...of('with mail, Slack and Teams').monitoring,
      ...of('that reports deployments and checks the account').monitoring,
    },
  };
}

function importedVpc(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1a2b3c4d', availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    privateSubnetIds: ['subnet-1a2b3c4d', 'subnet-5e6f7a8b'],
    vpcCidrBlock: '10.0.0.0/16',
  });
}
