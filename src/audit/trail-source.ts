import type * as logs from 'aws-cdk-lib/aws-logs';

/**
 * Attributes of a trail that is created outside of this library.
 */
export interface ExistingTrail {
  /** ARN or name of the trail. */
  readonly trailArnOrName: string;
  /**
   * The log group to which the trail writes, if it has one.
   *
   * @default - no alarms on events in the trail
   */
  readonly logGroup?: logs.ILogGroup;
  /**
   * ID of the organization, for an organization trail. It is part of the keys of the trail's log files.
   *
   * @default - the trail records one account
   */
  readonly organizationId?: string;
}

/**
 * The trail that records who reads and writes models.
 */
export class TrailSource {
  /** Creates a trail for the store. Its data events are limited to the resources of the store. */
  public static dedicated(): TrailSource {
    return new TrailSource('own');
  }

  /**
   * Uses an existing trail. The trail is not changed, because CloudFormation cannot add event selectors to a trail of
   * another stack. A stack output has the selectors that must be added to it.
   *
   * @param trailArnOrName ARN of the trail, or its name if it is in this account and Region
   * @param logGroup the log group to which the trail writes. Without it, no alarms on the trail's events are created
   */
  public static existing(trailArnOrName: string, logGroup?: logs.ILogGroup): TrailSource {
    return new TrailSource('existing', { trailArnOrName, logGroup });
  }

  /**
   * Uses an existing organization trail, which is in the management account or the account of a delegated
   * administrator. As with `existing`, it is not changed. Its log group is in the same account, so alarms on its events
   * must be created in a stack of that account.
   *
   * @param trailArn ARN of the trail
   * @param organizationId ID of the organization, such as `o-a1b2c3d4e5`
   * @param logGroup the log group to which the trail writes, if this stack is in the account of the trail. Without it,
   * no alarms on the trail's events are created
   */
  public static organization(trailArn: string, organizationId: string, logGroup?: logs.ILogGroup): TrailSource {
    return new TrailSource('existing', { trailArnOrName: trailArn, organizationId, logGroup });
  }

  /** Uses no trail. Downloads of models are then not recorded. */
  public static none(): TrailSource {
    return new TrailSource('none');
  }

  /** @internal */
  public readonly _kind: 'own' | 'existing' | 'none';
  /** @internal */
  public readonly _existing?: ExistingTrail;

  private constructor(kind: 'own' | 'existing' | 'none', existing?: ExistingTrail) {
    this._kind = kind;
    this._existing = existing;
  }
}
