import {
  type CfnResource, type CustomResourceProviderBase, Lazy, RemovalPolicy, Stack, Validations,
} from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import type { SecureModelArtifactStoreProps } from './props';
import { ApiLogging } from '../api/api-logging';
import type { StoreFunctions } from '../api/store-functions';
import type { Problems } from '../common/problems';

/**
 * The CDK's own function that empties buckets, one in a stack:
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_s3-readme.html
 */
const EMPTIER = 'Custom::S3AutoDeleteObjectsCustomResourceProvider';

/**
 * The shortest that KMS waits before it deletes a key:
 * https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
 */
const SHORTEST_KEY_WAIT_DAYS = 7;

/*
 * What retention.emptyOnDestroy cannot go with:
 *
 *   property                     | why
 *   -----------------------------+--------------------------------------------------------------------------
 *   retention.removalPolicy      | anything but DESTROY keeps what has to go
 *   retention.modelObjectLock    | nobody, in GOVERNANCE mode only administrators, deletes a version before its time
 *   retention.logObjectLock      | the same
 *   artifactBucket               | the models in it are not the store's to delete
 *   audit.logArchive             | the logs in it are not the store's to delete
 *   network.perimeter            | the function that empties the buckets runs outside of it
 *   audit.apiLogging: SET_ROLE_… | role and setting have to stay, for the other APIs of the account
 */
export function checkSandbox(problems: Problems, props: SecureModelArtifactStoreProps): void {
  const { retention, audit, network } = props;
  if (!retention?.emptyOnDestroy) return;
  const { removalPolicy, modelObjectLock, logObjectLock } = retention;
  const keeps = removalPolicy === RemovalPolicy.DESTROY ? undefined : removalPolicy;
  const setsRole = audit?.apiLogging === ApiLogging.SET_ROLE_IF_NONE || undefined;
  const against: Array<[string, unknown, string]> = [
    ['retention.removalPolicy', keeps, `is ${keeps}, which keeps what has to go; say DESTROY, or leave it out`],
    ['retention.modelObjectLock', modelObjectLock, 'locks models: no locked version can be deleted with the stack'],
    ['retention.logObjectLock', logObjectLock, 'locks logs: no locked version can be deleted with the stack'],
    ['artifactBucket', props.artifactBucket, 'is a bucket that is there already, which the store never empties'],
    ['audit.logArchive', audit?.logArchive, 'is an archive that is there already, which the store never empties'],
    ['network.perimeter', network?.perimeter,
      'shuts out the function that empties the buckets, which runs in Lambda\'s own network'],
    ['audit.apiLogging', setsRole,
      'is SET_ROLE_IF_NONE, and the role that it sets stays for other APIs; say EXISTING_ROLE or OFF'],
  ];
  for (const [property, contradiction, why] of against) {
    if (contradiction !== undefined) {
      problems.add(`retention.emptyOnDestroy is true, but ${property} ${why}; leave one of the two out`);
    }
  }
}

/** The properties of a store of which nothing is to be left. */
export function sandboxProps(scope: Construct, props: SecureModelArtifactStoreProps): SecureModelArtifactStoreProps {
  if (!props.retention?.emptyOnDestroy) {
    return props;
  }
  // Only known once the first bucket is to be emptied.
  const emptier = Lazy.string({ produce: () => emptierOf(scope).roleArn });
  return {
    ...props,
    retention: { ...props.retention, removalPolicy: RemovalPolicy.DESTROY },
    access: { ...props.access, administratorArns: [...props.access?.administratorArns ?? [], emptier] },
    audit: {
      ...props.audit,
      apiLogging: props.audit?.apiLogging ?? ApiLogging.OFF,
      administratorArns: [...props.audit?.administratorArns ?? [], emptier],
    },
  };
}

/**
 * Has everything go with the stack: objects with their buckets, keys as soon as KMS lets them, the emptier's own log.
 */
export function emptyOnDestroy(store: Construct, functions: StoreFunctions): void {
  const made = store.node.findAll();
  made.filter(s3.CfnBucket.isCfnBucket).forEach((bucket) => bucket.with(new s3.mixins.BucketAutoDeleteObjects()));
  made.filter(isKey).forEach((key) => { key.pendingWindowInDays = SHORTEST_KEY_WAIT_DAYS; });
  keepNoLog(store, functions);
  Validations.of(store).addWarning('SecureModelArtifactStore::EverythingIsDestroyed', [
    'retention.emptyOnDestroy is true: when this stack is deleted, or a bucket leaves it, every model and every log is',
    'deleted for good, evidence of who read which model included. The role of the function that deletes them can',
    'delete them at any time. Use it for a sandbox, never for models that matter. Acknowledge this warning',
    'if that is meant.',
  ].join(' '));
}

function isKey(construct: IConstruct): construct is kms.CfnKey {
  return kms.CfnKey.isCfnKey(construct);
}

function emptierOf(scope: Construct): CustomResourceProviderBase {
  return Stack.of(scope).node.findChild(EMPTIER) as CustomResourceProviderBase;
}

/**
 * Lambda would make a log group for the function, which nothing deletes. It gets one that goes with the stack, and is
 * kept from making another when its last lines arrive after that one is gone.
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
