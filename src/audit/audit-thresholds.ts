import type { Duration, Size } from 'aws-cdk-lib';

/**
 * Business hours, for the named query that reports bulk downloads outside them.
 */
export interface BusinessHours {
  /**
   * Working days, from 0 (Sunday) to 6 (Saturday).
   *
   * @default [1, 2, 3, 4, 5]
   */
  readonly days?: number[];

  /**
   * Hour at which business hours begin, 0 to 23.
   *
   * @default 7
   */
  readonly startHour?: number;

  /**
   * Hour at which business hours end, 1 to 24; later than `startHour`.
   *
   * @default 20
   */
  readonly endHour?: number;

  /**
   * Offset of local time from UTC, in minutes (60 for Berlin in winter); negative if local time is behind UTC. It is
   * not adjusted for daylight saving time, so leave an hour of slack in the business hours.
   *
   * @default 0
   */
  readonly utcOffsetMinutes?: number;
}

/**
 * Thresholds at which a result is reported to an auditor. Reads below them still appear in every list of reads.
 */
export interface AuditThresholds {
  /**
   * Bytes that count as a bulk download if one principal reads them in one night, on one day off, or in its first
   * three days of reading.
   *
   * @default Size.gibibytes(10)
   */
  readonly bulkEgress?: Size;

  /**
   * Multiple of a principal's own median over the previous 28 days that one day must exceed.
   *
   * @default 5
   */
  readonly medianFactor?: number;

  /**
   * Bytes that a principal may download in one day, or in one week, regardless of its usual volume. Set it above the
   * largest day of ordinary work.
   *
   * @default Size.gibibytes(10)
   */
  readonly medianFloor?: Size;

  /**
   * Number of files that a principal may read in one day, whatever its median is. Also the number of files that it
   * may look up in one day without downloading them.
   *
   * @default 200
   */
  readonly medianFloorObjects?: number;

  /**
   * Multiple of the busiest of a principal's previous three weeks that one week must exceed. Detects downloads too slow
   * for the daily thresholds.
   *
   * @default 3
   */
  readonly weekFactor?: number;

  /**
   * Number of models a principal must read for the first time within 28 days, or look up in one day without
   * downloading them.
   *
   * @default 8
   */
  readonly manyNewModels?: number;

  /**
   * Longest lifetime of the store's presigned URLs, 1 second to 7 days. The store does not issue presigned URLs that
   * are valid for longer.
   *
   * @default Duration.hours(1) - the maximum duration of a store session
   */
  readonly presignedUrlLifetime?: Duration;

  /**
   * Number of consecutive denied requests from one principal, with no request of another result in between, at which
   * the series is reported. Also the number of different models on which a principal is denied in one day (UTC) at
   * which that day is reported, even if other requests succeed in between.
   *
   * @default 5
   */
  readonly repeatedDenials?: number;
}
