import { Match, type EventPattern } from 'aws-cdk-lib/aws-events';

/**
 * Anything that the root user does or tries, signing in included, but not what a service does in its name.
 *
 * EventBridge hands on reads (`Describe…`, `Get…`, `List…`) only to rules that ask for all of them, which this does not.
 */
export const ROOT_USE_EVENT_PATTERN: EventPattern = {
  source: Match.prefix('aws.'),
  // The documentation writes the second one, the service sends the third one.
  detailType: ['AWS API Call via CloudTrail', 'AWS Console Signin via CloudTrail', 'AWS Console Sign In via CloudTrail'],
  detail: {
    userIdentity: { type: ['Root'], invokedBy: [{ exists: false }] },
    eventType: [{ 'anything-but': ['AwsServiceEvent'] }],
  },
};

/** As the CIS AWS Foundations Benchmark has it: https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html */
export const ROOT_USE_LOG_PATTERN =
  '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }';
