import type { Template } from 'aws-cdk-lib/assertions';

/**
 * Dollars per month in us-east-1, as in docs/cost.md; the last two are per hour, with 730 hours a month:
 * https://aws.amazon.com/privatelink/pricing/ and https://aws.amazon.com/sagemaker/ai/pricing/
 */
const PRICE = { key: 1, watchedMetric: 0.1, contributorRule: 0.5, endpointInOneZone: 0.01 * 730, 'ml.m5.large': 0.115 * 730 };

/** The cost of an idle stack. */
export function idleCost(template: Template): number {
  const resources = (type: string): any[] => Object.values(template.findResources(type)).map(({ Properties }) => Properties);
  const endpoints = resources('AWS::EC2::VPCEndpoint').filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface');
  const instances = resources('AWS::SageMaker::EndpointConfig').flatMap(({ ProductionVariants }) => ProductionVariants);
  return [
    resources('AWS::KMS::Key').length * PRICE.key,
    sum(resources('AWS::CloudWatch::Alarm').map(watchedMetrics)) * PRICE.watchedMetric,
    resources('AWS::CloudWatch::InsightRule').length * PRICE.contributorRule,
    sum(endpoints.map(({ SubnetIds }) => SubnetIds.length)) * PRICE.endpointInOneZone,
    sum(instances.map(({ InstanceType, InitialInstanceCount }) => PRICE[InstanceType as 'ml.m5.large'] * InitialInstanceCount)),
  ].reduce((all, part) => all + part, 0);
}

/** An alarm is billed per metric; anomaly detection counts as three. */
function watchedMetrics({ Metrics }: { Metrics?: { MetricStat?: unknown; Expression?: unknown }[] }): number {
  if (!Metrics) {
    return 1;
  }
  const isAnomaly = Metrics.some(({ Expression }) => JSON.stringify(Expression ?? '').includes('ANOMALY_DETECTION_BAND'));
  return isAnomaly ? 3 : Math.max(1, Metrics.filter(({ MetricStat }) => MetricStat).length);
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
