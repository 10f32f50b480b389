import { ExpectedResult, IntegTest, InvocationType, Match } from '@aws-cdk/integ-tests-alpha';
import { type App, Duration } from 'aws-cdk-lib';
import { auditorAsks, auditorTries, dataScientistTries, MODEL, pipelineTries, type Trial } from './errands';
import { StoreUnderTest } from './store-under-test';

/*
 * On real AWS: a store is deployed; people push and pull; whoever may not is refused; what they did turns up in the trail, with
 * their name and the bytes; and everything goes again. See README.md beside this file before you run it.
 */

/** CloudTrail delivers within minutes, "typically 5" to S3 (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html). */
const UNTIL_DELIVERED = { totalTimeout: Duration.minutes(45), interval: Duration.minutes(2), backoffRate: 1 };

export function storeIntegration(app: App): void {
  const stack = new StoreUnderTest(app, 'ModelStoreIntegration');
  const { dataScientist, pipeline, auditor } = stack.store.roles;
  const roles = { dataScientist: dataScientist.roleArn, pipeline: pipeline.roleArn, auditor: auditor.roleArn };
  const integration = new IntegTest(app, 'StoreIntegration', {
    testCases: [stack],
    cdkCommandOptions: { destroy: { args: { force: true } } },
  });

  function trial({ errand, result }: Trial) {
    return integration.assertions.invokeFunction({
      functionName: stack.people.functionName,
      invocationType: InvocationType.REQUEST_RESPONSE,
      payload: JSON.stringify(errand),
    }).expect(ExpectedResult.objectLike({ Payload: Match.serializedJson(Match.objectLike(result)) }));
  }

  /** Where the alarms look. */
  const recorded = integration.assertions.awsApiCall('CloudWatchLogs', 'filterLogEvents', {
    logGroupName: stack.store.auditTrail.logGroup!.logGroupName,
    filterPattern: `{ ($.eventName = "GetObject") && ($.requestParameters.key = "models/${MODEL}/blobs/*")`
      + ' && ($.userIdentity.sessionContext.sourceIdentity = "*=anna*") && ($.additionalEventData.bytesTransferredOut > 0) }',
  }).assertAtPath('events.0.message.eventName', ExpectedResult.stringLikeRegexp('^GetObject$')).waitForAssertions(UNTIL_DELIVERED);

  /** Where the auditors look: the same question as `model-store audit egress-by-principal`, on Athena. */
  const told = trial(auditorAsks(roles)).waitForAssertions(UNTIL_DELIVERED);

  trial(dataScientistTries(roles))
    .next(trial(pipelineTries(roles)))
    .next(trial(auditorTries(roles)))
    .next(recorded)
    .next(told);
}
