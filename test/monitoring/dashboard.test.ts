import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { byName, deployed, MonitoredStack } from './fixtures';
import { StoreMonitoring } from '../../src/monitoring/store-monitoring';
import type { MonitoredStore } from '../../src/monitoring/store-monitoring-props';
import { LogArchive } from '../../src/storage/log-archive';
import { StoreStack } from '../api/fixtures';
import { STORE } from '../support/audit/trail-record';

/** The dashboard body, with references as logical IDs. */
function dashboardOf(props: Partial<MonitoredStore> = {}) {
  const stack = new MonitoredStack(() => props);
  const template = Template.fromStack(stack);
  const [{ Properties }] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = Properties.DashboardBody['Fn::Join'][1]
    .map((part: any) => (typeof part === 'string' ? part : part.Ref?.startsWith('ArtifactBucket') ? STORE.bucket : `<${part.Ref ?? part['Fn::GetAtt'].join('.')}>`));
  return { stack, template, body: JSON.parse(body.join('')) };
}

describe('the dashboard', () => {
  const { stack, template, body } = dashboardOf();
  const widget = (title: string, type?: string) => body.widgets.find((one: any) => one.properties.title === title && (!type || one.type === type));

  test('shows one day, and every alarm at the top', () => {
    expect(body.start).toBe('-P1D');
    expect(body.widgets[0]).toMatchObject({ type: 'alarm', y: 0, width: 24 });
    expect(body.widgets[0].properties.alarms).toHaveLength(stack.monitoring.alarms.length);
    expect(new Set(body.widgets[0].properties.alarms)).toEqual(
      new Set(Object.keys(template.findResources('AWS::CloudWatch::Alarm')).map((id) => `<${id}.Arn>`)));
  });

  test.each([
    ['Bytes read by person', 'EgressByPersonRule'],
    ['Bytes read by role (sessions not named after a person)', 'EgressByRoleRule'],
  ])('shows %s from the rule %s', (title, rule) => {
    expect(widget(title)).toMatchObject({
      type: 'metric',
      properties: {
        insightRule: { ruleName: expect.stringMatching(`^<Monitoring${rule}\\w+.RuleName>$`), maxContributorCount: 10, orderBy: 'Sum' },
        region: '<AWS::Region>', period: 3600,
      },
    });
    expect(widget(title).properties).not.toHaveProperty('metrics');
  });

  test.each([
    'Egress by person', 'Egress by model', 'Recent promotions', 'Denied by S3',
  ])('queries only trail records for: %s', (title) => {
    const { query, view } = widget(title, 'log').properties;
    expect(query).toMatch(/^SOURCE '<TrailLogs\w+>' \| /);
    expect(query).toContain(`requestParameters.bucketName = "${STORE.bucket}"`);
    expect(view).toBe('table');
  });

  test('counts successful reads like the alarms, also by model', () => {
    for (const title of ['Egress by person', 'Egress by model']) {
      expect(widget(title).properties.query).toContain('eventName in ["GetObject", "GetObjectTorrent", "GetObjectAnnotation", "SelectObjectContent"] and not ispresent(errorCode)');
      expect(widget(title).properties.query).toContain('sum(additionalEventData.bytesTransferredOut) / 1073741824 as GiB');
    }
    expect(widget('Egress by model').properties.query).toContain('parse requestParameters.key "models/*/blobs/" as model');
  });

  test('shows the API, functions, storage and log delivery', () => {
    const titles = body.widgets.map(({ properties }: any) => properties.title);
    expect(titles).toEqual(expect.arrayContaining([
      'Bytes read', 'API: requests and errors', 'API: latency', 'Functions: invocations and errors', 'Functions: slowest invocation',
      'Storage: bytes in S3 Standard', 'Storage: objects and versions', 'Trail records',
    ]));
    const [models, trail] = widget('Storage: objects and versions').properties.metrics;
    expect(models.slice(0, 6)).toEqual(['AWS/S3', 'NumberOfObjects', 'BucketName', STORE.bucket, 'StorageType', 'AllStorageTypes']);
    expect(trail[3]).toMatch(/^<LogArchiveTrailBucket/);
  });

  test('has no overlapping widgets', () => {
    const cells = body.widgets.flatMap(({ x, y, width, height }: any) =>
      Array.from({ length: width * height }, (_, index) => `${x + index % width},${y + Math.floor(index / width)}`));
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...body.widgets.map(({ x, width }: any) => x + width))).toBe(24);
  });

  test('shows only what the store has', () => {
    const titles = (props: Partial<MonitoredStore>) => dashboardOf(props).body.widgets.map(({ properties }: any) => properties.title);
    expect(titles({ api: undefined })).not.toContain('API: latency');
    expect(titles({ api: undefined })).not.toContain('Bytes read by person');
    expect(titles({ api: undefined })).toContain('Bytes read by role (sessions not named after a person)');
    expect(titles({ auditLogGroup: undefined })).not.toContain('Egress by person');
    expect(titles({ functions: undefined })).not.toContain('Functions: slowest invocation');
    const otherStack = new Stack(new App(), 'Elsewhere', { env: { region: 'eu-west-1', account: '111122223333' } });
    const elsewhere = new LogArchive(otherStack, 'Logs', { trailBucketName: 'logs' });
    expect(JSON.stringify(dashboardOf({ logArchive: elsewhere }).body)).not.toContain('"trail"');
  });

  test('is created even for a minimal store, and can be disabled', () => {
    const bare = new StoreStack();
    new StoreMonitoring(bare, 'Monitoring', { artifactBucket: bare.artifactBucket });
    Template.fromStack(bare).resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    const none = new MonitoredStack(() => ({ dashboard: false }));
    Template.fromStack(none).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    expect(none.monitoring.dashboard).toBeUndefined();
  });
});

describe('metrics for custom alarms and graphs', () => {
  const stack = new MonitoredStack();
  const { monitoring } = stack;
  const period = Duration.minutes(30);

  test.each([
    ['metricEgressBytes', 'EgressBytesFilter'], ['metricEgressBytesOutsideSessions', 'EgressBytesOutsideSessionsFilter'],
    ['metricCopiesOut', 'CopiesOutFilter'], ['metricDeniedRequests', 'AccessDeniedFilter'],
  ] as const)('%s is the metric of %s, over the given period', (method, filter) => {
    const metric = monitoring[method]({ period });
    const [transformation] = byName(Template.fromStack(stack), 'AWS::Logs::MetricFilter')[filter].MetricTransformations;
    expect([metric.namespace, deployed(stack.resolve(metric.metricName))])
      .toEqual([transformation.MetricNamespace, deployed(transformation.MetricName)]);
    expect(Object.keys(metric.dimensions ?? {})).toEqual((transformation.Dimensions ?? []).map(({ Key }: any) => Key));
    expect([metric.period.toMinutes(), metric.statistic]).toEqual([30, 'Sum']);
    expect(monitoring[method]().period.toMinutes()).toBe(5);
  });

  test('metricTopPrincipalEgressBytes has the bytes of the principal with the most', () => {
    expect(monitoring.metricTopPrincipalEgressBytes({ period }).expression)
      .toMatch(/^INSIGHT_RULE_METRIC\("\S*EgressByPersonRule\S*", "MaxContributorValue"\)$/);
    const withoutApi = new MonitoredStack(() => ({ api: undefined })).monitoring;
    expect(withoutApi.metricTopPrincipalEgressBytes().expression).toContain('EgressByRoleRule');
  });

  test('metricFailedRequests is the sum over all functions', () => {
    const metric = monitoring.metricFailedRequests({ period });
    expect(metric.expression).toBe('FILL(upload, 0) + FILL(download, 0) + FILL(registry, 0)');
    expect(Object.keys(metric.usingMetrics)).toEqual(['upload', 'download', 'registry']);
    expect(metric.warningsV2 ?? {}).toEqual({});
  });

  test('throw an error that names the missing setting', () => {
    const bare = new StoreStack();
    const blind = new StoreMonitoring(bare, 'Monitoring', { artifactBucket: bare.artifactBucket });
    expect(() => blind.metricEgressBytes()).toThrow('metricEgressBytes of Store/Monitoring needs auditLogGroup or an auditTrail with a log group');
    expect(() => blind.metricTopPrincipalEgressBytes()).toThrow('needs auditLogGroup');
    expect(() => blind.metricDeniedRequests()).toThrow('needs auditLogGroup');
    expect(() => blind.metricFailedRequests()).toThrow('metricFailedRequests of Store/Monitoring needs functionLogGroups');
  });
});
