import type * as logs from 'aws-cdk-lib/aws-logs';

/**
 * Where a trail that this library does not make is to be found.
 */
export interface ExistingTrail {
  /** ARN or name of the trail. */
  readonly trailArnOrName: string;
  /**
   * The log group that it writes to, if it has one.
   *
   * @default - none, and so no alarms on what the trail records
   */
  readonly logGroup?: logs.ILogGroup;
  /**
   * Id of the organization, if the trail is an organization's: its logs lie below that id.
   *
   * @default - the trail is of one account
   */
  readonly organizationId?: string;
}

/**
 * Which trail records who read and wrote the models.
 */
export class TrailSource {
  /** A trail made for the store, which records the store and nothing else. */
  public static own(): TrailSource {
    return new TrailSource('own');
  }

  /**
   * A trail that is there already. It stays as it is: CloudFormation cannot add event selectors
   * to a trail of somebody else's, so the stack has an output with those that have to be put on it.
   *
   * @param trailArnOrName ARN of the trail, or its name if it is of this account and Region
   * @param logGroup the log group that it writes to; without it, there are no alarms on what the trail records
   */
  public static existing(trailArnOrName: string, logGroup?: logs.ILogGroup): TrailSource {
    return new TrailSource('existing', { trailArnOrName, logGroup });
  }

  /**
   * The trail of an organization, which belongs to its management account or a delegated administrator. It stays as it is, as
   * with `existing`. Its log group is of that account too, so alarms on what it records belong into a stack there.
   *
   * @param trailArn ARN of the trail
   * @param organizationId id of the organization, such as `o-a1b2c3d4e5`
   * @param logGroup the log group that it writes to, if this stack is of the trail's account; without it, there are no alarms
   * on what the trail records
   */
  public static organization(trailArn: string, organizationId: string, logGroup?: logs.ILogGroup): TrailSource {
    return new TrailSource('existing', { trailArnOrName: trailArn, organizationId, logGroup });
  }

  /** No trail: nobody can say afterwards who took which model. */
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
