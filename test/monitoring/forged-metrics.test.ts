import { Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import { alarmsOf, MonitoredStack } from './fixtures';
import { METRIC_NAMESPACE } from '../../src/contract/environment';

/** The statistic that CloudWatch computes from the values of one period. */
const STATISTICS: { readonly [statistic: string]: (values: readonly number[]) => number } = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
};

const stack = new MonitoredStack((scope) => {
  const trailLogGroup = new logs.LogGroup(scope, 'ManagementLogs', { encryptionKey: scope.signingKey });
  return { perimeter: { cidrs: ['203.0.113.0/24'] }, protectedResources: { trailLogGroup, artifactBuckets: [scope.artifactBucket.bucket] } };
});
const counts = Object.entries(alarmsOf(Template.fromStack(stack)))
  .filter(([, { Namespace, Threshold }]) => Namespace === METRIC_NAMESPACE && Threshold === 1)
  .filter(([name]) => !name.endsWith('FailedRequests'));

test('alarms on the first event use metric filters: tampering, copies, access points and the perimeter', () => {
  expect(counts.map(([name]) => name)).toEqual(expect.arrayContaining([
    'CopiesOut', 'ReadsThroughAccessPoints', 'ReadsOutsidePerimeter', 'TamperTrail', 'TamperBucket', 'TamperMonitoring', 'TamperRootUse',
  ]));
});

test.each(counts)('%s cannot be suppressed with negative values in the metric', (_name, { Statistic, Threshold }) => {
  const counted = 1;
  const forged = [-1, -1_000, 0];
  expect(STATISTICS[Statistic]([counted, ...forged])).toBeGreaterThanOrEqual(Threshold);
});
