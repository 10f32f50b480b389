import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

export interface ContributorWidgetProps {
  readonly title: string;
  readonly rule: cloudwatch.CfnInsightRule;
  /** The period of each data point, in seconds. */
  readonly period: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The top contributors of a Contributor Insights rule. The CDK has no such widget:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export class ContributorWidget extends cloudwatch.ConcreteWidget {
  constructor(private readonly props: ContributorWidgetProps) {
    super(props.width, props.height);
  }

  public toJson(): any[] {
    const { title, rule, period } = this.props;
    return [{
      type: 'metric',
      width: this.width,
      height: this.height,
      x: this.x,
      y: this.y,
      properties: {
        title,
        region: Stack.of(rule).region,
        view: 'timeSeries',
        stacked: true,
        period,
        legend: { position: 'right' },
        insightRule: { ruleName: rule.attrRuleName, maxContributorCount: 10, orderBy: 'Sum' },
      },
    }];
  }
}
