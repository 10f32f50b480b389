import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ApiAccess } from '../access/store-access';
import { type RouteName, ROUTES } from '../contract/routes';

/**
 * A metric of the API's stage, or of one of its routes:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 */
export function apiMetric(
  api: ApiAccess, metricName: string, options: cloudwatch.MetricOptions, route?: RouteName,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: {
      ApiName: api.restApi.restApiName,
      Stage: api.stageName,
      ...route && { Method: ROUTES[route].method, Resource: ROUTES[route].path },
    },
    statistic: cloudwatch.Stats.SUM,
    ...options,
  });
}

/** The requests on a route that succeeded. */
export function successesOf(
  api: ApiAccess, route: RouteName, options: cloudwatch.MathExpressionOptions,
): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: 'requests - FILL(clientErrors, 0) - FILL(serverErrors, 0)',
    usingMetrics: {
      requests: apiMetric(api, 'Count', {}, route),
      clientErrors: apiMetric(api, '4XXError', {}, route),
      serverErrors: apiMetric(api, '5XXError', {}, route),
    },
    ...options,
  });
}
