import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ACCOUNT_WATCHES, BUCKET_ACCESS_WATCH } from './account-watches';
import { apiWatches } from './api-watches';
import { canaryWatches } from './canary-watches';
import { functionWatches } from './function-watches';
import { policiesOf } from './policies';
import type { ProtectedResources } from './protected-resources';
import { questionWatches } from './question-watches';
import { comparison, equal, named, type Comparison, type NamedBy, type Watch } from './watch';
import { EVIDENCE_CHANGES } from '../../audit/event-selectors';

/** The maximum lengths of names in AWS (or as CloudFormation generates them), and of the part before them in an ARN. */
const LONGEST = { trail: 128, logGroup: 320, bucket: 63, key: 36, role: 64, policy: 128, arnStart: 64 };

/**
 * Keeps patterns below the limit of EventBridge, 2,048 characters:
 * https://docs.aws.amazon.com/general/latest/gr/ev.html
 */
const ROLES_PER_RULE = 15;
const POLICIES_PER_RULE = 8;

/** The watches for the given resources. */
export function watchesOf(scope: Construct, resources: ProtectedResources): Watch[] {
  const { trailArnOrName, trailLogGroup, artifactBuckets = [], logBuckets = [] } = resources;
  const { keys = [], roles = [] } = resources;
  return [
    ...(trailArnOrName === undefined ? [] : [trailWatch(scope, trailArnOrName)]),
    ...(trailLogGroup ? [logGroupWatch(trailLogGroup)] : []),
    ...(logBuckets.length === 0 ? [] : [evidenceWatch(logBuckets)]),
    ...(artifactBuckets.length === 0 ? [] : [retentionBypassWatch(artifactBuckets)]),
    ...(artifactBuckets.length + logBuckets.length === 0 ? []
      : [bucketWatch([...artifactBuckets, ...logBuckets]), BUCKET_ACCESS_WATCH]),
    ...(keys.length === 0 ? [] : keyWatches(keys)),
    ...chunks(roles, ROLES_PER_RULE).map(roleWatch),
    ...chunks(policiesOf(roles), POLICIES_PER_RULE).map(policyWatch),
    ...functionWatches(resources),
    ...apiWatches(resources),
    ...questionWatches(resources),
    ...canaryWatches(resources),
    ...ACCOUNT_WATCHES,
  ];
}

function trailWatch(scope: Construct, trailArnOrName: string): Watch {
  const names = trailNames(scope, trailArnOrName);
  return {
    id: 'Trail',
    entry: 'Trail',
    eventSource: 'cloudtrail.amazonaws.com',
    category: 'management',
    except: ['StartLogging'],
    evenByDeployments: ['StopLogging', 'DeleteTrail'],
    namedBy: [
      { parent: 'requestParameters', field: 'name', comparisons: names },
      { parent: 'requestParameters', field: 'trailName', comparisons: names },
    ],
    subject: { words: `the trail ${trailArnOrName}` },
  };
}

/** Calls can name a trail by name or ARN. */
function trailNames(scope: Construct, trailArnOrName: string): Comparison[] {
  if (Token.isUnresolved(trailArnOrName)) {
    return [
      equal(trailArnOrName, LONGEST.arnStart + LONGEST.trail),
      comparison('suffix', `:trail/${trailArnOrName}`, LONGEST.trail + 7),
    ];
  }
  const name = trailArnOrName.replace(/^arn:.*:trail\//, '');
  const arn = name === trailArnOrName
    ? Stack.of(scope).formatArn({
      service: 'cloudtrail', resource: 'trail', resourceName: name, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    })
    : trailArnOrName;
  return [equal(name, LONGEST.trail), equal(arn, LONGEST.arnStart + LONGEST.trail)];
}

function logGroupWatch(logGroup: logs.ILogGroup): Watch {
  const name = equal(logGroup.logGroupName, LONGEST.logGroup);
  const arn = comparison('suffix', `:log-group:${logGroup.logGroupName}`, LONGEST.logGroup + 11);
  return {
    id: 'TrailLogs',
    entry: 'Trail',
    eventSource: 'logs.amazonaws.com',
    category: 'management',
    except: [
      'CreateLogGroup', 'CreateLogStream', 'CreateExportTask', 'StartQuery', 'TagLogGroup', 'UntagLogGroup',
      'DeleteAccountPolicy',
    ],
    evenByDeployments: ['DeleteLogGroup', 'DeleteLogStream', 'DisassociateKmsKey'],
    namedBy: [
      { parent: 'requestParameters', field: 'logGroupName', comparisons: [name] },
      { parent: 'requestParameters', field: 'logGroupIdentifier', comparisons: [name, arn] },
      { parent: 'requestParameters', field: 'resourceIdentifier', comparisons: [arn] },
      // Account-level policies name no log group. Metric filters do not see what such policies mask or transform.
      { parent: 'requestParameters', field: 'policyType', comparisons: [comparison('suffix', '_POLICY', 7)] },
    ],
    subject: { words: `the log group ${logGroup.logGroupName}` },
  };
}

/** Only S3 Lifecycle deletes logs, and CloudTrail does not record its deletions, so every recorded deletion matters. */
function evidenceWatch(buckets: readonly s3.IBucket[]): Watch {
  return {
    id: 'Evidence',
    entry: 'Evidence',
    eventSource: 's3.amazonaws.com',
    category: 'data',
    events: EVIDENCE_CHANGES,
    evenByDeployments: 'all',
    namedBy: [bucketNamed(buckets)],
    subject: { words: 'logs in the bucket', path: '$.detail.requestParameters.bucketName' },
  };
}

function retentionBypassWatch(buckets: readonly s3.IBucket[]): Watch {
  return {
    id: 'RetentionBypass',
    entry: 'Evidence',
    eventSource: 's3.amazonaws.com',
    category: 'data',
    evenByDeployments: 'all',
    namedBy: [bucketNamed(buckets)],
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-bypass
    besides: [{ parent: 'requestParameters', field: 'x-amz-bypass-governance-retention', value: 'true' }],
    subject: { words: 'locked models in the bucket', path: '$.detail.requestParameters.bucketName' },
  };
}

/**
 * Matches all changes to settings rather than a list of events, because CloudTrail's event names differ from those of
 * the API, and S3 adds new settings.
 */
function bucketWatch(buckets: readonly s3.IBucket[]): Watch {
  return {
    id: 'Buckets',
    entry: 'Bucket',
    eventSource: 's3.amazonaws.com',
    category: 'management',
    except: ['CreateBucket', 'PutBucketTagging', 'DeleteBucketTagging'],
    evenByDeployments: [
      'DeleteBucket', 'DeleteBucketPolicy', 'DeleteBucketEncryption', 'DeleteBucketPublicAccessBlock',
    ],
    namedBy: [bucketNamed(buckets)],
    subject: { words: 'the bucket', path: '$.detail.requestParameters.bucketName' },
  };
}

function bucketNamed(buckets: readonly s3.IBucket[]): NamedBy {
  return named('bucketName', buckets.map(({ bucketName }) => bucketName), LONGEST.bucket);
}

/**
 * Matches the key's ARN, which KMS resolves no matter how the caller named the key. The record of a denied call may
 * have no resources. In that case, the key ID from the request is compared.
 * https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
 */
function keyWatches(keys: readonly kms.IKey[]): Watch[] {
  const common = {
    entry: 'Key',
    eventSource: 'kms.amazonaws.com',
    category: 'management',
    events: [
      'DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'DisableKeyRotation', 'CreateGrant',
      'DeleteImportedKeyMaterial', 'ImportKeyMaterial', 'ReplicateKey', 'UpdatePrimaryRegion',
    ],
    evenByDeployments: ['DisableKey', 'ScheduleKeyDeletion', 'DisableKeyRotation', 'DeleteImportedKeyMaterial'],
    subject: { words: 'the key', path: '$.detail.requestParameters.keyId' },
  } as const;
  return [
    {
      ...common,
      id: 'Keys',
      namedBy: [{
        parent: 'resources',
        field: 'ARN',
        comparisons: keys.map(({ keyArn }) => equal(keyArn, LONGEST.arnStart + LONGEST.key)),
      }],
    },
    {
      ...common,
      id: 'KeysRefused',
      namedBy: [{
        parent: 'requestParameters',
        field: 'keyId',
        comparisons: keys.flatMap(({ keyId }) => [
          equal(keyId, LONGEST.key),
          comparison('suffix', `:key/${keyId}`, LONGEST.key + 5),
        ]),
      }],
      besides: [{ parent: 'resources', field: 'ARN', value: undefined }],
    },
  ];
}

function roleWatch(roles: readonly iam.IRole[], index: number): Watch {
  return {
    id: numbered('Roles', index),
    entry: 'Role',
    eventSource: 'iam.amazonaws.com',
    category: 'management',
    except: ['CreateRole', 'TagRole', 'UntagRole'],
    evenByDeployments: [],
    namedBy: [named('roleName', roles.map(({ roleName }) => roleName), LONGEST.role)],
    subject: { words: 'the role', path: '$.detail.requestParameters.roleName' },
  };
}

/** A new version of a role's policy changes its permissions, and that call does not name the role. */
function policyWatch(policies: readonly iam.IManagedPolicy[], index: number): Watch {
  return {
    id: numbered('Policies', index),
    entry: 'Role',
    eventSource: 'iam.amazonaws.com',
    category: 'management',
    // Calls that attach or detach a policy name the role, so the role's watch matches them.
    except: ['AttachRolePolicy', 'DetachRolePolicy', 'TagPolicy', 'UntagPolicy'],
    evenByDeployments: [],
    namedBy: [
      named('policyArn', policies.map(({ managedPolicyArn }) => managedPolicyArn), LONGEST.arnStart + LONGEST.policy),
    ],
    subject: { words: 'the policy', path: '$.detail.requestParameters.policyArn' },
  };
}

function numbered(id: string, index: number): string {
  return index === 0 ? id : `${id}${index + 1}`;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, index) => items.slice(index * size, (index + 1) * size),
  );
}
