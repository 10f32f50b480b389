import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { alarmsOf, MonitoredStack } from './fixtures';
import { type ILogArchive, LogArchive } from '../../src/storage/log-archive';
import type { StoreStack } from '../api/fixtures';
import { expressionOf } from '../support/metric-math';

const alarms = alarmsOf(Template.fromStack(new MonitoredStack()));
const goesOff = (name: string, values: { [metric: string]: number | undefined }) => {
  expect(alarms[name].ComparisonOperator).toBe('GreaterThanOrEqualToThreshold');
  return expressionOf(alarms[name])(values) >= alarms[name].Threshold;
};

describe('the error rate', () => {
  test.each([
    ['ApiServerErrorRate', { errors: 10, requests: 100 }, true],
    ['ApiServerErrorRate', { errors: 9, requests: 100 }, false],
    ['ApiServerErrorRate', { errors: 20, requests: 20 }, true],
    ['ApiClientErrorRate', { errors: 50, requests: 100 }, true],
    ['ApiClientErrorRate', { errors: 49, requests: 100 }, false],
  ])('%s of %j triggers its alarm: %s', (name, values, expected) => {
    expect(goesOff(name, values)).toBe(expected);
  });

  test.each(['ApiServerErrorRate', 'ApiClientErrorRate'])('triggers no alarm with few requests (%s)', (name) => {
    expect(goesOff(name, { errors: 1, requests: 1 })).toBe(false);
    expect(goesOff(name, { errors: 19, requests: 19 })).toBe(false);
    expect(goesOff(name, {})).toBe(false);
  });

  test('uses errors and requests of the API stage', () => {
    for (const [name, metric] of [['ApiServerErrorRate', '5XXError'], ['ApiClientErrorRate', '4XXError']]) {
      const stats = alarms[name].Metrics.filter(({ MetricStat }: any) => MetricStat).map(({ Id, MetricStat }: any) => [Id, MetricStat]);
      expect(Object.fromEntries(stats)).toEqual({
        errors: expect.objectContaining({ Metric: expect.objectContaining({ MetricName: metric, Dimensions: alarms.ApiServerErrors.Dimensions }), Stat: 'Sum' }),
        requests: expect.objectContaining({ Metric: expect.objectContaining({ MetricName: 'Count', Dimensions: alarms.ApiServerErrors.Dimensions }), Stat: 'Sum' }),
      });
    }
  });
});

describe.each(['TrailStalled', 'ArchiveStalled'])('missing evidence (%s)', (name) => {
  test.each([
    ['used, and nothing arrived', { download: 3 }, true],
    ['used through another function, and nothing arrived', { registry: 1, arrived: 0 }, true],
    ['used, and something arrived', { upload: 1, download: 3, arrived: 4 }, false],
    ['not used', {}, false],
    ['not used, and something arrived', { arrived: 7 }, false],
  ])('%s, triggers the alarm: %j, %s', (_what, values, expected) => {
    expect(goesOff(name, values)).toBe(expected);
  });

  test('must be missing for two consecutive hours, as records from the end of an hour arrive in the next', () => {
    expect(alarms[name]).toMatchObject({ EvaluationPeriods: 2, TreatMissingData: 'notBreaching' });
    for (const { MetricStat } of alarms[name].Metrics.filter((metric: any) => metric.MetricStat)) {
      expect(MetricStat).toMatchObject({ Period: 3600, Stat: 'Sum' });
    }
  });

});

describe('evidence', () => {
  const arrived = (name: string) => alarms[name].Metrics.find(({ Id }: any) => Id === 'arrived').MetricStat.Metric;

  test('is measured in the log group of the trail', () => {
    expect(arrived('TrailStalled')).toEqual({
      Namespace: 'AWS/Logs', MetricName: 'IncomingLogEvents', Dimensions: [{ Name: 'LogGroupName', Value: { Ref: expect.stringMatching(/^TrailLogs/) } }],
    });
  });

  test('is measured by the writes to the trail bucket', () => {
    expect(arrived('ArchiveStalled')).toEqual({
      Namespace: 'AWS/S3',
      MetricName: 'PutRequests',
      Dimensions: [{ Name: 'BucketName', Value: { Ref: expect.stringMatching(/^LogArchiveTrailBucket/) } }, { Name: 'FilterId', Value: 'EntireBucket' }],
    });
  });

  test.each<[string, (stack: StoreStack) => ILogArchive]>([
    ['in another account', (stack) => new LogArchive(stack, 'Central', {
      trailBucket: s3.Bucket.fromBucketName(stack, 'CentralTrailBucket', 'central'),
    })],
    ['without request metrics', (stack) => new LogArchive(stack, 'Quiet', { requestMetrics: false })],
    ['in another Region of this app', (stack) => new LogArchive(
      new Stack(stack.node.root as App, 'Elsewhere', { env: { region: 'eu-west-1' } }), 'Logs',
    )],
  ])('in an archive %s cannot be measured', (_what, logArchive) => {
    const stack = new MonitoredStack((scope) => ({ logArchive: logArchive(scope) }));
    expect(stack.monitoring.alarms.map(({ node }) => node.id)).toContain('TrailStalled');
    expect(stack.monitoring.alarms.map(({ node }) => node.id)).not.toContain('ArchiveStalled');
  });
});

describe('the egress anomaly alarm', () => {
  test('compares all reads in an hour with a band of three standard deviations', () => {
    const alarm = alarms.EgressAnomaly;
    expect(alarm).toMatchObject({ ComparisonOperator: 'GreaterThanUpperThreshold', TreatMissingData: 'notBreaching' });
    expect(alarm).not.toHaveProperty('Threshold');
    const band = alarm.Metrics.find(({ Id }: any) => Id === alarm.ThresholdMetricId);
    const metric = alarm.Metrics.find(({ MetricStat }: any) => MetricStat);
    expect(band.Expression).toBe(`ANOMALY_DETECTION_BAND(${metric.Id}, 3)`);
    expect(metric.MetricStat).toMatchObject({ Metric: { MetricName: 'EgressBytes' }, Period: 3600, Stat: 'Sum' });
  });

  test('has the configured width, and its detector is deleted with the stack', () => {
    const template = Template.fromStack(new MonitoredStack(() => ({ thresholds: { egressBandWidth: 4.5 } })));
    expect(JSON.stringify(alarmsOf(template).EgressAnomaly.Metrics)).toContain(', 4.5)');
    template.hasResourceProperties('AWS::CloudWatch::AnomalyDetector', {
      SingleMetricAnomalyDetector: {
        Namespace: 'SecureModelArtifactStore', MetricName: 'EgressBytes', Stat: 'Sum', Dimensions: [{ Name: 'BucketName' }],
      },
    });
  });
});
