import * as iam from 'aws-cdk-lib/aws-iam';
import { routeArns } from './route-arns';
import type { StoreAccess } from './store-access';
import { KEY_PATTERNS } from '../contract/keys';

const EVERY_MODEL = '*';

/**
 * Denies a role all access to the bytes of models, regardless of its other grants: objects, the key, presigned URLs,
 * the functions, and the roles that have such access.
 */
export function denyModels(role: iam.Role, access: StoreAccess, rolesWithModels: readonly iam.IRole[]): void {
  const deny = (actions: string[], resources: string[]) =>
    role.addToPolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions, resources }));
  const { bucket, encryptionKey } = access.artifactBucket;

  deny(['sts:AssumeRole'], rolesWithModels.map(({ roleArn }) => roleArn));
  deny(['s3:GetObject*', 's3:PutObject*', 's3:ReplicateObject', 's3:RestoreObject'],
    [bucket.arnForObjects(KEY_PATTERNS.blobs(EVERY_MODEL))]);
  if (access.api) {
    const { api } = access;
    deny(['execute-api:Invoke'], (['upload', 'download', 'promote'] as const).flatMap((permission) =>
      routeArns(api, permission, [EVERY_MODEL])));
    // Auditors read manifests through the API, so they do not need the key.
    deny(['kms:Decrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*', 'kms:CreateGrant'], [encryptionKey.keyArn]);
  }
  if (access.functions) {
    const { upload, download, registry } = access.functions;
    deny(['lambda:InvokeFunction'],
      [upload, download, registry].flatMap(({ functionArn }) => [functionArn, `${functionArn}:*`]));
  }
}
