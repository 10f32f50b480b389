import {
  type CfnResource, type CustomResourceProviderBase, Lazy, RemovalPolicy, Stack, Validations,
} from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import type { SecureModelArtifactStoreProps } from './props';
import { ApiLogging } from '../api/api-logging';
import type { StoreFunctions } from '../api/store-functions';
import type { Problems } from '../common/problems';

/**
 * The CDK's own function that empties buckets, one per stack:
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_s3-readme.html
 */
const EMPTIER = 'Custom::S3AutoDeleteObjectsCustomResourceProvider';

/**
 * The minimum waiting period before KMS deletes a key:
 * https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
 */
const SHORTEST_KEY_WAIT_DAYS = 7;

/*
 * Properties that cannot be combined with retention.emptyOnDestroy:
 *
 *   property                     | why
 *   -----------------------------+--------------------------------------------------------------------------
 *   retention.removalPolicy      | anything but DESTROY keeps resources that must be deleted
 *   retention.modelObjectLock    | locked versions cannot be deleted (in GOVERNANCE mode only by administrators)
 *   retention.logObjectLock      | same as above
 *   artifactBucket               | the store must not delete models in an existing bucket
 *   audit.logArchive             | the store must not delete logs in an existing archive
 *   network.perimeter            | the function that empties the buckets runs outside it
 *   audit.apiLogging: SET_ROLE_… | the role and the setting have to stay, for the account's other APIs
 */
export function checkSandbox(problems: Problems, props: SecureModelArtifactStoreProps): void {
  const { retention, audit, network } = props;
  if (!retention?.emptyOnDestroy) return;
  const { removalPolicy, modelObjectLock, logObjectLock } = retention;
  const keeps = removalPolicy === RemovalPolicy.DESTROY ? undefined : removalPolicy;
  const setsRole = audit?.apiLogging === ApiLogging.SET_ROLE_IF_NONE || undefined;
  const against: Array<[string, unknown, string]> = [
    ['retention.removalPolicy', keeps, `is ${keeps}, which keeps resources; use DESTROY or omit it`],
    ['retention.modelObjectLock', modelObjectLock, 'locks models: locked versions cannot be deleted with the stack'],
    ['retention.logObjectLock', logObjectLock, 'locks logs: locked versions cannot be deleted with the stack'],
    ['artifactBucket', props.artifactBucket, 'is an existing bucket, which the store never empties'],
    ['audit.logArchive', audit?.logArchive, 'is an existing log archive, which the store never empties'],
    ['network.perimeter', network?.perimeter,
      'excludes the function that empties the buckets, which runs outside any VPC'],
    ['audit.apiLogging', setsRole,
      'is SET_ROLE_IF_NONE, and the role that it sets stays for other APIs; use EXISTING_ROLE or OFF'],
  ];
  for (const [property, contradiction, why] of against) {
    if (contradiction !== undefined) {
      problems.add(`retention.emptyOnDestroy is true, but ${property} ${why}; remove one of the two`);
    }
  }
}

/** Returns the properties for a store that is deleted completely with its stack. */
export function sandboxProps(scope: Construct, props: SecureModelArtifactStoreProps): SecureModelArtifactStoreProps {
  if (!props.retention?.emptyOnDestroy) {
    return props;
  }
  // The CDK creates the function when the first bucket is set up to be emptied.
  const emptier = new iam.ArnPrincipal(Lazy.string({ produce: () => emptierOf(scope).roleArn }));
  return {
    ...props,
    retention: { ...props.retention, removalPolicy: RemovalPolicy.DESTROY },
    access: { ...props.access, administrators: [...props.access?.administrators ?? [], emptier] },
    audit: {
      ...props.audit,
      apiLogging: props.audit?.apiLogging ?? ApiLogging.OFF,
      administrators: [...props.audit?.administrators ?? [], emptier],
    },
  };
}

/**
 * Deletes everything with the stack: objects with their buckets, keys as soon as KMS allows, and the emptier's own log.
 */
export function emptyOnDestroy(store: Construct, functions: StoreFunctions): void {
  const made = store.node.findAll();
  made.filter(s3.CfnBucket.isCfnBucket).forEach((bucket) => bucket.with(new s3.mixins.BucketAutoDeleteObjects()));
  made.filter(isKey).forEach((key) => { key.pendingWindowInDays = SHORTEST_KEY_WAIT_DAYS; });
  keepNoLog(store, functions);
  Validations.of(store).addWarning('SecureModelArtifactStore::EverythingIsDestroyed', [
    'retention.emptyOnDestroy is true: when this stack is deleted, or a bucket is removed from it, every model and',
    'every log is permanently deleted, including the evidence of who read which model. The role of the function that',
    'deletes them can do so at any time. Use it for sandboxes, never for models that matter. Acknowledge this warning',
    'if this is intended.',
  ].join(' '));
}

function isKey(construct: IConstruct): construct is kms.CfnKey {
  return kms.CfnKey.isCfnKey(construct);
}

function emptierOf(scope: Construct): CustomResourceProviderBase {
  return Stack.of(scope).node.findChild(EMPTIER) as CustomResourceProviderBase;
}

/**
 * Lambda would create a log group for the function that is never deleted. The function instead gets one that is deleted
 * with the stack, and is denied creating another one when its last lines arrive after that.
 */
function keepNoLog(store: Construct, functions: StoreFunctions): void {
  const emptier = emptierOf(store);
  const logGroup = new logs.LogGroup(store, 'EmptierLogs', {
    encryptionKey: functions.logEncryptionKey,
    retention: logs.RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const emptierFunction = emptier.node.findChild('Handler') as CfnResource;
  emptierFunction.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
  emptier.addToRolePolicy({ Effect: 'Deny', Action: 'logs:CreateLogGroup', Resource: '*' });
}
