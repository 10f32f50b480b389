import type * as logs from 'aws-cdk-lib/aws-logs';

/**
 * Where a trail that this library does not make is to be found.
 */
export interface ExistingTrail {
  /** ARN or name of the trail. */
  readonly trailArnOrName: string;
  /** The log group that it writes to, if it has one. */
  readonly logGroup?: logs.ILogGroup;
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
   * A trail that is there already, such as an organization's. It stays as it is: CloudFormation cannot add event selectors
   * to a trail of somebody else's, so the stack has an output with those that have to be put on it.
   *
   * @param trailArnOrName ARN of the trail, or its name if it is of this account and Region
   * @param logGroup the log group that it writes to; without it, there are no alarms on what the trail records
   */
  public static existing(trailArnOrName: string, logGroup?: logs.ILogGroup): TrailSource {
    return new TrailSource('existing', { trailArnOrName, logGroup });
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
