import { ExpectedResult, IntegTest, InvocationType, Match } from '@aws-cdk/integ-tests-alpha';
import { type App, Duration } from 'aws-cdk-lib';
import { auditorAsks, auditorTries, dataScientistTries, MODEL, pipelineTries, type Trial } from './errands';
import { StoreUnderTest } from './store-under-test';
import type { IntegAssertion } from '../fidelity/behaviours';

/*
 * On real AWS: a store is deployed; people push and pull; whoever may not is refused; what they did turns up in the trail, with
 * their name and the bytes; and everything goes again. See README.md beside this file before you run it.
 */

/** CloudTrail delivers within minutes, "typically 5" to S3 (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html). */
const UNTIL_DELIVERED = { totalTimeout: Duration.minutes(45), interval: Duration.minutes(2), backoffRate: 1 };

/** The outputs that say how each assertion ended, without what every such output begins with. */
export type AssertionOutputs = { readonly [assertion in IntegAssertion]: string };

export function storeIntegration(app: App): AssertionOutputs {
  const stack = new StoreUnderTest(app, 'ModelStoreIntegration');
  const { dataScientistRole, pipelineRole, auditorRole } = stack.store;
  const roles = {
    dataScientist: dataScientistRole.roleArn, pipeline: pipelineRole.roleArn, auditor: auditorRole.roleArn,
  };
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

  /** What auditors use: the same query as `model-store audit query egress-by-principal`, on Athena. */
  const answered = trial(auditorAsks(roles)).waitForAssertions(UNTIL_DELIVERED);

  const calls = {
    'data-scientist': trial(dataScientistTries(roles)),
    pipeline: trial(pipelineTries(roles)),
    auditor: trial(auditorTries(roles)),
    'trail-record': recorded,
    'audit-answer': answered,
  };
  Object.values(calls).reduce((before, call) => before.next(call));
  return Object.fromEntries(Object.entries(calls).map(([name, { node }]) => [name, node.id])) as AssertionOutputs;
}
