import type { Duration, Size } from 'aws-cdk-lib';

/**
 * When people work, for the question who took a bulk of models while nobody did.
 */
export interface BusinessHours {
  /**
   * Days of work: 0 for Sunday to 6 for Saturday.
   *
   * @default [1, 2, 3, 4, 5]
   */
  readonly days?: number[];

  /**
   * The hour at which work begins, 0 to 23.
   *
   * @default 7
   */
  readonly startHour?: number;

  /**
   * The hour at which work has ended, 1 to 24, after `startHour`.
   *
   * @default 20
   */
  readonly endHour?: number;

  /**
   * Minutes that the clocks of the business are ahead of UTC (60 in Berlin in winter); negative if they are behind. They
   * are not set for summer: choose hours that have an hour to spare.
   *
   * @default 0
   */
  readonly utcOffsetMinutes?: number;
}

/**
 * From where on something is worth an auditor's look. What lies below is still in every list of what was read.
 */
export interface AuditThresholds {
  /**
   * What one principal may take in one night, on one day off, or in its first three days of reading, before it is a bulk.
   *
   * @default Size.gibibytes(10)
   */
  readonly offHoursBulk?: Size;

  /**
   * How many times its own median of the 28 days before a principal's day has to be.
   *
   * @default 5
   */
  readonly medianFactor?: number;

  /**
   * What a principal may take in one day, or in one week, whatever is usual for it: somewhat more than the largest day of
   * ordinary work.
   *
   * @default Size.gibibytes(10)
   */
  readonly medianFloor?: Size;

  /**
   * How many files a principal may read in one day whatever its median is.
   *
   * @default 200
   */
  readonly medianFloorObjects?: number;

  /**
   * How many times the fullest of its three weeks before a principal's week has to be: what is too slow for the days.
   *
   * @default 3
   */
  readonly weekFactor?: number;

  /**
   * How many models that it never read before a principal has to read within 28 days.
   *
   * @default 8
   */
  readonly newModels?: number;

  /**
   * For how long the store signs its links at most, 1 second to 7 days. Links that were signed for longer are not the
   * store's.
   *
   * @default Duration.hours(1) - as long as a session of the store can live
   */
  readonly linkLifetime?: Duration;

  /**
   * How many requests of one principal have to be denied in a row, without one in between that succeeds.
   *
   * @default 5
   */
  readonly deniedInARow?: number;
}
