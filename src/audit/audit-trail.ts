import { CfnOutput, Lazy, Names, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AuditTrailProps } from './audit-trail-props';
import { eventSelectors, type EventSelector } from './event-selectors';
import { checkNoFeedback } from './feedback';
import { createTrailLogs, type TrailLogs } from './trail-logs';
import { requireArchiveStatements, requireTrailSettings } from './trail-owners';
import { TrailSource } from './trail-source';
import { checkTrailSource } from './trail-source-checks';
import { unqualifiedArn } from './unqualified-arn';
import { Problems } from '../common/problems';
import { refuseWeakening } from '../common/weakened-resources';
import type { AcceptedTrail } from '../storage/accepted-trail';

export { AuditTrailProps } from './audit-trail-props';

/**
 * Records who read and wrote which model, from where, and how many bytes, with AWS CloudTrail: data events for objects
 * in the artifact bucket, for reads and deletions in the log archive, and for invocations of the store's functions. A
 * trail of the store also records the management events of the account.
 *
 * Log deliveries are not recorded, because each recorded delivery would cause another delivery.
 */
export class AuditTrail extends Construct {
  /** The log group that the trail writes to, if there is one. */
  public readonly logGroup?: logs.ILogGroup;
  /** The trail, if this construct creates it. */
  public readonly trail?: cloudtrail.CfnTrail;
  /** Name of the trail, or its ARN; absent if there is no trail. */
  public readonly trailArnOrName?: string;
  /** The key of the log group, if this construct creates the trail. */
  public readonly logGroupKey?: kms.IKey;
  /** The role with which CloudTrail writes to the log group, if this construct creates the trail. */
  public readonly logDeliveryRole?: iam.IRole;
  /** ID of the organization that the trail records; absent if it records one account. */
  public readonly organizationId?: string;
  /** Whether the trail records write management events. An existing trail is assumed to record them. */
  public readonly recordsManagementEvents: boolean;

  private readonly functionArns: string[] = [];
  private readonly props: AuditTrailProps;

  /**
   * @param scope the construct to create it in
   * @param id id of the construct, unique within the scope
   * @param props its properties
   */
  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    this.props = props;
    checkNoFeedback(this, props.artifactBucket, props.logArchive);
    const source = props.source ?? TrailSource.dedicated();
    const problems = Problems.of(this);
    checkTrailSource(problems, this, source, props);
    problems.throwIfAny('AuditTrail');
    this.organizationId = source._existing?.organizationId ?? props.organizationId;
    this.recordsManagementEvents = source._kind === 'existing'
      || (source._kind === 'own' && recordsWrites(props.managementEvents));
    refuseWeakening(this, { removalPolicy: props.removalPolicy });
    switch (source._kind) {
      case 'own': {
        const trailLogs = createTrailLogs(this, {
          retention: props.logRetention ?? logs.RetentionDays.THIRTEEN_MONTHS,
          encryptionKey: props.encryptionKey,
          removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
          isOrganization: props.organizationId !== undefined,
        });
        this.logGroup = trailLogs.logGroup;
        this.logGroupKey = trailLogs.encryptionKey;
        this.logDeliveryRole = trailLogs.role;
        this.trailArnOrName = props.trailName ?? Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
        this.trail = this.createTrail(props, this.trailArnOrName, trailLogs);
        break;
      }
      case 'existing':
        this.logGroup = source._existing!.logGroup;
        this.trailArnOrName = source._existing!.trailArnOrName;
        this.requireSelectors(source._existing!.trailArnOrName);
        break;
      case 'none':
        Validations.of(this).addWarning('SecureModelArtifactStore::NoTrail',
          'The store has no trail, so reads of models are not recorded. Acknowledge this warning if this is intended.');
        break;
    }
  }

  /**
   * Records the invocations of a function.
   *
   * @param fn a function, or an alias or version of it; invocations of all aliases and versions are recorded
   */
  public addFunction(fn: lambda.IFunction): void {
    this.functionArns.push(unqualifiedArn(fn));
  }

  private createTrail(props: AuditTrailProps, trailName: string, { logGroup, role }: TrailLogs): cloudtrail.CfnTrail {
    const { account: accountId, region } = Stack.of(this);
    const acceptance: AcceptedTrail = { trailName, accountId, region, organizationId: props.organizationId };
    const accepted = props.logArchive.acceptTrail(acceptance);
    if (!accepted.statementAdded) {
      requireArchiveStatements(this, props.logArchive, acceptance);
    }
    const trail = new cloudtrail.CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      s3BucketName: props.logArchive.trailBucket.bucketName,
      kmsKeyId: props.logArchive.encryptionKey?.keyArn,
      enableLogFileValidation: true,
      isMultiRegionTrail: props.isMultiRegion ?? true,
      isOrganizationTrail: props.organizationId === undefined ? undefined : true,
      // Required for a multi-Region trail. They are management events, so they are only recorded if these are selected.
      includeGlobalServiceEvents: true,
      cloudWatchLogsLogGroupArn: logGroup.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      advancedEventSelectors: Lazy.any({ produce: () => this.selectors().map(toCloudFormation) }),
    });
    // CloudTrail checks its access to the bucket, the key and the log group when the trail is created.
    trail.node.addDependency(role, ...(accepted.policyDependable ? [accepted.policyDependable] : []));
    return trail;
  }

  private requireSelectors(trailArnOrName: string): void {
    const outputId = 'RequiredEventSelectors';
    new CfnOutput(this, outputId, {
      description: `Advanced event selectors to add to the trail ${trailArnOrName}`,
      value: Lazy.string({ produce: () => Stack.of(this).toJsonString(this.selectors()) }),
    });
    requireTrailSettings(this, trailArnOrName, outputId);
  }

  private selectors(): EventSelector[] {
    const { artifactBucket, logArchive, managementEvents } = this.props;
    return eventSelectors({
      artifactBucketArn: artifactBucket.bucket.bucketArn,
      logBucketArns: [logArchive.trailBucket.bucketArn, logArchive.accessLogBucket.bucketArn],
      functionArns: this.functionArns,
      managementEvents: managementEvents ?? (this.trail ? cloudtrail.ReadWriteType.ALL : cloudtrail.ReadWriteType.NONE),
    });
  }
}

/** By default, a trail of the store records all management events. */
function recordsWrites(managementEvents: cloudtrail.ReadWriteType | undefined): boolean {
  return managementEvents !== cloudtrail.ReadWriteType.NONE && managementEvents !== cloudtrail.ReadWriteType.READ_ONLY;
}

function toCloudFormation(selector: EventSelector): cloudtrail.CfnTrail.AdvancedEventSelectorProperty {
  return {
    name: selector.Name,
    fieldSelectors: selector.FieldSelectors.map(({ Field, Equals, StartsWith, NotEquals }) => ({
      field: Field,
      equalTo: Equals && [...Equals],
      startsWith: StartsWith && [...StartsWith],
      notEquals: NotEquals && [...NotEquals],
    })),
  };
}
