import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { GetPublicKeyCommandOutput, KMSClient, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import type { SigningKey } from './verify-text';
import { awsFailure } from '../../aws/aws-failure';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure, usageFailure } from '../../runtime/failure';

/** Signs with an asymmetric key of KMS, which never leaves KMS. */
export interface Signer {
  readonly key: SigningKey;
  /** In PEM. */
  readonly publicKey: string;
  /** The signature of the content, in DER. */
  sign(content: Buffer): Promise<Buffer>;
}

const KEY_ARN = /^arn:[a-z0-9-]+:kms:([a-z0-9-]+):\d{12}:(?:key|alias)\/[\w/-]+$/;

/** Fetches the public key, so that a wrong or forbidden key is reported before the logs are read. */
export async function kmsSigner(
  environment: Pick<Environment, 'awsConfiguration' | 'signal'>, arn: string,
): Promise<Signer> {
  const [, region] = KEY_ARN.exec(arn) ?? [];
  if (region === undefined) {
    throw usageFailure(`--sign-with ${JSON.stringify(arn)} is not the ARN of a KMS key`, [],
      'Use an ARN such as arn:aws:kms:eu-central-1:111122223333:key/ID.');
  }
  const { KMSClient: Client, GetPublicKeyCommand, SignCommand } = await import('@aws-sdk/client-kms');
  const call = async <Output>(action: string, work: (client: KMSClient) => Promise<Output>): Promise<Output> => {
    const client = new Client(environment.awsConfiguration(region));
    try {
      return await work(client);
    } catch (error) {
      environment.signal.throwIfAborted();
      throw awsFailure(error, {
        action, what: `the key ${arn}`,
        whoMay: 'To sign an export, your role needs kms:GetPublicKey and kms:Sign on this key.',
      });
    } finally {
      client.destroy();
    }
  };
  const options = { abortSignal: environment.signal };
  const found = await call('kms:GetPublicKey', async (client) =>
    client.send(new GetPublicKeyCommand({ KeyId: arn }), options));
  const { algorithm, hash } = ecdsaOf(arn, found);
  const publicKey = createPublicKey({ key: Buffer.from(found.PublicKey!), format: 'der', type: 'spki' });
  return {
    key: { arn, region, hash },
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    sign: async (content) => {
      const { Signature } = await call('kms:Sign', async (client) => client.send(new SignCommand({
        KeyId: arn, SigningAlgorithm: algorithm, MessageType: 'DIGEST',
        Message: createHash(hash).update(content).digest(),
      }), options));
      return verified(Buffer.from(Signature ?? []), { content, hash, publicKey, arn });
    },
  };
}

function ecdsaOf(
  arn: string, { KeySpec: spec, KeyUsage: usage, SigningAlgorithms: algorithms = [] }: GetPublicKeyCommandOutput,
): { readonly algorithm: SigningAlgorithmSpec; readonly hash: string } {
  const algorithm = algorithms.find((each) => /^ECDSA_SHA_\d+$/.test(each));
  if (algorithm === undefined) {
    throw usageFailure(`the key ${arn} cannot make ECDSA signatures`, [
      { field: '--sign-with', message: `its key spec is ${spec}, and its usage is ${usage}` },
    ], 'Use a key with the usage SIGN_VERIFY and a key spec such as ECC_NIST_P256.');
  }
  return { algorithm, hash: `sha${algorithm.slice('ECDSA_SHA_'.length)}` };
}

/** Checks the signature as a reader would, so that no export is written that does not verify. */
function verified(
  signature: Buffer, { content, hash, publicKey, arn }: {
    readonly content: Buffer; readonly hash: string; readonly publicKey: KeyObject; readonly arn: string;
  },
): Buffer {
  if (!verify(hash, content, publicKey, signature)) {
    throw new Failure(`the signature of the key ${arn} does not match its public key`, {
      code: 'bad_signature', exitCode: EXIT.VERIFICATION,
    });
  }
  return signature;
}
