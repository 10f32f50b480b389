import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { artifactKeyConditions, denyUseOutsideS3 } from './storage-key';
import { isImported, tellOwner } from '../common/required-actions';

/** A key of this app hands itself to IAM; of any other it is not known, and nobody gets at a model without. */
export function tellKeyOwner(scope: Construct, artifacts: { readonly bucket: s3.IBucket; readonly encryptionKey: kms.IKey }): void {
  const { encryptionKey: key } = artifacts;
  if (!isImported(key)) {
    return;
  }
  const account = Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'root' });
  tellOwner(scope, {
    id: 'SecureModelArtifactStore::ImportedKey',
    resource: named('the key', key.keyArn),
    why: 'before anybody relies on the store',
    settings: [
      'It has to be a symmetric key in the Region of the bucket; switch rotation on, and let nobody schedule its deletion: the models live as long as it does.',
      'With a policy that hands the key to IAM of this account, as a key has by default, only the deny is missing.',
    ],
    policyStatements: [
      new iam.PolicyStatement({
        sid: 'AllowUseThroughS3ByIam',
        // IAM of the account then says who: the roles of the store, and whoever is granted something.
        principals: [new iam.ArnPrincipal(account)],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: artifactKeyConditions(artifacts),
      }),
      denyUseOutsideS3(),
    ],
    outputId: 'RequiredKeyPolicy',
  });
}

/** By its name, unless only the deployment knows it. */
export function named(what: string, name: string): string {
  return Token.isUnresolved(name) ? `${what} of the models` : `${what} ${name}`;
}
