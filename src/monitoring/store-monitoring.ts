import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { accessDeniedMetric, watchAccessDenied } from './access-denied';
import { adoptAlarmTopic, createAlarmTopic } from './alarm-topic';
import { watchApi } from './api-alarms';
import { apiMetric, successesOf } from './api-metrics';
import { createDashboard } from './dashboard/store-dashboard';
import { type ContributorRules, topContributor } from './egress/contributors';
import { watchEgress } from './egress/egress-alarms';
import { EgressMetric, egressMetric } from './egress/egress-metrics';
import { watchEvidence } from './evidence-alarms';
import { failedRequestsMetric } from './failed-requests';
import { watchFunctions, watchRequests } from './function-alarms';
import { checkMonitoring } from './monitoring-checks';
import { notify } from './notify';
import { watchDeadLetters } from './queue-alarms';
import { DEFAULT_RUNBOOK_URL } from './runbook';
import { isSamePlace } from './same-place';
import { StoreAlarms } from './store-alarms';
import type { MonitoredStore, StoreMonitoringProps } from './store-monitoring-props';
import { TamperDetection } from './tamper/tamper-detection';
import { withTrail } from './watched-trail';
import type { ApiAccess } from '../access/store-access';
import { Problems } from '../common/problems';
import { refuseWeakening } from '../common/weakened-resources';
import { FUNCTIONS, type FunctionName } from '../contract/routes';

/**
 * Alarms for the store, sent to one topic. The description of each alarm states what happened in one sentence and links
 * to the runbook entry.
 *
 * An alarm costs $0.10 a month for each metric that it evaluates. A metric from log lines costs $0.30 in each month in
 * which it counts something. A complete store in use costs about $5 a month.
 */
export class StoreMonitoring extends Construct {
  /** The topic that receives the alarms. */
  public readonly topic: sns.ITopic;
  /** The alarms. */
  public readonly alarms: cloudwatch.Alarm[];
  /** The dashboard, if one is created. */
  public readonly dashboard?: cloudwatch.Dashboard;

  private readonly props: MonitoredStore;
  private readonly rules?: ContributorRules;

  /**
   * @param scope the construct to create it in
   * @param id id of the construct, unique within the scope
   * @param props its properties
   */
  constructor(scope: Construct, id: string, props: StoreMonitoringProps) {
    super(scope, id);
    const problems = Problems.of(this);
    checkMonitoring(problems, this, props);
    problems.throwIfAny('StoreMonitoring');
    const store = withTrail(props);
    this.props = store;
    this.topic = props.topic
      ? adoptAlarmTopic(this, props.topic)
      : createAlarmTopic(this, props.encryptionKey, props.removalPolicy);
    refuseWeakening(this, { removalPolicy: props.removalPolicy });
    const alarms = new StoreAlarms(this, this.topic, props.runbookUrl ?? DEFAULT_RUNBOOK_URL);
    this.alarms = alarms.all;

    const { artifactBucket: { bucket }, functions, functionLogGroups, api, thresholds = {} } = store;
    const logGroup = store.auditLogGroup;
    const period = props.period ?? Duration.minutes(5);
    if (functions) {
      watchFunctions(alarms, { ...store, functions, thresholds, period });
    }
    if (functionLogGroups) {
      watchRequests(this, alarms, functionLogGroups, thresholds, period);
    }
    if (api) {
      watchApi(alarms, api, thresholds, period);
    }
    if (logGroup) {
      watchAccessDenied(this, alarms, { logGroup, bucket, thresholds, period });
      this.rules = watchEgress(this, alarms, {
        logGroup,
        bucket,
        named: api !== undefined,
        sessionRoles: store.sessionRoles,
        perimeter: props.perimeter,
        thresholds,
        period,
      });
    }
    if (functions) {
      watchEvidence(this, alarms, {
        functions, logGroup, logArchive: props.logArchive, stalledAfter: thresholds.evidenceStalled,
      });
    }
    this.detectTampering(store, period);
    notify(this, this.topic, props);
    watchDeadLetters(alarms, props.deadLetterQueues ?? [], thresholds.deadLetters ?? 1, period);
    this.dashboard = props.dashboard === false ? undefined : createDashboard(this, {
      ...store, bucket, logGroup, alarms: this.alarms, rules: this.rules,
      logArchive: props.logArchive && isSamePlace(this, props.logArchive) ? props.logArchive : undefined,
    });
  }

  /**
   * Returns the metric for bytes of objects read by any caller, excluding copies within S3.
   *
   * @param options options of the metric; the default period is five minutes
   */
  public metricEgressBytes(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTrail('metricEgressBytes', () =>
      egressMetric(this.props.artifactBucket.bucket, EgressMetric.BYTES, options));
  }

  /**
   * Returns the metric for bytes read by callers without a role session.
   *
   * @param options options of the metric; the default period is five minutes
   */
  public metricEgressBytesOutsideSessions(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTrail('metricEgressBytesOutsideSessions', () =>
      egressMetric(this.props.artifactBucket.bucket, EgressMetric.BYTES_OUTSIDE_SESSIONS, options));
  }

  /**
   * Returns the metric for bytes read by the person who read the most. Without an API, the metric is for the role whose
   * sessions read the most.
   *
   * @param options options of the metric; the default period is five minutes
   */
  public metricTopPrincipalEgressBytes(options: cloudwatch.MathExpressionOptions = {}): cloudwatch.MathExpression {
    return this.ofTrail('metricTopPrincipalEgressBytes', () =>
      topContributor(this.rules!.byPerson ?? this.rules!.byRole, options));
  }

  /**
   * Returns the metric for objects, or parts of them, that were copied to another bucket.
   *
   * @param options options of the metric; the default period is five minutes
   */
  public metricCopiesOut(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTrail('metricCopiesOut', () =>
      egressMetric(this.props.artifactBucket.bucket, EgressMetric.COPIES_OUT, options));
  }

  /**
   * Returns the metric for requests on the artifact bucket that S3 denied.
   *
   * @param options options of the metric; the default period is five minutes
   */
  public metricDeniedRequests(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTrail('metricDeniedRequests', () => accessDeniedMetric(this.props.artifactBucket.bucket, options));
  }

  /**
   * Returns the metric for requests that the functions answered with a 5xx status.
   *
   * @param options options of the metric; the default period is five minutes
   */
  public metricFailedRequests(options: cloudwatch.MathExpressionOptions = {}): cloudwatch.MathExpression {
    const { functionLogGroups } = this.props;
    if (!functionLogGroups) {
      throw new Error(`metricFailedRequests of ${this.node.path} needs functionLogGroups, because the metric is `
        + 'counted from the functions\' logs');
    }
    const failures = (name: FunctionName) => failedRequestsMetric(functionLogGroups[name], Duration.minutes(5));
    return new cloudwatch.MathExpression({
      expression: FUNCTIONS.map((name) => `FILL(${name}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(FUNCTIONS.map((name) => [name, failures(name)])),
      label: 'Failed requests',
      ...options,
    });
  }

  /**
   * Returns the metric for the latency of the API: by default, the 99th percentile.
   *
   * @param options options of the metric; the default period is five minutes
   */
  public metricApiLatency(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return apiMetric(this.apiOf('metricApiLatency'), 'Latency', { statistic: cloudwatch.Stats.p(99), ...options });
  }

  /**
   * Returns the metric for published versions. A retry for a version that is already published is counted as well.
   *
   * @param options options of the metric; the default period is five minutes
   */
  public metricPublishes(options: cloudwatch.MathExpressionOptions = {}): cloudwatch.MathExpression {
    return successesOf(this.apiOf('metricPublishes'), 'publish', { label: 'Publishes', ...options });
  }

  /**
   * Returns the metric for requests for presigned download URLs. A pull makes one for each page of files.
   *
   * @param options options of the metric; the default period is five minutes
   */
  public metricPulls(options: cloudwatch.MathExpressionOptions = {}): cloudwatch.MathExpression {
    return successesOf(this.apiOf('metricPulls'), 'downloadLinks', { label: 'Pulls', ...options });
  }

  /**
   * Returns the metric for moved aliases.
   *
   * @param options options of the metric; the default period is five minutes
   */
  public metricPromotions(options: cloudwatch.MathExpressionOptions = {}): cloudwatch.MathExpression {
    return successesOf(this.apiOf('metricPromotions'), 'moveAlias', { label: 'Promotions', ...options });
  }

  private apiOf(name: string): ApiAccess {
    if (!this.props.api) {
      throw new Error(`${name} of ${this.node.path} needs the API of a store, which counts its requests`);
    }
    return this.props.api;
  }

  private ofTrail<Metric>(name: string, metric: () => Metric): Metric {
    if (!this.props.auditLogGroup) {
      throw new Error(`${name} of ${this.node.path} needs auditLogGroup or an auditTrail with a log group, because the `
        + 'metric is counted from the trail\'s records');
    }
    return metric();
  }

  private detectTampering(props: MonitoredStore, period: Duration): void {
    const { protectedResources: resources, tampering: options, trailRecordsManagementEvents, runbookUrl } = props;
    if (!resources || options?.enabled === false) {
      return;
    }
    const ownRules = this.rules ? [this.rules.byPerson, this.rules.byRole].filter((rule) => rule !== undefined) : [];
    const { alarms } = new TamperDetection(this, 'Tamper', {
      ...resources,
      canaryModels: resources.canaryModels ?? props.canaryModels,
      insightRules: [...resources.insightRules ?? [], ...ownRules],
      topic: this.topic, options, trailRecordsManagementEvents, period, runbookUrl,
      messagesForChat: (props.channels ?? []).length > 0,
    });
    this.alarms.push(...alarms);
  }
}
