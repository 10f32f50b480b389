import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../contract/environment';
import { LOG_FIELDS, LOG_LEVELS } from '../contract/log-lines';
import type { FunctionName } from '../contract/routes';

/**
 * The metric name contains the log group, which no other store shares. A dimension would have to come from the log
 * line, and no field of the line identifies the log group.
 */
function metricName(logGroup: logs.ILogGroup): string {
  return `FailedRequests/${logGroup.logGroupName}`;
}

/** Counts the requests that a function answered with a 5xx status. Lambda counts them as successes. */
export function countFailedRequests(scope: Construct, id: string, name: FunctionName, logGroup: logs.ILogGroup): void {
  new logs.MetricFilter(scope, id, {
    logGroup,
    // The function's name excludes Lambda's own lines about a crash, which the Errors metric already counts.
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
