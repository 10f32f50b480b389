import { Duration, Size, Validations } from 'aws-cdk-lib';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type ContributorRules, countContributors, type SessionNames, topContributor } from './contributors';
import { countEgress, EgressMetric, egressMetric } from './egress-metrics';
import {
  copiesOut, LONGEST_BUCKET_NAME, LONGEST_PATTERN, type Networks, reads, readsFromElsewhere, readsOutsideSessions,
  readsThroughAccessPoints,
} from './egress-patterns';
import { addressPatterns } from './network-patterns';
import type { Perimeter } from '../../storage/perimeter';
import type { AlarmThresholds } from '../alarm-thresholds';
import { countStatistic } from '../count-statistic';
import { RunbookEntry } from '../runbook';
import type { AlarmOptions, StoreAlarms } from '../store-alarms';

export interface EgressOptions extends SessionNames {
  readonly logGroup: logs.ILogGroup;
  readonly bucket: s3.IBucket;
  readonly perimeter?: Perimeter;
  readonly thresholds: AlarmThresholds;
  readonly period: Duration;
}

/** Egress is always counted by the hour, because its thresholds are amounts, which add up over time. */
const HOUR = Duration.hours(1);

/** Creates the alarms on the amount of egress, on its principals, and on its destinations. */
export function watchEgress(scope: Construct, alarms: StoreAlarms, options: EgressOptions): ContributorRules {
  const { logGroup, bucket, thresholds, period } = options;

  const rules = countContributors(scope, logGroup, bucket, options);
  watchPrincipals(scope, alarms, rules, options);

  countEgress(scope, logGroup, bucket, EgressMetric.BYTES, reads(bucket));
  alarms.addAnomaly('EgressAnomaly', {
    metric: egressMetric(bucket, EgressMetric.BYTES, { period: HOUR }),
    standardDeviations: thresholds.egressBandWidth ?? 3,
    sentence: 'Unusually many bytes were read from the model artifact store within an hour.',
    entry: RunbookEntry.EGRESS_ANOMALY,
  });

  countEgress(scope, logGroup, bucket, EgressMetric.COPIES_OUT, copiesOut(bucket));
  alarms.add('CopiesOut', {
    ...count(bucket, EgressMetric.COPIES_OUT, thresholds.copiesOut ?? 1, period),
    sentence: 'Objects of the model artifact store were copied to another bucket.',
    entry: RunbookEntry.COPIES_OUT,
  });

  countEgress(scope, logGroup, bucket, EgressMetric.READS_THROUGH_ACCESS_POINTS, readsThroughAccessPoints(bucket));
  alarms.add('ReadsThroughAccessPoints', {
    ...count(bucket, EgressMetric.READS_THROUGH_ACCESS_POINTS, thresholds.readsThroughAccessPoints ?? 1, period),
    sentence: 'Objects of the model artifact store were read through an S3 access point, which the store does not use.',
    entry: RunbookEntry.ACCESS_POINTS,
  });

  if (options.perimeter?.cidrs !== undefined || options.perimeter?.vpcEndpointIds !== undefined) {
    watchPerimeter(scope, alarms, options.perimeter, options);
  }
  return rules;
}

function count(
  bucket: s3.IBucket, metric: EgressMetric, threshold: number, period: Duration,
): Pick<AlarmOptions, 'metric' | 'threshold'> {
  return { metric: egressMetric(bucket, metric, { period, statistic: countStatistic(threshold) }), threshold };
}

function watchPrincipals(scope: Construct, alarms: StoreAlarms, rules: ContributorRules, options: EgressOptions): void {
  const { logGroup, bucket, named, sessionRoles, thresholds } = options;
  const threshold = (thresholds.egressPerPrincipal ?? Size.gibibytes(50)).toBytes();
  const entry = RunbookEntry.EGRESS_OF_ONE_PRINCIPAL;
  if (rules.byPerson) {
    alarms.add('EgressByPerson', {
      metric: topContributor(rules.byPerson, { period: HOUR, label: 'Bytes read by the top person' }),
      threshold,
      sentence: 'A principal read a lot of data from the model artifact store within an hour.',
      entry,
    }).node.addDependency(rules.byPerson);
  }
  alarms.add('EgressByRole', {
    metric: topContributor(rules.byRole, { period: HOUR, label: 'Bytes read by the top role' }),
    threshold,
    sentence: `Sessions of one role${otherRoles(options)} read a lot of data from the model artifact store within `
      + 'an hour.',
    entry,
  }).node.addDependency(rules.byRole);

  const bySourceIdentity = named && !sessionRoles;
  countEgress(scope, logGroup, bucket, EgressMetric.BYTES_OUTSIDE_SESSIONS,
    readsOutsideSessions(bucket, bySourceIdentity));
  alarms.add('EgressOutsideSessions', {
    metric: egressMetric(bucket, EgressMetric.BYTES_OUTSIDE_SESSIONS, { period: HOUR }),
    threshold,
    sentence: 'Callers without a role session read a lot of data from the model artifact store within an hour.',
    entry,
  });
}

/** The roles that are counted by role, for the alarm's sentence. */
function otherRoles({ named, sessionRoles }: SessionNames): string {
  if (!named) {
    return '';
  }
  return sessionRoles ? ' other than the store\'s own' : ' without a source identity';
}

function watchPerimeter(scope: Construct, alarms: StoreAlarms, perimeter: Perimeter, options: EgressOptions): void {
  const { logGroup, bucket, thresholds, period } = options;
  const pattern = [true, false]
    .map((exact) => networksOf(perimeter, exact))
    .map((networks) => networks && readsFromElsewhere(bucket, networks))
    .find((candidate) => candidate && fits(candidate.logPatternString, bucket.bucketName));
  if (!pattern) {
    Validations.of(scope).addWarning('SecureModelArtifactStore::UnwatchedPerimeter',
      'No alarm is created for reads from outside the perimeter, because a range of perimeter.cidrs is only known at '
      + 'deployment, is wider than /8 (IPv6: begins with a zero group), or the ranges do not fit into the '
      + `${LONGEST_PATTERN} characters of a metric filter. The bucket policy still denies such reads, and the audit `
      + 'query egress-outside-perimeter still finds them. Acknowledge this warning if that is sufficient.');
    return;
  }
  countEgress(scope, logGroup, bucket, EgressMetric.READS_OUTSIDE_PERIMETER, pattern);
  alarms.add('ReadsOutsidePerimeter', {
    ...count(bucket, EgressMetric.READS_OUTSIDE_PERIMETER, thresholds.readsOutsidePerimeter ?? 1, period),
    sentence: 'Model files were read from outside the perimeter of the model artifact store, which its bucket policy '
      + 'should have denied.',
    entry: RunbookEntry.READS_OUTSIDE_PERIMETER,
  });
}

function networksOf({ cidrs, vpcEndpointIds }: Perimeter, exact: boolean): Networks | undefined {
  const addresses = (cidrs ?? []).map((cidr) => addressPatterns(cidr, exact));
  return addresses.includes(undefined)
    ? undefined
    : { addresses: (addresses as string[][]).flat(), vpcEndpointIds: vpcEndpointIds ?? [] };
}

/** Assumes the longest possible bucket name, because the name is usually only known at deployment. */
function fits(pattern: string, bucketName: string): boolean {
  return pattern.replaceAll(bucketName, 'x'.repeat(LONGEST_BUCKET_NAME)).length <= LONGEST_PATTERN;
}
