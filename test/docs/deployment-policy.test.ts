import * as fs from 'node:fs';
import * as path from 'node:path';
// What AWS's own handlers of these types say that they call (`handlers` of the resource schemas, as cfn-lint 1.58.0
// ships them).
import * as ACTIONS from './support/deployment-actions.json';
import { ROOT } from './support/documents';
import { ApiAuthentication, SecureModelArtifactStore } from '../../src';
import { templateOf } from '../support/app';

interface Statement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: string;
}

const text = fs.readFileSync(path.join(ROOT, 'docs/deployment-policy.json'), 'utf8');
const { Statement: statements } = JSON.parse(text) as { Statement: Statement[] };
const patterns = statements.flatMap(({ Action }) => Action);
const allows = (action: string) => patterns.some((pattern) =>
  new RegExp(`^${pattern.replace(/[*]/g, '.*')}$`, 'i').test(action));

/** What a handler may call and a store never makes it call, each with the reason. */
const NOT_FOR_A_STORE: { readonly [reason: string]: readonly string[] } = {
  'customer keys for variables of functions, senders of Cognito and results of Athena, none of which a stack of a store sets': [
    'kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
  ],
  'functions in a VPC, with file systems, with capacity or versions of their own': [
    'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs', 'elasticfilesystem:DescribeMountTargets',
    's3files:ListMountTargets', 'lambda:AssociateRuntimeAlias', 'lambda:PassCapacityProvider', 'lambda:PublishVersion',
  ],
  'objects, which no handler touches for a bucket of a store': [
    's3:AbortMultipartUpload', 's3:DeleteObject', 's3:ListBucketMultipartUploads', 's3:ListMultipartUploadParts', 's3:PutObject', 's3:PutObjectAcl',
    's3:REST.PUT.OBJECT',
  ],
  'web sites, replication, acceleration, tiers and Object Lock of a bucket': [
    's3:DeleteBucketReplication', 's3:DeleteBucketWebsite', 's3:PutAccelerateConfiguration', 's3:PutIntelligentTieringConfiguration',
    's3:PutObjectLockConfiguration', 's3:PutReplicationConfiguration',
  ],
  'calls that IAM knows by the name of the setting (s3:Put…)': [
    's3:DeleteBucketAnalyticsConfiguration', 's3:DeleteBucketCors', 's3:DeleteBucketEncryption', 's3:DeleteBucketLifecycle', 's3:DeleteBucketMetricsConfiguration',
  ],
  'metadata tables of a bucket': [
    's3:CreateBucketMetadataTableConfiguration', 's3:DeleteBucketMetadataTableConfiguration', 's3:UpdateBucketMetadataAnnotationTableConfiguration',
    's3:UpdateBucketMetadataInventoryTableConfiguration', 's3:UpdateBucketMetadataJournalTableConfiguration', 's3tables:CreateNamespace',
    's3tables:CreateTable', 's3tables:CreateTableBucket', 's3tables:GetTable', 's3tables:GetTableMetadataLocation', 's3tables:PutTableBucketPolicy',
    's3tables:PutTableEncryption', 's3tables:PutTablePolicy', 's3tables:UpdateTableMetadataLocation',
  ],
  'connections and schemas of Glue, and a catalog that Lake Formation governs': [
    'glue:CreateConnection', 'glue:DeleteConnection', 'glue:GetConnection', 'glue:GetSchemaVersion', 'glue:PassConnection', 'glue:UpdateConnection',
    'lakeformation:CreateTable', 'lakeformation:DescribeLakeFormationIdentityCenterConfiguration', 'lakeformation:DescribeResource',
    'lakeformation:GetDataAccess', 'lakeformation:ListResources',
  ],
  'trails of an organization, and insights of a trail': [
    'organizations:DescribeOrganization', 'organizations:ListAWSServiceAccessForOrganization', 'cloudtrail:PutInsightSelectors', 'iam:CreateServiceLinkedRole',
  ],
  'policies of groups and users, and boundaries': [
    'iam:AttachGroupPolicy', 'iam:AttachUserPolicy', 'iam:DeleteRolePermissionsBoundary', 'iam:DetachGroupPolicy', 'iam:DetachUserPolicy',
    'iam:PutRolePermissionsBoundary',
  ],
  'the distribution behind a sign-in page at a domain of one\'s own': ['cloudfront:updateDistribution'],
  'other settings of log groups and user pools': ['firehose:TagDeliveryStream', 'cognito-idp:AddCustomAttributes'],
};

describe('the policy to deploy with', () => {
  const types = [...new Set([...Object.values(templateOf((stack) => new SecureModelArtifactStore(stack, 'Models')).toJSON().Resources),
    ...Object.values(templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', { authentication: ApiAuthentication.cognito() })).toJSON().Resources)]
    .map((resource) => (resource as { Type: string }).Type))].filter((type) => !type.startsWith('Custom::'));
  const required = (type: string) => (ACTIONS as unknown as { readonly [type: string]: readonly string[] })[type];

  test('is measured against every type of resource that a store has', () => {
    expect(types.filter((type) => required(type) === undefined)).toEqual([]);
    expect(types.length).toBeGreaterThan(30);
  });

  test('lets CloudFormation create, change and delete each of them, except operations that a store never needs', () => {
    const missing = new Set(types.flatMap((type) => required(type) ?? []).filter((action) => !allows(action)));
    expect([...missing].sort()).toEqual(Object.values(NOT_FOR_A_STORE).flat().sort());
  });

  test('lets it call the functions that work while a stack is deployed', () => {
    expect(allows('lambda:InvokeFunction')).toBe(true);
  });

  test('does not allow reading models or logs, decrypting, or everything', () => {
    for (const action of ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 'kms:Decrypt', 'kms:Sign', 'sts:AssumeRole', 'logs:GetLogEvents', 'execute-api:Invoke']) {
      expect([action, allows(action)]).toEqual([action, false]);
    }
    expect(patterns.filter((pattern) => /^\*|:\*$/.test(pattern))).toEqual([]);
    const reads = statements.filter(({ Action }) => [Action].flat().includes('s3:GetObject'));
    expect(reads.map(({ Resource }) => Resource)).toEqual(['arn:*:s3:::cdk-*-assets-*/*']);
  });

  test('fits into one managed policy', () => {
    expect(JSON.stringify(JSON.parse(text)).length).toBeLessThan(6_144);
  });
});
