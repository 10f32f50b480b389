import type { Duration, Size } from 'aws-cdk-lib';

/**
 * Thresholds at which alarms go off. Counts are per `period` unless stated otherwise.
 */
export interface AlarmThresholds {
  /**
   * Failed invocations of one function that returned no response. Count per `period`, at least 1. A lower value alerts
   * sooner.
   *
   * @default 1
   */
  readonly functionErrors?: number;

  /**
   * Requests that one function answered with a 5xx status, which is never the caller's fault. Count per `period`, at
   * least 1. A lower value alerts sooner.
   *
   * @default 1
   */
  readonly failedRequests?: number;

  /**
   * Throttled invocations of one function: too many were already running. Count per `period`, at least 1.
   *
   * @default 1
   */
  readonly functionThrottles?: number;

  /**
   * Duration of the slowest invocation of one function within `period`. A function times out after 29 seconds without
   * a response, so this alarm warns before requests fail.
   *
   * @default Duration.seconds(23) - 80 % of the 29 seconds
   */
  readonly functionDuration?: Duration;

  /**
   * Share of the available concurrency in use. Percent, more than 0, at most 100.
   *
   * @default 80
   */
  readonly concurrencyPercent?: number;

  /**
   * Requests that the API answered with a 5xx status, which is never the caller's fault. Count per `period`, at
   * least 1.
   *
   * @default 1
   */
  readonly apiServerErrors?: number;

  /**
   * Share of the API's requests answered with a 5xx status, which indicates an outage rather than a stray error.
   * Percent of the requests within `period`, more than 0, at most 100.
   *
   * @default 10
   */
  readonly apiServerErrorPercent?: number;

  /**
   * Share of the API's requests answered with a 4xx status, which indicates a broken client or a caller probing the
   * API. Percent of the requests within `period`, more than 0, at most 100.
   *
   * @default 50
   */
  readonly apiClientErrorPercent?: number;

  /**
   * Minimum requests per `period` before error-rate alarms are evaluated, so that a single failure at night does not
   * page anyone. At least 1.
   *
   * @default 20
   */
  readonly apiMinimumRequests?: number;

  /**
   * Latency of the slowest 1 % of the API's requests (p99), for three periods in a row. The API times out after
   * 29 seconds.
   *
   * @default Duration.seconds(15)
   */
  readonly apiLatency?: Duration;

  /**
   * Requests that S3 refused on the artifact bucket, including expired presigned URLs. Count per `period`, at least 1.
   * A lower value detects probing earlier, and alerts more often on misconfigured clients.
   *
   * @default 5
   */
  readonly accessDenied?: number;

  /**
   * Bytes that any one principal read from the artifact bucket within an hour. A lower value detects
   * smaller thefts, and also alerts on legitimate pulls of large models.
   *
   * @default Size.gibibytes(50)
   */
  readonly egressPerPrincipal?: Size;

  /**
   * Width of the anomaly detection band for total bytes read. Standard deviations, more than 0. A narrower band
   * detects smaller deviations; in a store that is rarely used, every pull is a deviation.
   *
   * @default 3
   */
  readonly egressBandWidth?: number;

  /**
   * Model files read from outside the perimeter's networks. Count per `period`, at least 1. The bucket policy denies
   * all such reads, so a single one means that the policy is not effective.
   *
   * @default 1
   */
  readonly readsOutsidePerimeter?: number;

  /**
   * Objects, or parts of them, copied from the artifact bucket into another bucket. Count per `period`, at least 1.
   * The trail does not record the size of a copy, so alarms on bytes do not detect it.
   *
   * @default 1
   */
  readonly copiesOut?: number;

  /**
   * Objects read or copied through an access point of the artifact bucket. Count per `period`, at least 1. The store
   * has no access points. Its other counts match on the bucket name, which such requests replace with the access point.
   *
   * @default 1
   */
  readonly readsThroughAccessPoints?: number;

  /**
   * Messages waiting in one of `deadLetterQueues`. Count, at least 1.
   *
   * @default 1
   */
  readonly deadLetters?: number;

  /**
   * How long the store may be in use without any record of it arriving. Whole hours, at least 2: CloudTrail takes
   * minutes to deliver, so events at the end of an hour arrive in the next.
   *
   * @default Duration.hours(2)
   */
  readonly evidenceStalled?: Duration;
}
