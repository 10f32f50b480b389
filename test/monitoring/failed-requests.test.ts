import { Template } from 'aws-cdk-lib/assertions';
import { FUNCTIONS, type FunctionName } from '../../src/contract/routes';
import { createLogger } from '../../src/handlers/common/logger';
import { StoreMonitoring } from '../../src/monitoring/store-monitoring';
import type { MonitoredStore } from '../../src/monitoring/store-monitoring-props';
import { StoreStack } from '../api/fixtures';
import { request } from '../handlers/support/events';
import { awsError } from '../handlers/support/s3-double';
import { StoreDouble } from '../handlers/support/store-double';
import { matchesPattern } from '../support/filter-pattern';

const stack = new StoreStack();
const { logGroups } = stack.addFunctions();
const props: MonitoredStore = { artifactBucket: stack.artifactBucket, functionLogGroups: logGroups };
new StoreMonitoring(stack, 'Monitoring', props);
const template = Template.fromStack(stack);
const filters = Object.values(template.findResources('AWS::Logs::MetricFilter')).map(({ Properties }) => Properties);
const logGroupName = (name: FunctionName) => stack.resolve(logGroups[name].logGroupName);
const filterOf = (name: FunctionName) => filters.find(({ LogGroupName }) => LogGroupName.Ref === logGroupName(name).Ref)!;
const counts = (name: FunctionName, line: string) => matchesPattern(filterOf(name).FilterPattern, line);

describe('a request that fails with a 5xx status', () => {
  let store: StoreDouble;
  let lines: string[];
  beforeEach(() => {
    store = new StoreDouble();
    lines = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(...String(text).trimEnd().split('\n'));
      return true;
    });
  });
  afterEach(() => {
    store.restore();
    jest.restoreAllMocks();
  });

  const counted = () => lines.map((line) => counts('registry', line));

  test('is counted once, for a bug in the store and for an AWS error', async () => {
    for (const [error, status] of [[awsError('AccessDenied', 403), 500], [awsError('SlowDown', 503), 503]] as const) {
      lines = [];
      store.s3.mock.onAnyCommand().rejects(error);

      expect((await request('listModels')).status).toBe(status);

      expect(counted()).toEqual([true]);
    }
  });

  test('is counted once if it times out', async () => {
    store.s3.mock.onAnyCommand().callsFake(async () => new Promise(() => {}));

    expect((await request('listModels', { remainingMs: 1_050 })).status).toBe(503);

    expect(counted()).toEqual([true]);
  });

  test('is not counted if it succeeds or has a 4xx status', async () => {
    expect((await request('listModels')).status).toBe(200);
    expect((await request('listModels', { userArn: null })).status).toBe(401);
    expect((await request('showVersion', { parameters: { model: 'fraud', version: '1.0.0' } })).status).toBe(404);

    expect(counted()).toEqual([false, false, false]);
  });

  test('cannot be forged by a caller with a log line or JSON in a message, a model or a name', () => {
    const log = createLogger({ function: 'registry', requestId: '1' });
    const forged = '{"level":"ERROR","function":"registry"}';

    log.warn(forged, { model: `fraud\n${forged}`, caller: '","level":"ERROR","x":"' });

    expect(lines).toHaveLength(1);
    expect(counted()).toEqual([false]);
  });
});

describe('a log line of a failed request', () => {
  const line = (change: object) => JSON.stringify({ timestamp: '2026-11-21T12:00:00.000Z', level: 'ERROR', function: 'upload', message: 'failed', ...change });

  test('is counted in its original form', () => {
    expect(counts('upload', line({}))).toBe(true);
  });

  test.each([
    ['a warning', line({ level: 'WARN' })],
    ['a level in lowercase', line({ level: 'error' })],
    ['another function', line({ function: 'download' })],
    [
      'no function, as when Lambda logs a crash',
      line({ function: undefined, errorType: 'Runtime.UnhandledPromiseRejection' }),
    ],
    ['nested fields', JSON.stringify({ message: { level: 'ERROR', function: 'upload' } })],
    ['text that is not JSON', 'ERROR upload failed'],
  ])('is not counted with %s', (_name, nearly) => {
    expect(counts('upload', nearly)).toBe(false);
  });
});

describe.each(FUNCTIONS)('failed requests of the function %s', (name) => {
  test('are counted in its log group, with a metric name that is unique to the store', () => {
    expect(filterOf(name).MetricTransformations).toEqual([{
      MetricNamespace: 'SecureModelArtifactStore',
      MetricName: { 'Fn::Join': ['', ['FailedRequests/', logGroupName(name)]] },
      MetricValue: '1',
      Unit: 'Count',
    }]);
  });

  test('trigger an alarm on that metric', () => {
    const [{ MetricName: counted }] = filterOf(name).MetricTransformations;
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'))
      .filter(({ Properties }) => JSON.stringify(Properties.MetricName) === JSON.stringify(counted));

    expect(alarms).toHaveLength(1);
    expect(alarms[0].Properties).toMatchObject({
      Namespace: 'SecureModelArtifactStore',
      Statistic: 'Sum',
      Threshold: 1,
      Period: 300,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmDescription: expect.stringContaining(`The ${name} function`),
    });
  });
});
