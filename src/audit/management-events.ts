/**
 * Which management events of the account, such as changed policies and stopped trails, a trail records.
 *
 * Tampering shows in management events alone. CloudTrail keeps them for 90 days by itself, but it hands them on, to alarms,
 * to EventBridge and to an archive, only if a trail records them:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html
 */
export enum ManagementEvents {
  /**
   * None. Unless another trail of the account records them, nothing tells that somebody stops the trail, deletes a key or
   * opens a bucket, and no tamper rule ever goes off.
   */
  NONE = 'none',

  /**
   * Those that change something. They are few. The first copy of them that is delivered in a Region is free of charge; if
   * another trail delivers them already, this second copy costs $2 per 100,000 events.
   *
   * STS's AssumeRole counts as a read: without it, nothing in the store's evidence shows who opened a session, and the queries
   * `unexpected-role-assumption` and `unnamed-sessions` cannot name that principal.
   */
  WRITES = 'writes',

  /**
   * Those that read something too, without the uses of keys. They are many, and priced like the writes. A trail's selectors can
   * leave out no service but AWS KMS and the RDS Data API, so that STS alone cannot be chosen:
   * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
   * No tamper rule and no alarm goes by them.
   */
  ALL = 'all',
}
