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
   */
  WRITES = 'writes',

  /**
   * Those that read something too, without the uses of keys. They are many, and priced like the writes; no tamper rule needs
   * them.
   */
  ALL = 'all',
}
