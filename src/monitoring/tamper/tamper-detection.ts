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
export interface TamperDetectionProps {
  /**
   * What nobody but a deployment should change.
   */
  readonly resources: ProtectedResources;

  /**
   * Where it is told. EventBridge and CloudWatch must be allowed to publish to it, and to use its key if it has one; a topic of
   * this app gets that added to its policy, of an imported one its owner is told.
   *
   * @default - a topic of its own, encrypted with a key of its own, which costs about $1 a month; subscribe to it, or nobody is
   * told
   */
  readonly topic?: sns.ITopic;

  /**
   * How tampering is looked for.
   *
   * @default - see `TamperOptions`
   */
  readonly options?: TamperOptions;

  /**
   * Whether the trail that writes to `resources.trailLogGroup` records management events. If not, metric filters on it would
   * never count anything, and there are none.
   *
   * @default true
   */
  readonly trailRecordsManagementEvents?: boolean;

  /**
   * Send messages in the form that Slack and Teams show by way of AWS Chatbot, which drops plain sentences. Mail then shows
   * the same sentence inside of JSON.
   *
   * @default false
   */
  readonly messagesForChat?: boolean;

  /**
   * Over how long the metric filters count, in whole minutes, or 10, 20 or 30 seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * Where the runbook is read.
   *
   * @default - docs/runbook.md of the library's repository
   */
  readonly runbookUrl?: string;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html#eb-rule-did-not-trigger-iam */
const IAM_REGIONS = ['us-east-1', 'us-gov-west-1', 'cn-north-1'];

/**
 * Tells, within minutes, when somebody weakens the store or its evidence, or tries to: attempts that AWS refused are told
 * too, because nobody makes them by mistake.
 *
 * A log archive in another account is watched there: a `TamperDetection` in its stack, with `logBuckets` and `keys`, tells of
 * what callers of that account do to it.
 *
 * There are two lines. EventBridge rules send a sentence that says who did what to what. Metric filters on the trail's log
 * group count the same calls and set off an alarm, in case that somebody removed a rule. Both need a trail of the account
 * that records management events (`ManagementEvents.WRITES` or `ALL`).
 *
 * EventBridge hands on the events of IAM, and most sign-ins of the root user, in one Region of the partition alone (us-east-1
 * for most). In every other Region the metric filters are what tells of changed roles, if the trail records every Region:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html#eb-rule-did-not-trigger-iam
 */
export class TamperDetection extends Construct {
  /** Where it is told. */
  public readonly topic: sns.ITopic;
  /** The alarms on the metric filters. */
  public readonly alarms: cloudwatch.Alarm[] = [];
  /** The rules. */
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
    const { trailLogGroup, keys = [], insightRules = [] } = props.resources;
    // Without its key the topic is silent.
    const { masterKey } = this.topic;
    const resources = { ...props.resources, keys: [...keys, ...(masterKey && !keys.includes(masterKey) ? [masterKey] : [])] };
    const watches = [...watchesOf(this, resources), ...observerWatches(`${this.uniqueName}-`, this.topic, insightRules)];
    const logGroup = props.trailRecordsManagementEvents === false ? undefined : trailLogGroup;
    this.createRules(watches, logGroup !== undefined);
    if (logGroup) {
      this.createAlarms(watches, logGroup);
    }
  }

  private createRules(watches: readonly Watch[], metricFilters: boolean): void {
    const { region } = Stack.of(this);
    const iamIsElsewhere = !Token.isUnresolved(region) && !IAM_REGIONS.includes(region);
    const heard = watches.filter(({ eventSource }) => !(iamIsElsewhere && eventSource === 'iam.amazonaws.com'));
    if (heard.length < watches.length && !metricFilters) {
      Validations.of(this).addWarning('SecureModelArtifactStore::RolesNotWatched',
        `Nothing tells of changed roles: EventBridge hands on the events of IAM in ${IAM_REGIONS[0]} alone, not in ${region}, and there is no `
        + 'log group of a trail that records management events to count them in. Acknowledge this warning if something else does.');
    }
    for (const watch of heard) {
      this.rule(watch.id, watch.entry, eventPattern(watch, this.tamperers), { subject: watch.subject, kind: 'Tampering' });
      if (this.deployments === DeploymentChanges.NOTIFY && watch.evenByDeployments !== 'all') {
        this.rule(`Deployments${watch.id}`, watch.entry, eventPattern(watch, 'deployments'), { subject: watch.subject, kind: 'Deployment' });
      }
    }
    if (this.props.options?.rootUse ?? true) {
      this.rule('RootUse', 'RootUse', ROOT_USE_EVENT_PATTERN, { subject: { words: 'the account of the store' }, kind: 'Use of the root user' });
    }
  }

  private rule(id: string, entry: TamperEntry, pattern: events.EventPattern, about: Omit<Message, 'runbook'>): void {
    const { runbook, sentence } = TAMPER_ENTRIES[entry];
    const message: Message = { ...about, runbook: `${this.runbookUrl}#${runbook}` };
    const input = this.props.messagesForChat ? forChat(message) : asText(message);
    const rule = new events.Rule(this, `${id}Rule`, {
      // Named, so that the rules can be watched by the beginning of their names, by themselves among others.
      ruleName: `${this.uniqueName}-${id}`,
      description: alarmDescription(sentence, this.runbookUrl, runbook),
      eventPattern: pattern,
      // The topic's policy lets EventBridge in; a target that adds a statement of its own for each rule would repeat it.
      targets: [{ bind: () => ({ arn: this.topic.topicArn, input }) }],
    });
    acknowledge(rule.node.defaultChild!, 'EventBusDLQ', 'EventBridge tries again for a day, the metric FailedInvocations tells of it, and the '
      + 'alarm on the metric filter tells of the same call. Nobody would look into a queue.');
    this.rules.push(rule);
  }

  private createAlarms(watches: readonly Watch[], logGroup: logs.ILogGroup): void {
    const patterns = new Map<TamperEntry, string[]>();
    for (const watch of watches) {
      patterns.set(watch.entry, [...patterns.get(watch.entry) ?? [], ...logPatterns(watch, this.tamperers)]);
    }
    if (this.props.options?.rootUse ?? true) {
      patterns.set('RootUse', [ROOT_USE_LOG_PATTERN]);
    }
    const context: TamperAlarmContext = {
      logGroup,
      storeName: this.uniqueName,
      topic: this.topic,
      period: this.props.period ?? Duration.minutes(5),
      runbookUrl: this.runbookUrl,
    };
    const { accountChecks } = this.props.options ?? {};
    const alarms = new Map<string, TamperAlarmOptions>([
      ...[...patterns].map(([entry, filterPatterns]) => [entry, { ...TAMPER_ENTRIES[entry], filterPatterns, threshold: 1 }] as const),
      ...(accountChecks ? accountAlarms(accountChecks) : []),
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
