import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { signDigest } from './ecdsa';
import { ACCOUNT } from './events';
import { allows } from './policy-evaluator';
import { awsError, S3Double } from './s3-double';
import { ENV } from '../../../src/contract/environment';
import { forgetRefusals } from '../../../src/handlers/aws/sessions';

export const BUCKET = 'artifact-bucket';
export const BUCKET_ARN = `arn:aws:s3:::${BUCKET}`;
export const KEY_ARN = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/1111`;
export const SESSION_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/UploadSession`;

/**
 * Test doubles of S3, STS and KMS for one test. Every S3 and KMS command is evaluated against the session policy of its
 * credentials, so a test fails if a session policy is too narrow.
 */
export class StoreDouble {
  public readonly sessions: AssumeRoleCommandInput[] = [];
  public readonly s3: S3Double;
  public readonly sts = mockClient(STSClient);
  public readonly kms = mockClient(KMSClient);
  public readonly signingKeyArn = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/${randomUUID()}`;
  public readonly signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly policies = new Map<string, string>();

  constructor(environment: { readonly [name: string]: string } = {}) {
    Object.assign(process.env, {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXECUTIONROLE000',
      AWS_SECRET_ACCESS_KEY: 'execution-role-secret',
      AWS_SESSION_TOKEN: 'execution-role-token',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      [ENV.BUCKET_NAME]: BUCKET,
      [ENV.ENCRYPTION_KEY_ARN]: KEY_ARN,
      [ENV.SIGNING_KEY_ARN]: this.signingKeyArn,
      [ENV.SESSION_ROLE_ARN]: SESSION_ROLE_ARN,
      [ENV.SESSION_SECONDS]: '900',
      [ENV.LINK_SECONDS]: '600',
      [ENV.AUTHENTICATION]: 'iam',
      ...environment,
    });
    delete process.env.AWS_ENDPOINT_URL;
    forgetRefusals();
    delete process.env.AWS_ENDPOINT_URL_S3;

    this.sts.on(AssumeRoleCommand).callsFake(async (input: AssumeRoleCommandInput) => {
      this.sessions.push(input);
      const accessKeyId = `ASIA${randomUUID().replace(/-/g, '').slice(0, 16).toUpperCase()}`;
      this.policies.set(accessKeyId, input.Policy!);
      const Expiration = new Date(Date.now() + input.DurationSeconds! * 1_000);
      return { Credentials: {
        AccessKeyId: accessKeyId, SecretAccessKey: 'session-secret', SessionToken: 'session-token', Expiration,
      } };
    });

    this.s3 = new S3Double(async (client, action, key, context) => {
      await this.authorize(client, action, key === undefined ? BUCKET_ARN : `${BUCKET_ARN}/${key}`, context);
      if (key !== undefined && action === 's3:PutObject') {
        await this.authorize(client, 'kms:GenerateDataKey', KEY_ARN);
      } else if (key !== undefined && action.startsWith('s3:GetObject')) {
        await this.authorize(client, 'kms:Decrypt', KEY_ARN);
      }
    });

    const { privateKey, publicKey } = this.signingKey;
    this.kms.on(GetPublicKeyCommand).callsFake(async ({ KeyId }, client) => {
      await this.authorize(client(), 'kms:GetPublicKey', KeyId);
      return { PublicKey: publicKey.export({ format: 'der', type: 'spki' }) };
    });
    this.kms.on(SignCommand).callsFake(async ({ KeyId, Message, MessageType, SigningAlgorithm }, client) => {
      await this.authorize(client(), 'kms:Sign', KeyId);
      if (MessageType !== 'DIGEST' || SigningAlgorithm !== 'ECDSA_SHA_256' || Message.length !== 32) {
        throw awsError('ValidationException', 400);
      }
      return { Signature: signDigest(privateKey, Message) };
    });
  }

  /** The session whose policy applies to a command. */
  public get lastSession(): AssumeRoleCommandInput {
    return this.sessions.at(-1)!;
  }

  public restore(): void {
    this.s3.mock.restore();
    this.sts.restore();
    this.kms.restore();
  }

  private async authorize(
    client: S3Client | KMSClient, action: string, resource: string, context?: { [key: string]: string },
  ): Promise<void> {
    const { accessKeyId } = await client.config.credentials();
    const policy = this.policies.get(accessKeyId);
    if (!policy || !allows(policy, { action, resource, context })) {
      throw awsError(`AccessDenied: ${action} on ${resource}`, 403);
    }
  }
}
