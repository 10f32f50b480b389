/**
 * Management events of the account that a trail records, such as changes to policies and stopped trails.
 *
 * Only management events show tampering. CloudTrail keeps them for 90 days in any case, but delivers them to alarms,
 * EventBridge and an archive only if a trail records them:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html
 */
export enum ManagementEvents {
  /**
   * No management events. Unless another trail of the account records them, no tamper rule is triggered when a user
   * stops the trail, deletes a key or makes a bucket public.
   */
  NONE = 'none',

  /**
   * Write events only. There are few of them. The first copy of management events in a Region is free of charge; if
   * another trail already delivers them, this second copy costs $2 per 100,000 events.
   *
   * AssumeRole of STS is a read-only event. Without it, the trail does not show who opened a session, and the queries
   * `unexpected-role-assumption` and `unnamed-sessions` cannot identify that principal.
   */
  WRITES = 'writes',

  /**
   * Write and read-only events, except uses of KMS keys. There are many read-only events, at the same price. Selectors
   * can only exclude AWS KMS and the RDS Data API, so it is not possible to record only those of STS:
   * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
   * Tamper rules and alarms do not depend on read-only events.
   */
  ALL = 'all',
}
