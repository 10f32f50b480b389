import { Match, type EventPattern } from 'aws-cdk-lib/aws-events';

/**
 * Matches all calls and sign-ins by the root user, including failed ones, but not calls that a service makes on its
 * behalf.
 *
 * EventBridge delivers read-only calls (`Describe*`, `Get*`, `List*`) only to rules that enable them, unlike this one.
 */
export const ROOT_USE_EVENT_PATTERN: EventPattern = {
  source: Match.prefix('aws.'),
  // The documentation uses the second detail type, but the service sends the third.
  detailType: [
    'AWS API Call via CloudTrail', 'AWS Console Signin via CloudTrail', 'AWS Console Sign In via CloudTrail',
  ],
  detail: {
    userIdentity: { type: ['Root'], invokedBy: [{ exists: false }] },
    eventType: [{ 'anything-but': ['AwsServiceEvent'] }],
  },
};

/**
 * The pattern from the CIS AWS Foundations Benchmark:
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 */
export const ROOT_USE_LOG_PATTERN =
  '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }';
