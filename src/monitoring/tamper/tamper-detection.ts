import { Duration, Names, Stack, Token, Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { accountAlarms } from './account-checks';
import { eventPattern, type ChangedBy } from './event-pattern';
import { logPatterns } from './log-pattern';
import { asText, forChat, type Message } from './message';
import { observerWatches } from './observers';
import { omittedEventPattern, omittedLogPatterns } from './omitted-parameters';
import type { ProtectedResources } from './protected-resources';
import { ROOT_USE_EVENT_PATTERN, ROOT_USE_LOG_PATTERN } from './root-use';
import { alarmOn, type TamperAlarmContext, type TamperAlarmOptions } from './tamper-alarm';
import { TAMPER_ENTRIES, type TamperEntry } from './tamper-entries';
import { DeploymentChanges, type TamperOptions } from './tamper-options';
import type { Watch } from './watch';
import { watchesOf } from './watches';
import { acknowledge } from '../../common/acknowledgements';
import { adoptAlarmTopic, createAlarmTopic } from '../alarm-topic';
import { alarmDescription, DEFAULT_RUNBOOK_URL } from '../runbook';

/**
 * Properties of `TamperDetection`.
 */
export interface TamperDetectionProps extends ProtectedResources {
  /**
   * The SNS topic that receives messages and alarms. EventBridge and CloudWatch must be allowed to publish to it, and
   * to use its key if it has one. The statements are added to the policy of a topic of this app. For an imported topic,
   * they are listed in `RequiredAction`.
   *
   * @default - a dedicated topic, encrypted with a dedicated key, which costs about $1 a month; without a subscription,
   * no one is notified
   */
  readonly topic?: sns.ITopic;

  /**
   * How tampering is detected.
   *
   * @default - see `TamperOptions`
   */
  readonly options?: TamperOptions;

  /**
   * Whether the trail that writes to `trailLogGroup` records management events. If it does not, metric filters are
   * created only for data events: changes to logs and locked models, and direct invocations of functions.
   *
   * @default true
   */
  readonly trailRecordsManagementEvents?: boolean;

  /**
   * Whether to send messages in the format that AWS Chatbot requires for Slack and Teams. It drops plain text. Emails
   * then contain the same sentence inside JSON.
   *
   * @default false
   */
  readonly messagesForChat?: boolean;

  /**
   * The period over which the alarms sum the counts of the metric filters, in whole minutes, or 10, 20 or 30 seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * The URL of the runbook. Each message and alarm links to its entry there.
   *
   * @default - docs/runbook.md of the library's repository
   */
  readonly runbookUrl?: string;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html#eb-rule-did-not-trigger-iam */
const IAM_REGIONS = ['us-east-1', 'us-gov-west-1', 'cn-north-1'];

/** The services without Regions, whose events EventBridge delivers there only. */
const GLOBAL_SERVICES = ['iam.amazonaws.com', 'organizations.amazonaws.com'];

/**
 * Reports changes that weaken the store or its evidence, within minutes. Attempts that AWS denied are reported too,
 * because they are rarely made by mistake.
 *
 * To detect tampering with a log archive from within its own account, create a `TamperDetection` with
 * `logBuckets` and `keys` in that account.
 *
 * There are two independent mechanisms. EventBridge rules send a message that says who changed which resource. Metric
 * filters on the trail's log group count the same calls and set off an alarm, in case a rule was removed. Both need a
 * trail in the account that records management events (`ReadWriteType.WRITE_ONLY` or `ALL`).
 *
 * EventBridge delivers events of IAM and Organizations, and most sign-ins by the root user, in only one Region of the
 * partition (us-east-1 in most). In other Regions, only the metric filters detect changed roles, and only if the trail
 * records all Regions:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html#eb-rule-did-not-trigger-iam
 */
export class TamperDetection extends Construct {
  /** The topic that receives messages and alarms. */
  public readonly topic: sns.ITopic;
  /** The alarms on the metric filters. */
  public readonly alarms: cloudwatch.Alarm[] = [];
  /** The EventBridge rules that send messages. */
  public readonly rules: events.Rule[] = [];

  private readonly props: TamperDetectionProps;
  private readonly uniqueName: string;

  /**
   * @param scope the construct to create it in
   * @param id id of the construct, unique within the scope
   * @param props its properties
   */
  constructor(scope: Construct, id: string, props: TamperDetectionProps) {
    super(scope, id);
    this.props = props;
    this.uniqueName = Names.uniqueResourceName(this, { maxLength: 40, separator: '-' });
    this.topic = props.topic ? adoptAlarmTopic(this, props.topic) : createAlarmTopic(this, undefined, undefined);
    const { trailLogGroup, keys = [], insightRules = [] } = props;
    // Without its key, the topic cannot deliver anything.
    const { masterKey } = this.topic;
    const topicKeys = masterKey && !keys.includes(masterKey) ? [masterKey] : [];
    const resources = { ...props, keys: [...keys, ...topicKeys] };
    const watches = [
      ...watchesOf(this, resources),
      ...observerWatches(`${this.uniqueName}-`, this.topic, insightRules),
    ];
    const managementEvents = trailLogGroup !== undefined && props.trailRecordsManagementEvents !== false;
    this.createRules(watches, managementEvents);
    if (trailLogGroup) {
      const recorded = watches.filter(({ category }) => managementEvents || category === 'data');
      this.createAlarms(recorded, trailLogGroup, managementEvents);
    }
  }

  private createRules(watches: readonly Watch[], metricFilters: boolean): void {
    const { region } = Stack.of(this);
    const iamIsElsewhere = !Token.isUnresolved(region) && !IAM_REGIONS.includes(region);
    const heard = watches.filter(({ eventSource }) => !(iamIsElsewhere && GLOBAL_SERVICES.includes(eventSource)));
    const changesRoles = ({ entry }: Watch) => entry === 'Role';
    if (watches.some(changesRoles) && !heard.some(changesRoles) && !metricFilters) {
      Validations.of(this).addWarning('SecureModelArtifactStore::RolesNotWatched',
        `Changes to roles are not detected: EventBridge delivers IAM events only in ${IAM_REGIONS[0]}, not in `
        + `${region}, and there is no log group of a trail with management events to count them in. Add such a log `
        + 'group, or acknowledge this warning if changes to roles are detected elsewhere.');
    }
    for (const watch of heard) {
      const { id, entry, subject } = watch;
      this.rule(id, entry, eventPattern(watch, this.tamperers), { subject, kind: 'Tampering' });
      if (this.deployments === DeploymentChanges.NOTIFY && watch.evenByDeployments !== 'all') {
        this.rule(`Deployments${id}`, entry, eventPattern(watch, 'deployments'), { subject, kind: 'Deployment' });
      }
    }
    const unnamed = { words: 'a resource that the record of the large request does not name' };
    this.rule('LargeRequests', 'LargeRequest', omittedEventPattern(watches, this.tamperers), {
      subject: unnamed, kind: 'Tampering',
    });
    if (this.deployments === DeploymentChanges.NOTIFY) {
      this.rule('DeploymentsLargeRequests', 'LargeRequest', omittedEventPattern(watches, 'deployments'), {
        subject: unnamed, kind: 'Deployment',
      });
    }
    if (this.props.options?.rootUse ?? true) {
      this.rule('RootUse', 'RootUse', ROOT_USE_EVENT_PATTERN, {
        subject: { words: 'the account of the store' }, kind: 'Use of the root user',
      });
    }
  }

  private rule(id: string, entry: TamperEntry, pattern: events.EventPattern, about: Omit<Message, 'runbook'>): void {
    const { runbook, sentence } = TAMPER_ENTRIES[entry];
    const message: Message = { ...about, runbook: `${this.runbookUrl}#${runbook}` };
    const input = this.props.messagesForChat ? forChat(message) : asText(message);
    const rule = new events.Rule(this, `${id}Rule`, {
      // The common prefix lets a rule match changes to all of these rules, including itself.
      ruleName: `${this.uniqueName}-${id}`,
      description: alarmDescription(sentence, this.runbookUrl, runbook),
      eventPattern: pattern,
      // The topic's policy already allows EventBridge. The CDK's SnsTopic target would add a statement for each rule.
      targets: [{ bind: () => ({ arn: this.topic.topicArn, input }) }],
    });
    acknowledge(rule.node.defaultChild!, 'EventBusDLQ', 'EventBridge retries for a day and counts failures in the '
      + 'metric FailedInvocations, and the alarm on the metric filter reports the same call. A queue would not be '
      + 'monitored.');
    this.rules.push(rule);
  }

  private createAlarms(watches: readonly Watch[], logGroup: logs.ILogGroup, managementEvents: boolean): void {
    const patterns = new Map<TamperEntry, string[]>();
    for (const watch of watches) {
      patterns.set(watch.entry, [...patterns.get(watch.entry) ?? [], ...logPatterns(watch, this.tamperers)]);
    }
    if (managementEvents) {
      patterns.set('LargeRequest', omittedLogPatterns(watches, this.tamperers));
    }
    if (managementEvents && (this.props.options?.rootUse ?? true)) {
      patterns.set('RootUse', [ROOT_USE_LOG_PATTERN]);
    }
    const context: TamperAlarmContext = {
      logGroup,
      storeName: this.uniqueName,
      topic: this.topic,
      period: this.props.period ?? Duration.minutes(5),
      runbookUrl: this.runbookUrl,
    };
    const alarms = new Map<string, TamperAlarmOptions>([
      ...[...patterns].map(([entry, filterPatterns]) =>
        [entry, { ...TAMPER_ENTRIES[entry], filterPatterns, threshold: 1 }] as const),
      ...(managementEvents && this.props.options?.accountChecks ? accountAlarms(this.props.options) : []),
    ]);
    for (const [id, options] of alarms) {
      this.alarms.push(alarmOn(this, id, options, context));
    }
  }

  private get deployments(): DeploymentChanges {
    return this.props.options?.deployments ?? DeploymentChanges.RECORD;
  }

  private get tamperers(): ChangedBy {
    return this.deployments === DeploymentChanges.ALARM ? 'anybody' : 'anybody but deployments';
  }

  private get runbookUrl(): string {
    return this.props.runbookUrl ?? DEFAULT_RUNBOOK_URL;
  }
}
