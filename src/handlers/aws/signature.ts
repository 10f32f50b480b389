import { createHash, createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import type { Call } from './call';
import type { Session } from './sessions';
import { type StoredManifest, sha256Hex } from './versions';
import { type DetachedSignature, payloadOf, preAuthenticationEncoding } from '../../contract/signature';
import type { SigningKeyResponse } from '../../contract/wire';

const publicKeys = new Map<string, SigningKeyResponse>();

/** The public key of a KMS key. It never changes, so it is requested once. */
export async function publicKeyOf(session: Session, keyArn: string): Promise<SigningKeyResponse> {
  let known = publicKeys.get(keyArn);
  if (known === undefined) {
    const { PublicKey } = await session.kms.send(new GetPublicKeyCommand({ KeyId: keyArn }));
    if (!PublicKey) {
      throw new Error('the GetPublicKey response of KMS has no key');
    }
    const publicKeyPem = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
      .export({ format: 'pem', type: 'spki' }).toString();
    // The `model_signing` tool identifies a key by the SHA-256 of its PEM text.
    known = { publicKeyPem, fingerprint: createHash('sha256').update(publicKeyPem).digest('hex') };
    publicKeys.set(keyArn, known);
  }
  return known;
}

/** Signs a manifest that is about to be published. Returns undefined if the store does not sign. */
export async function signManifest(
  session: Session, call: Call, stored: StoredManifest,
): Promise<DetachedSignature | undefined> {
  const { signingKeyArn } = call.settings;
  if (!signingKeyArn) {
    return undefined;
  }
  const { fingerprint } = await publicKeyOf(session, signingKeyArn);
  const { Signature } = await session.kms.send(new SignCommand({
    KeyId: signingKeyArn,
    SigningAlgorithm: 'ECDSA_SHA_256',
    // KMS accepts at most 4,096 bytes of a raw message; a statement with many files is longer.
    MessageType: 'DIGEST',
    Message: createHash('sha256').update(preAuthenticationEncoding(payloadOf(stored, sha256Hex))).digest(),
  }));
  if (!Signature) {
    throw new Error('the Sign response of KMS has no signature');
  }
  return { signature: Buffer.from(Signature).toString('base64'), keyFingerprint: fingerprint };
}
