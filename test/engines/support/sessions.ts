import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { FunctionName } from '../../../src/contract/routes';
import { sessionPolicies, type SessionScope } from '../../../src/handlers/aws/session-policy';
import type { Session } from '../../../src/handlers/aws/sessions';
import type { Settings } from '../../../src/handlers/common/environment';
import { clientConfiguration } from '../../local/rig/clients';
import type { EngineStore } from '../s3/engine-store';

const SESSION_SECONDS = 900;

/** A session as the function opens it, with the session policy from its own code for this scope. */
export async function openSession(
  { engine, localAws, bucketName }: EngineStore,
  name: FunctionName,
  scope: SessionScope,
): Promise<Session> {
  const settings: Settings = {
    bucketName,
    encryptionKeyArn: engine.encryptionKeyArn,
    sessionRoleArn: engine.functions[name].sessionRoleArn,
    sessionSeconds: SESSION_SECONDS,
    linkSeconds: SESSION_SECONDS,
    authentication: 'iam',
    groupPermissions: [],
    rolesWithDefaultSessionNames: [],
    formerSigningKeyArns: [],
  };
  const sts = new STSClient(
    clientConfiguration({ ...localAws, endpoint: engine.stsEndpoint }, engine.functions[name].credentials),
  );
  try {
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: settings.sessionRoleArn,
        RoleSessionName: 'DataScientistRole=ada',
        DurationSeconds: settings.sessionSeconds,
        Policy: sessionPolicies(name, scope, settings).narrow,
      }),
    );
    const configuration = clientConfiguration(localAws, {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    });
    return {
      s3: new S3Client({ ...configuration, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' }),
      kms: new KMSClient(configuration),
      expiration: given!.Expiration!,
    };
  } finally {
    sts.destroy();
  }
}
