import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { accessDeniedMetric, watchAccessDenied } from './access-denied';
import { adoptAlarmTopic, createAlarmTopic } from './alarm-topic';
import { watchApi } from './api-alarms';
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
import type { StoreMonitoringProps } from './store-monitoring-props';
import { TamperDetection } from './tamper/tamper-detection';
import { withTrail } from './watched-trail';
import { Problems } from '../common/problems';
import { FUNCTIONS } from '../contract/routes';

/**
 * Alarms on what should not happen, sent to one topic. Each says what happened in one sentence and links to its entry in
 * the runbook.
 *
 * An alarm costs $0.10 a month for each metric that it looks at, and a metric that is made of log lines $0.30 in a month in
 * which it counts something: about $5 a month for a whole store that is used.
 */
export class StoreMonitoring extends Construct {
  /** Where the alarms are sent. */
  public readonly topic: sns.ITopic;
  /** The alarms. */
  public readonly alarms: cloudwatch.Alarm[];
  /** What people look at; absent if there is none. */
  public readonly dashboard?: cloudwatch.Dashboard;
  /** What tells of tampering; absent if nothing is protected. */
  public readonly tamperDetection?: TamperDetection;

  private readonly props: StoreMonitoringProps;
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
    props = withTrail(props);
    this.props = props;
    this.topic = props.topic ? adoptAlarmTopic(this, props.topic) : createAlarmTopic(this, props.encryptionKey, props.removalPolicy);
    const alarms = new StoreAlarms(this, this.topic, props.runbookUrl ?? DEFAULT_RUNBOOK_URL);
    this.alarms = alarms.all;

    const { artifactBucket: { bucket }, functions, functionLogGroups, api, auditLogGroup: logGroup, thresholds = {} } = props;
    const period = props.period ?? Duration.minutes(5);
    if (functions) {
      watchFunctions(alarms, { ...props, functions, thresholds, period });
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
        logGroup, bucket, named: api !== undefined, sessionRoles: props.sessionRoles, perimeter: props.perimeter, thresholds, period,
      });
    }
    if (functions) {
      watchEvidence(this, alarms, { functions, logGroup, logArchive: props.logArchive, stalledAfter: thresholds.evidenceStalled });
    }
    this.tamperDetection = this.detectTampering(props, period);
    notify(this, this.topic, props.notifications ?? {});
    watchDeadLetters(alarms, props.deadLetterQueues ?? [], thresholds.deadLetters ?? 1, period);
    this.dashboard = props.dashboard === false ? undefined : createDashboard(this, {
      ...props, bucket, logGroup, alarms: this.alarms, rules: this.rules,
      logArchive: props.logArchive && isSamePlace(this, props.logArchive) ? props.logArchive : undefined,
    });
  }

  /**
   * Bytes of objects that were read, by whomever; without copies inside of S3.
   *
   * @param options how to sum them up, by default in five minutes
   */
  public metricEgressBytes(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTrail('metricEgressBytes', () => egressMetric(this.props.artifactBucket.bucket, EgressMetric.BYTES, options));
  }

  /**
   * Bytes that callers without a session of a role read.
   *
   * @param options how to sum them up, by default in five minutes
   */
  public metricEgressBytesOutsideSessions(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTrail('metricEgressBytesOutsideSessions', () =>
      egressMetric(this.props.artifactBucket.bucket, EgressMetric.BYTES_OUTSIDE_SESSIONS, options));
  }

  /**
   * Bytes of the one person who read most; without an API, of the one role whose sessions did.
   *
   * @param options over how long, by default five minutes
   */
  public metricTopPrincipalEgressBytes(options: cloudwatch.MathExpressionOptions = {}): cloudwatch.MathExpression {
    return this.ofTrail('metricTopPrincipalEgressBytes', () => topContributor(this.rules!.byPerson ?? this.rules!.byRole, options));
  }

  /**
   * Objects, or parts of them, that S3 copied into another bucket.
   *
   * @param options how to sum them up, by default in five minutes
   */
  public metricCopiesOut(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTrail('metricCopiesOut', () => egressMetric(this.props.artifactBucket.bucket, EgressMetric.COPIES_OUT, options));
  }

  /**
   * Requests that S3 refused on the artifact bucket.
   *
   * @param options how to sum them up, by default in five minutes
   */
  public metricDeniedRequests(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofTrail('metricDeniedRequests', () => accessDeniedMetric(this.props.artifactBucket.bucket, options));
  }

  /**
   * Requests that the functions answered with a 5xx status.
   *
   * @param options over how long, by default five minutes
   */
  public metricFailedRequests(options: cloudwatch.MathExpressionOptions = {}): cloudwatch.MathExpression {
    const { functionLogGroups } = this.props;
    if (!functionLogGroups) {
      throw new Error(`metricFailedRequests of ${this.node.path} needs functionLogGroups: only the functions' own logs tell`);
    }
    return new cloudwatch.MathExpression({
      expression: FUNCTIONS.map((name) => `FILL(${name}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(FUNCTIONS.map((name) => [name, failedRequestsMetric(functionLogGroups[name], Duration.minutes(5))])),
      label: 'Failed requests',
      ...options,
    });
  }

  private ofTrail<Metric>(name: string, metric: () => Metric): Metric {
    if (!this.props.auditLogGroup) {
      throw new Error(`${name} of ${this.node.path} needs auditLogGroup, or an auditTrail that has one: nothing but the trail's records tells`);
    }
    return metric();
  }

  private detectTampering(props: StoreMonitoringProps, period: Duration): TamperDetection | undefined {
    const { protectedResources: resources, tampering: options, trailRecordsManagementEvents, runbookUrl } = props;
    if (!resources || options?.enabled === false) {
      return undefined;
    }
    const ownRules = this.rules ? [this.rules.byPerson, this.rules.byRole].filter((rule) => rule !== undefined) : [];
    const tamperDetection = new TamperDetection(this, 'Tamper', {
      resources: { ...resources, insightRules: [...resources.insightRules ?? [], ...ownRules] },
      topic: this.topic, options, trailRecordsManagementEvents, period, runbookUrl,
      messagesForChat: (props.notifications?.channels ?? []).length > 0,
    });
    this.alarms.push(...tamperDetection.alarms);
    return tamperDetection;
  }
}
