import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { artifactKeyConditions, denyUseOutsideS3 } from './storage-key';
import { denyDirectGrants } from '../common/key-grants';
import { isImported, requireAction } from '../common/required-actions';

/** Reports the key policy that an imported key needs. A key of this app delegates to IAM already. */
export function requireKeyActions(
  scope: Construct, artifacts: { readonly bucket: s3.IBucket; readonly encryptionKey: kms.IKey },
): void {
  const { encryptionKey: key } = artifacts;
  if (!isImported(key)) {
    return;
  }
  const account = Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'root' });
  requireAction(scope, {
    id: 'SecureModelArtifactStore::ImportedKey',
    resource: named('the key', key.keyArn),
    why: 'before the store is used',
    settings: [
      'It must be a symmetric key in the Region of the bucket. Enable rotation, and prevent its deletion: the models '
      + 'cannot be read without it.',
      'If its policy already delegates to IAM of this account, as the default key policy does, add only the denies.',
    ],
    policyStatements: [
      new iam.PolicyStatement({
        sid: 'AllowUseThroughS3ByIam',
        // IAM then decides which principals of the account can use the key: the store's roles, and those with a grant.
        principals: [new iam.ArnPrincipal(account)],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: artifactKeyConditions(artifacts),
      }),
      denyUseOutsideS3(),
      denyDirectGrants(),
    ],
    outputId: 'RequiredKeyPolicy',
  });
}

/** Names a resource, unless its name is known only at deployment. */
export function named(what: string, name: string): string {
  return Token.isUnresolved(name) ? `${what} of the models` : `${what} ${name}`;
}
