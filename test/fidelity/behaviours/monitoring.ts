import type { Behaviour } from '../behaviours';

const READ = '2026-11-28';
const INSIGHT_REPORT = { url: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetInsightRuleReport.html', read: READ };
const PATTERNS = { url: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html', read: READ };

export const MONITORING: readonly Behaviour[] = [
  { id: 'logs.metric-filters-accepted', statement: 'CloudWatch Logs accepts the metric filters of the template.', reliedOn: 'src/monitoring/tamper/log-pattern.ts', integ: ['data-scientist'] },
  { id: 'logs.metric-filters-evaluated', statement: 'Metric filters count the records that their patterns describe.', reliedOn: 'src/monitoring/tamper/log-pattern.ts' },
  {
    id: 'logs.filter-pattern',
    statement: 'A filter pattern finds a record by event name, key, source identity and bytes.',
    reliedOn: 'src/monitoring/egress', integ: ['trail-record'],
  },
  { id: 'cloudwatch.metric-math-alarms', statement: 'CloudWatch accepts alarms on metric math, `INSIGHT_RULE_METRIC` included.', reliedOn: 'src/monitoring/egress', integ: ['data-scientist'] },
  { id: 'cloudwatch.insight-rules', statement: 'Contributor Insights accepts the rules of the template.', reliedOn: 'src/monitoring/egress', integ: ['data-scientist'] },
  {
    id: 'cloudwatch.insight-rules.sums',
    statement: 'Contributor Insights sums the bytes of each contributor, and reports the largest as `MaxContributorValue`.',
    reliedOn: 'src/monitoring/egress', page: INSIGHT_REPORT,
  },
  { id: 'cloudwatch.alarms-evaluated', statement: 'An alarm goes off when its metric crosses its threshold, and notifies the encrypted topic.', reliedOn: 'src/monitoring/store-alarms.ts' },
  { id: 'cloudwatch.anomaly-detection', statement: 'An anomaly detector learns a band, and the alarm goes off above it.', reliedOn: 'src/monitoring/egress' },
  { id: 'events.patterns', statement: 'EventBridge matches records as the rules\' patterns say: `$or`, `anything-but`, `prefix`.', reliedOn: 'src/monitoring/tamper/event-pattern.ts', page: PATTERNS },
  { id: 'events.management-events', statement: 'EventBridge receives management events from CloudTrail, those of IAM in one Region only.', reliedOn: 'src/monitoring/tamper/tamper-detection.ts' },
  { id: 'events.rule-to-topic', statement: 'A rule publishes to the encrypted topic, in the format of its input transformer.', reliedOn: 'src/monitoring/alarm-topic.ts' },
  { id: 'events.object-created', statement: 'S3 sends an event for a new manifest or alias, which a rule of the store matches.', reliedOn: 'src/store/events.ts' },
  { id: 'chatbot.notifications', statement: 'Amazon Q in chat applications posts the store\'s notifications to Slack and Teams.', reliedOn: 'src/monitoring/notification-channel.ts' },
];
