import type * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import {
  aliasChangedRule, type StoreEventOptions, versionPublishedRule,
} from './events';
import { StoreGrants } from '../access/grants';
import type { StoreAccess } from '../access/store-access';
import { addPermission } from '../common/permission-writer';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';

/**
 * A model store, defined in this stack or imported.
 */
export interface ISecureModelArtifactStore extends IConstruct {
  /** The name that clients use to find the store. */
  readonly storeName: string;

  /** The bucket that holds the models, and its key. */
  readonly artifactBucket: IArtifactBucket;

  /** The log archive that keeps the evidence, if it is known. */
  readonly logArchive?: ILogArchive;

  /** The URL of the API, without a trailing slash; undefined if the store has no API. */
  readonly url?: string;

  /**
   * Grants permission to push: upload files, publish versions, and read manifests and aliases. Does not allow moving
   * aliases or downloading files.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  grantPush(grantee: iam.IGrantable, models?: string[]): iam.Grant;

  /**
   * Grants permission to pull through presigned URLs, and to read blobs, manifests and signatures directly from S3, as
   * batch jobs do. The data event of a direct read identifies only the role. For people, use the store's roles.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  grantDirectRead(grantee: iam.IGrantable, models?: string[]): iam.Grant;

  /**
   * Grants permission to pull through presigned URLs only, so that every read carries a session name. Use it for people
   * whose role is not one of the store's. `grantDirectRead` is for jobs, which also read directly.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  grantPull(grantee: iam.IGrantable, models?: string[]): iam.Grant;

  /**
   * Grants permission to promote: move and remove aliases, and read manifests and aliases. Does not allow downloading
   * files.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  grantPromote(grantee: iam.IGrantable, models?: string[]): iam.Grant;

  /**
   * Grants permission to audit: read manifests, aliases and logs, and run the named queries. Does not allow downloading
   * files.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; a grant limited to models covers their manifests, but neither logs
   * nor queries
   */
  grantAudit(grantee: iam.IGrantable, models?: string[]): iam.Grant;

  /**
   * Creates a rule that reacts when a version is published. The event's `detail.object.key` is the key of its manifest.
   *
   * @param id the ID of the rule
   * @param options the models to react to, and the target. If it is in the same account and Region, the rule is created
   * in its stack
   */
  onVersionPublished(id: string, options?: StoreEventOptions): events.Rule;

  /**
   * Creates a rule that reacts when an alias is set, moved or removed. The event's `detail.object.key` is the key of
   * the alias.
   *
   * @param id the ID of the rule
   * @param options the models and the alias to react to, and the target. If it is in the same account and Region, the
   * rule is created in its stack
   */
  onAliasChanged(id: string, options?: StoreEventOptions): events.Rule;
}

/**
 * The grants and rules of every store, whether it is defined here or imported.
 *
 * @internal
 */
export abstract class StoreBase extends Construct implements ISecureModelArtifactStore {
  public abstract readonly storeName: string;
  public abstract readonly artifactBucket: IArtifactBucket;
  public abstract readonly logArchive?: ILogArchive;
  public abstract readonly url?: string;

  /**
   * The resources that grants give access to.
   *
   * @internal
   */
  protected abstract readonly _access: StoreAccess;

  /**
   * The ARN of the SSM parameter that clients use to find the store.
   *
   * @internal
   */
  protected abstract readonly _parameterArn: string;

  /**
   * Grants permission to push: upload files, publish versions, and read manifests and aliases. Does not allow moving
   * aliases or downloading files.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  public grantPush(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    return this.withDescription(grantee, StoreGrants._ofStore(this, this._access).push(grantee, models));
  }

  /**
   * Grants permission to pull through presigned URLs, and to read blobs, manifests and signatures directly from S3, as
   * batch jobs do. The data event of a direct read identifies only the role. For people, use the store's roles.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  public grantDirectRead(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    return this.withDescription(grantee, StoreGrants._ofStore(this, this._access).directRead(grantee, models));
  }

  /**
   * Grants permission to pull through presigned URLs only, so that every read carries a session name. Use it for people
   * whose role is not one of the store's. `grantDirectRead` is for jobs, which also read directly.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  public grantPull(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    return this.withDescription(grantee, StoreGrants._ofStore(this, this._access).pull(grantee, models));
  }

  /**
   * Grants permission to promote: move and remove aliases, and read manifests and aliases. Does not allow downloading
   * files.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; by default, every model
   */
  public grantPromote(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    return this.withDescription(grantee, StoreGrants._ofStore(this, this._access).promote(grantee, models));
  }

  /**
   * Grants permission to audit: read manifests, aliases and logs, and run the named queries. Does not allow downloading
   * files.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; a grant limited to models covers their manifests, but neither logs
   * nor queries
   */
  public grantAudit(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    return this.withDescription(grantee, StoreGrants._ofStore(this, this._access).audit(grantee, models));
  }

  /**
   * Creates a rule that reacts when a version is published. The event's `detail.object.key` is the key of its manifest.
   *
   * @param id the ID of the rule
   * @param options the models to react to, and the target. If it is in the same account and Region, the rule is created
   * in its stack
   */
  public onVersionPublished(id: string, options?: StoreEventOptions): events.Rule {
    return versionPublishedRule(this, id, options);
  }

  /**
   * Creates a rule that reacts when an alias is set, moved or removed. The event's `detail.object.key` is the key of
   * the alias.
   *
   * @param id the ID of the rule
   * @param options the models and the alias to react to, and the target. If it is in the same account and Region, the
   * rule is created in its stack
   */
  public onAliasChanged(id: string, options?: StoreEventOptions): events.Rule {
    return aliasChangedRule(this, id, options);
  }

  /** Every principal with a grant can also find the store by name. */
  private withDescription(grantee: iam.IGrantable, grant: iam.Grant): iam.Grant {
    return grant.combine(addPermission(grantee, { actions: ['ssm:GetParameter'], resourceArns: [this._parameterArn] }));
  }
}
