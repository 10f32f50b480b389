import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { recordAction } from '../common/required-actions';
import type { AcceptedTrail } from '../storage/accepted-trail';
import type { ILogArchive } from '../storage/log-archive';
import { trailBucketStatements, trailIdentity, trailKeyStatements } from '../storage/trail-bucket';

/** Reports the statements that the owner of an imported archive must add before the trail can be created. */
export function requireArchiveStatements(
  scope: Construct, { trailBucket, encryptionKey }: ILogArchive, trail: AcceptedTrail,
): void {
  const id = 'SecureModelArtifactStore::ImportedLogArchive';
  const identity = trailIdentity(trail);
  const setting = `Add the trail name ${trail.trailName} to the property "trails" of the LogArchive.`;
  const policies = [
    {
      resource: 'the trail bucket',
      policyStatements: trailBucketStatements(trailBucket, identity),
      outputId: 'RequiredTrailBucketPolicy',
    },
    ...encryptionKey === undefined ? [] : [
      {
        resource: 'the key of the trail bucket',
        policyStatements: trailKeyStatements(identity),
        outputId: 'RequiredTrailKeyPolicy',
      },
    ],
  ];
  for (const policy of policies) {
    recordAction(scope, { id, settings: [setting], ...policy });
    new CfnOutput(scope, policy.outputId, {
      description: `Statements to add to the policy of ${policy.resource}`,
      value: Stack.of(scope).toJsonString(policy.policyStatements.map((statement) => statement.toStatementJson())),
    });
  }
  Validations.of(scope).addWarning(id,
    'This stack cannot change the policies of the log archive. Before it is deployed, the owner of the archive must '
    + `allow the trail ${trail.trailName} (with the property "trails" of its LogArchive, or with the statements in the `
    + `output ${policies.map(({ outputId }) => outputId).join(' and ')}). Acknowledge this warning once it is done.`);
}

/** Reports the selectors and settings that the owner of an existing trail must add. */
export function requireTrailSettings(scope: Construct, trailArnOrName: string, outputId: string): void {
  const id = 'SecureModelArtifactStore::ExistingTrail';
  const settings = [
    `Add the advanced event selectors in the output ${outputId} to those of the trail (aws cloudtrail `
    + 'put-event-selectors replaces all selectors at once); until then, reads of models are not recorded.',
    'The trail must deliver to the trail bucket of the log archive that was passed to this stack, validate its log '
    + 'files, and record write management events.',
  ];
  recordAction(scope, { id, resource: `the trail ${trailArnOrName}`, settings, policyStatements: [], outputId });
  Validations.of(scope).addWarning(id,
    `This stack does not change the trail ${trailArnOrName}. ${settings.join(' ')} `
    + 'Acknowledge this warning once it is done.');
}
