import type { Duration, Size } from 'aws-cdk-lib';

/**
 * From how much on an alarm goes off. What is counted is counted over `period`, unless it says another time.
 */
export interface AlarmThresholds {
  /**
   * Invocations of one function that failed without an answer. Number within `period`, at least 1. Lower wakes you sooner.
   *
   * @default 1
   */
  readonly functionErrors?: number;

  /**
   * Requests that one function answered with a 5xx status, which is never the caller's doing. Number within `period`, at
   * least 1. Lower wakes you sooner.
   *
   * @default 1
   */
  readonly failedRequests?: number;

  /**
   * Invocations of one function that were refused because too many ran already. Number within `period`, at least 1.
   *
   * @default 1
   */
  readonly functionThrottles?: number;

  /**
   * How long the slowest invocation of one function within `period` took. After 29 seconds it is ended without an answer,
   * so this tells of what is about to fail.
   *
   * @default Duration.seconds(23) - 80 % of the 29 seconds
   */
  readonly functionDuration?: Duration;

  /**
   * How much of the concurrency that there is was in use. Percent, more than 0, at most 100.
   *
   * @default 80
   */
  readonly concurrencyPercent?: number;

  /**
   * Requests that the API answered with a 5xx status, which is never the caller's doing. Number within `period`, at least 1.
   *
   * @default 1
   */
  readonly apiServerErrors?: number;

  /**
   * How many of the API's requests were answered with a 5xx status: not a stray error, but an outage. Percent of the
   * requests within `period`, more than 0, at most 100.
   *
   * @default 10
   */
  readonly apiServerErrorPercent?: number;

  /**
   * How many of the API's requests were answered with a 4xx status: a broken client, or somebody trying. Percent of the
   * requests within `period`, more than 0, at most 100.
   *
   * @default 50
   */
  readonly apiClientErrorPercent?: number;

  /**
   * Below how many requests within `period` no rate of the API's errors is looked at, so that one failed request at night
   * wakes nobody. At least 1.
   *
   * @default 20
   */
  readonly apiMinimumRequests?: number;

  /**
   * How long the slowest hundredth of the API's requests took, three periods in a row. The API gives up after 29 seconds.
   *
   * @default Duration.seconds(15)
   */
  readonly apiLatency?: Duration;

  /**
   * Requests that S3 refused on the artifact bucket, expired links included. Number within `period`, at least 1. Lower
   * tells of a probing earlier and of clumsy clients more often.
   *
   * @default 5
   */
  readonly accessDenied?: number;

  /**
   * Bytes that any one principal read from the artifact bucket within an hour. Lower tells of smaller thefts, and of
   * large models that are pulled for good reasons.
   *
   * @default Size.gibibytes(50)
   */
  readonly egressPerPrincipal?: Size;

  /**
   * How far above of what is usual for the hour all reads together may be. Standard deviations, more than 0. Narrower
   * tells of smaller deviations; a store that is hardly used deviates with every pull.
   *
   * @default 3
   */
  readonly egressBandWidth?: number;

  /**
   * Files of models that were read from outside of the perimeter's networks. Number within `period`, at least 1. The
   * bucket policy refuses them all, so a single one means that it does not hold.
   *
   * @default 1
   */
  readonly readsOutsidePerimeter?: number;

  /**
   * Objects, or parts of them, that were copied from the artifact bucket into another bucket. Number within `period`, at
   * least 1. The trail does not tell how many bytes a copy has, so no alarm on bytes sees it.
   *
   * @default 1
   */
  readonly copiesOut?: number;

  /**
   * Objects that were read or copied through an access point of the artifact bucket. Number within `period`, at least 1. The
   * store has none, and its other counts know reads by the name of the bucket, which an access point takes the place of.
   *
   * @default 1
   */
  readonly readsThroughAccessPoints?: number;

  /**
   * Messages that wait in one of `deadLetterQueues`. Number, at least 1.
   *
   * @default 1
   */
  readonly deadLetters?: number;

  /**
   * For how long the store may be used without a record of it arriving. Whole hours, at least 2: CloudTrail takes minutes
   * to deliver, and what happened at the end of an hour arrives in the next.
   *
   * @default Duration.hours(2)
   */
  readonly evidenceStalled?: Duration;
}
