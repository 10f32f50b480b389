import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { recordTask } from '../common/required-actions';
import type { AcceptedTrail } from '../storage/accepted-trail';
import type { ILogArchive } from '../storage/log-archive';
import { trailBucketStatements, trailIdentity, trailKeyStatements } from '../storage/trail-bucket';

/** An archive whose policies are somebody else's has to let the trail in before the trail can be made. */
export function tellArchiveOwner(scope: Construct, { trailBucket, encryptionKey }: ILogArchive, trail: AcceptedTrail): void {
  const id = 'SecureModelArtifactStore::ImportedLogArchive';
  const identity = trailIdentity(trail);
  const setting = `A LogArchive accepts it by its property "trails": trailName ${trail.trailName}.`;
  const policies = [
    { resource: 'the trail bucket', policyStatements: trailBucketStatements(trailBucket, identity), outputId: 'RequiredTrailBucketPolicy' },
    ...encryptionKey === undefined ? [] : [
      { resource: 'the key of the trail bucket', policyStatements: trailKeyStatements(identity), outputId: 'RequiredTrailKeyPolicy' },
    ],
  ];
  for (const policy of policies) {
    recordTask(scope, { id, settings: [setting], ...policy });
    new CfnOutput(scope, policy.outputId, {
      description: `Statements to add to the policy of ${policy.resource}`,
      value: Stack.of(scope).toJsonString(policy.policyStatements.map((statement) => statement.toStatementJson())),
    });
  }
  Validations.of(scope).addWarning(id,
    `The policies of the log archive are not this stack's to change. Its owner has to accept the trail ${trail.trailName} `
    + `(property "trails" of its LogArchive, or the statements of the output ${policies.map(({ outputId }) => outputId).join(' and of ')}) before `
    + 'this stack is deployed. Acknowledge this warning once it is done.');
}

export function tellTrailOwner(scope: Construct, trailArnOrName: string, outputId: string): void {
  const id = 'SecureModelArtifactStore::ExistingTrail';
  const settings = [
    `Add the advanced event selectors of the output ${outputId} to those it has (aws cloudtrail put-event-selectors replaces all of them at once); `
    + 'until then, nothing records who reads the models.',
    'It has to deliver to the trail bucket of the log archive that this stack was given, validate its log files, and record management '
    + 'events that write.',
  ];
  recordTask(scope, { id, resource: `the trail ${trailArnOrName}`, settings, policyStatements: [], outputId });
  Validations.of(scope).addWarning(id,
    `The trail ${trailArnOrName} is not changed by this stack. ${settings.join(' ')} Acknowledge this warning once it is done.`);
}
