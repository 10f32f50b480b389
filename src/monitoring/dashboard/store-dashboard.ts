import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ContributorWidget } from './contributor-widget';
import { deniedRequests, egressByModel, egressByPerson, lastPromotions } from './trail-queries';
import type { ApiAccess, FunctionAccess } from '../../access/store-access';
import { FUNCTIONS } from '../../contract/routes';
import type { ILogArchive } from '../../storage/log-archive';
import { storageMetric } from '../../storage/request-metrics';
import { accessDeniedMetric } from '../access-denied';
import { apiMetric } from '../api-metrics';
import type { ContributorRules } from '../egress/contributors';
import { EgressMetric, egressMetric } from '../egress/egress-metrics';

export interface DashboardOptions {
  readonly alarms: cloudwatch.Alarm[];
  readonly bucket: s3.IBucket;
  readonly logGroup?: logs.ILogGroup;
  readonly rules?: ContributorRules;
  readonly api?: ApiAccess;
  readonly functions?: FunctionAccess;
  readonly logArchive?: ILogArchive;
}

const HOUR = Duration.hours(1);
const DAY = Duration.days(1);
const WIDTH = 24;
const HEIGHT = 6;

/** Creates the dashboard: alarms, then egress, then health and storage. */
export function createDashboard(scope: Construct, options: DashboardOptions): cloudwatch.Dashboard {
  const dashboard = new cloudwatch.Dashboard(scope, 'Dashboard', {
    defaultInterval: DAY, periodOverride: cloudwatch.PeriodOverride.INHERIT,
  });
  if (options.alarms.length > 0) {
    dashboard.addWidgets(new cloudwatch.AlarmStatusWidget({
      title: 'Alarms',
      alarms: options.alarms,
      width: WIDTH,
      sortBy: cloudwatch.AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
    }));
  }
  if (options.logGroup) {
    egressRows(options.bucket, options.logGroup, options.rules).forEach((row) => dashboard.addWidgets(...row));
  }
  dashboard.addWidgets(...healthRow(options));
  dashboard.addWidgets(...storageRow(options));
  return dashboard;
}

function egressRows(
  bucket: s3.IBucket, logGroup: logs.ILogGroup, rules: ContributorRules | undefined,
): cloudwatch.IWidget[][] {
  const table = (title: string, queryLines: string[], width: number) => new cloudwatch.LogQueryWidget({
    title,
    logGroupNames: [logGroup.logGroupName],
    queryLines,
    view: cloudwatch.LogQueryVisualizationType.TABLE,
    width,
    height: HEIGHT,
  });
  const shown = [rules?.byPerson, rules?.byRole].filter((rule) => rule !== undefined);
  const width = WIDTH / (shown.length + 1);
  const top = (rule: cloudwatch.CfnInsightRule) => new ContributorWidget({
    title: rule === rules?.byPerson ? 'Bytes read by person' : 'Bytes read by role (sessions not named after a person)',
    rule,
    period: HOUR.toSeconds(),
    width,
    height: HEIGHT,
  });
  return [
    [
      new cloudwatch.GraphWidget({
        title: 'Bytes read',
        left: [
          egressMetric(bucket, EgressMetric.BYTES, { period: HOUR, label: 'all' }),
          egressMetric(bucket, EgressMetric.BYTES_OUTSIDE_SESSIONS, { period: HOUR, label: 'without a role session' }),
        ],
        width,
        height: HEIGHT,
      }),
      ...shown.map(top),
    ],
    [
      table('Egress by person', egressByPerson(bucket), WIDTH / 2),
      table('Egress by model', egressByModel(bucket), WIDTH / 2),
    ],
    [
      table('Recent promotions', lastPromotions(bucket), WIDTH / 3),
      table('Denied by S3', deniedRequests(bucket), WIDTH / 3),
      new cloudwatch.GraphWidget({
        title: 'Denied by S3',
        left: [accessDeniedMetric(bucket, { label: 'AccessDenied' })],
        width: WIDTH / 3,
        height: HEIGHT,
      }),
    ],
  ];
}

function healthRow({ api, functions }: DashboardOptions): cloudwatch.IWidget[] {
  const graphs: cloudwatch.GraphWidgetProps[] = [
    ...api ? [
      {
        title: 'API: requests and errors',
        left: [apiMetric(api, 'Count', { label: 'requests' })],
        right: [apiMetric(api, '4XXError', { label: '4xx' }), apiMetric(api, '5XXError', { label: '5xx' })],
      },
      {
        title: 'API: latency',
        left: [50, 99].map((percentile) =>
          apiMetric(api, 'Latency', { statistic: cloudwatch.Stats.p(percentile), label: `p${percentile}` })),
      },
    ] : [],
    ...functions ? [
      {
        title: 'Functions: invocations and errors',
        left: FUNCTIONS.map((name) => functions[name].metricInvocations({ label: name })),
        right: FUNCTIONS.map((name) => functions[name].metricErrors({ label: `${name}: errors` })),
      },
      {
        title: 'Functions: slowest invocation',
        left: FUNCTIONS.map((name) =>
          functions[name].metricDuration({ statistic: cloudwatch.Stats.MAXIMUM, label: name })),
      },
    ] : [],
  ];
  return graphs.map((graph) => new cloudwatch.GraphWidget({ ...graph, width: WIDTH / graphs.length, height: HEIGHT }));
}

function storageRow({ bucket, logArchive, logGroup }: DashboardOptions): cloudwatch.IWidget[] {
  const objects = (of: s3.IBucket, label: string) =>
    storageMetric(of, 'NumberOfObjects', 'AllStorageTypes', { period: DAY, label });
  const size = (of: s3.IBucket, label: string) =>
    storageMetric(of, 'BucketSizeBytes', 'StandardStorage', { period: DAY, label });
  const graphs: cloudwatch.GraphWidgetProps[] = [
    {
      title: 'Storage: bytes in S3 Standard',
      left: [size(bucket, 'models'), ...logArchive ? [size(logArchive.trailBucket, 'trail')] : []],
    },
    {
      title: 'Storage: objects and versions',
      left: [objects(bucket, 'models'), ...logArchive ? [objects(logArchive.trailBucket, 'trail')] : []],
    },
    ...logGroup ? [{
      title: 'Trail records',
      left: [new cloudwatch.Metric({
        namespace: 'AWS/Logs',
        metricName: 'IncomingLogEvents',
        dimensionsMap: { LogGroupName: logGroup.logGroupName },
        statistic: cloudwatch.Stats.SUM,
        label: 'records',
      })],
    }] : [],
  ];
  return graphs.map((graph) => new cloudwatch.GraphWidget({
    ...graph, width: WIDTH / graphs.length, height: HEIGHT, start: '-P30D',
  }));
}
