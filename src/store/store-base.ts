import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { aliasChangedRule, type AliasChangedOptions, versionPublishedRule, type VersionPublishedOptions } from './events';
import { StoreGrants } from '../access/grants';
import type { StoreAccess } from '../access/store-access';
import { addPermission } from '../common/permission-writer';
import { accessDeniedMetric } from '../monitoring/access-denied';
import { EgressMetric, egressMetric } from '../monitoring/egress/egress-metrics';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';

/**
 * A model store, made in this stack or in another.
 */
export interface ISecureModelArtifactStore extends IConstruct {
  /** What clients call the store by. */
  readonly storeName: string;

  /** The bucket of the models, and its key. */
  readonly artifactBucket: IArtifactBucket;

  /** Where the evidence lies, if that is known. */
  readonly logArchive?: ILogArchive;

  /** Where clients call the API, without a slash at the end; absent if there is none. */
  readonly url?: string;

  /**
   * Grants permission to push: to send files, publish versions, and read what was published. No aliases, and no bytes back.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  grantUpload(grantee: iam.IGrantable, models?: string[]): iam.Grant;

  /**
   * Grants permission to pull: through presigned URLs, and by reading blobs, manifests and signatures directly, as batch jobs
   * do. The data event of a direct read names the role only; for people, use the store's roles.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  grantDownload(grantee: iam.IGrantable, models?: string[]): iam.Grant;

  /**
   * Grants permission to pull through presigned URLs only, so that every read carries the name of a session: for people who
   * have a role other than the store's. `grantDownload` is for jobs, which also read directly.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  grantDownloadByLink(grantee: iam.IGrantable, models?: string[]): iam.Grant;

  /**
   * Grants permission to move aliases, and to read what was published. No bytes of a model.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  grantPromote(grantee: iam.IGrantable, models?: string[]): iam.Grant;

  /**
   * Grants permission to read manifests, aliases and the logs, and to run the named queries. No bytes of a model.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   * @param models model patterns such as `fraud-*`; a grant limited to models gives their manifests, no logs and no queries
   */
  grantAudit(grantee: iam.IGrantable, models?: string[]): iam.Grant;

  /**
   * Reacts when a version was published: the event's `detail.object.key` is its manifest.
   *
   * @param id id of the rule
   * @param options which models, and the target; a target in another stack has the rule in its own stack
   */
  onVersionPublished(id: string, options?: VersionPublishedOptions): events.Rule;

  /**
   * Reacts when an alias was set or moved: the event's `detail.object.key` is the alias.
   *
   * @param id id of the rule
   * @param options which models, which alias, and the target; a target in another stack has the rule in its own stack
   */
  onAliasChanged(id: string, options?: AliasChangedOptions): events.Rule;

  /**
   * Bytes of models that were read from S3, by any caller; without copies within S3. The metric has data if the store
   * has a trail and alarms.
   *
   * @param options statistic, period and the like; by default the sum over five minutes
   */
  metricEgressBytes(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Requests to the artifact bucket that S3 refused. The metric has data if the store has a trail and alarms.
   *
   * @param options statistic, period and the like; by default the sum over five minutes
   */
  metricDeniedRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/**
 * What every store can do, wherever it was made.
 */
export abstract class StoreBase extends Construct implements ISecureModelArtifactStore {
  public abstract readonly storeName: string;
  public abstract readonly artifactBucket: IArtifactBucket;
  public abstract readonly logArchive?: ILogArchive;
  public abstract readonly url?: string;

  /**
   * What grants are about.
   *
   * @internal
   */
  protected abstract readonly _access: StoreAccess;

  /**
   * ARN of the SSM parameter by which clients find the store.
   *
   * @internal
   */
  protected abstract readonly _parameterArn: string;

  /**
   * Grants permission to push: to send files, publish versions, and read what was published. No aliases, and no bytes back.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public grantUpload(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    return this.withDescription(grantee, StoreGrants._ofStore(this, this._access).upload(grantee, models));
  }

  /**
   * Grants permission to pull: through presigned URLs, and by reading blobs, manifests and signatures directly, as batch jobs
   * do. The data event of a direct read names the role only; for people, use the store's roles.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public grantDownload(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    return this.withDescription(grantee, StoreGrants._ofStore(this, this._access).download(grantee, models));
  }

  /**
   * Grants permission to pull through presigned URLs only, so that every read carries the name of a session: for people who
   * have a role other than the store's. `grantDownload` is for jobs, which also read directly.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public grantDownloadByLink(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    return this.withDescription(grantee, StoreGrants._ofStore(this, this._access).downloadByLink(grantee, models));
  }

  /**
   * Grants permission to move aliases, and to read what was published. No bytes of a model.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   * @param models model patterns such as `fraud-*`; every model if absent
   */
  public grantPromote(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    return this.withDescription(grantee, StoreGrants._ofStore(this, this._access).promote(grantee, models));
  }

  /**
   * Grants permission to read manifests, aliases and the logs, and to run the named queries. No bytes of a model.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   * @param models model patterns such as `fraud-*`; a grant limited to models gives their manifests, no logs and no queries
   */
  public grantAudit(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    return this.withDescription(grantee, StoreGrants._ofStore(this, this._access).audit(grantee, models));
  }

  /**
   * Bytes of models that were read from S3, by any caller; without copies within S3. The metric has data if the store
   * has a trail and alarms.
   *
   * @param options statistic, period and the like; by default the sum over five minutes
   */
  public metricEgressBytes(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return egressMetric(this.artifactBucket.bucket, EgressMetric.BYTES, options);
  }

  /**
   * Requests to the artifact bucket that S3 refused. The metric has data if the store has a trail and alarms.
   *
   * @param options statistic, period and the like; by default the sum over five minutes
   */
  public metricDeniedRequests(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return accessDeniedMetric(this.artifactBucket.bucket, options);
  }

  /**
   * Reacts when a version was published: the event's `detail.object.key` is its manifest.
   *
   * @param id id of the rule
   * @param options which models, and the target; a target in another stack has the rule in its own stack
   */
  public onVersionPublished(id: string, options?: VersionPublishedOptions): events.Rule {
    return versionPublishedRule(this, id, options);
  }

  /**
   * Reacts when an alias was set or moved: the event's `detail.object.key` is the alias.
   *
   * @param id id of the rule
   * @param options which models, which alias, and the target; a target in another stack has the rule in its own stack
   */
  public onAliasChanged(id: string, options?: AliasChangedOptions): events.Rule {
    return aliasChangedRule(this, id, options);
  }

  /** Whoever may use the store may find it by its name. */
  private withDescription(grantee: iam.IGrantable, grant: iam.Grant): iam.Grant {
    return grant.combine(addPermission(grantee, { actions: ['ssm:GetParameter'], resourceArns: [this._parameterArn] }));
  }
}
