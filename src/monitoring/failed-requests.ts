import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../contract/environment';
import { LOG_FIELDS, LOG_LEVELS } from '../contract/log-lines';
import type { FunctionName } from '../contract/routes';

/**
 * By the log group, which no other store shares: a dimension could only come from the line itself, and what a line says of
 * where it was logged cannot be compared with anything here.
 */
function metricName(logGroup: logs.ILogGroup): string {
  return `FailedRequests/${logGroup.logGroupName}`;
}

/** Count the requests that a function answered with a 5xx: Lambda takes them for successes. */
export function countFailedRequests(scope: Construct, id: string, name: FunctionName, logGroup: logs.ILogGroup): void {
  new logs.MetricFilter(scope, id, {
    logGroup,
    // The function's name keeps out what Lambda itself logs about a crash, which is in the metric Errors already.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
    filterPattern: logs.FilterPattern.all(
      logs.FilterPattern.stringValue(`$.${LOG_FIELDS.LEVEL}`, '=', LOG_LEVELS.ERROR),
      logs.FilterPattern.stringValue(`$.${LOG_FIELDS.FUNCTION}`, '=', name),
    ),
    metricNamespace: METRIC_NAMESPACE,
    metricName: metricName(logGroup),
    metricValue: '1',
    unit: cloudwatch.Unit.COUNT,
  });
}

export function failedRequestsMetric(logGroup: logs.ILogGroup, period: Duration): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName: metricName(logGroup),
    statistic: cloudwatch.Stats.SUM,
    period,
  });
}
