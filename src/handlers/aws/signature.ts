import { createHash, createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import type { Call } from './call';
import type { Session } from './sessions';
import type { StoredManifest } from './versions';
import type { ManifestFile } from '../../contract/manifest';

/**
 * Signatures follow the OpenSSF Model Signing specification 1.0 (a Sigstore bundle with a DSSE envelope of an in-toto
 * statement), so that `model_signing verify key` verifies a pulled folder offline.
 * https://github.com/ossf/model-signing-spec, https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md
 */
const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'https://model_signing/signature/v1.0';

function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** Compares paths segment by segment, as the `model_signing` tool does. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareCodePoints(left[index], right[index]);
    if (order !== 0) {
      return order;
    }
  }
  return left.length - right.length;
}

function rootDigest(files: readonly ManifestFile[]): string {
  const hash = createHash('sha256');
  files.forEach(({ sha256 }) => hash.update(Buffer.from(sha256, 'hex')));
  return hash.digest('hex');
}

/**
 * The in-toto statement that is signed. The tool verifies the resources; the SHA-256 of the manifest extends the
 * signature to names, metadata and creation time.
 */
export function statementOf({ manifest, sha256 }: StoredManifest): object {
  const files = [...manifest.files].sort((a, b) => comparePaths(a.path, b.path));
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `${manifest.model}@${manifest.version}`, digest: { sha256: rootDigest(files) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false },
      resources: files.map((file) => ({ name: file.path, algorithm: 'sha256', digest: file.sha256 })),
      manifest: { model: manifest.model, version: manifest.version, sha256 },
    },
  };
}

/** Pre-authentication encoding (PAE) of DSSE: the bytes that are signed. */
export function preAuthenticationEncoding(payload: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `, 'utf8'), payload,
  ]);
}

const keyHints = new Map<string, string>();

/** The tool finds the key by the SHA-256 of its PEM text. The public key never changes, so the hint is cached. */
async function keyHint(session: Session, keyArn: string): Promise<string> {
  let hint = keyHints.get(keyArn);
  if (hint === undefined) {
    const { PublicKey } = await session.kms.send(new GetPublicKeyCommand({ KeyId: keyArn }));
    if (!PublicKey) {
      throw new Error('the GetPublicKey response of KMS has no key');
    }
    const pem = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
      .export({ format: 'pem', type: 'spki' });
    hint = createHash('sha256').update(pem).digest('hex');
    keyHints.set(keyArn, hint);
  }
  return hint;
}

/** Returns the content of `model.sig`, or undefined if the store does not sign manifests. */
export async function signManifest(session: Session, call: Call, stored: StoredManifest): Promise<string | undefined> {
  const { signingKeyArn } = call.settings;
  if (!signingKeyArn) {
    return undefined;
  }
  const payload = Buffer.from(JSON.stringify(statementOf(stored)), 'utf8');
  const hint = await keyHint(session, signingKeyArn);
  const { Signature } = await session.kms.send(new SignCommand({
    KeyId: signingKeyArn,
    SigningAlgorithm: 'ECDSA_SHA_256',
    // KMS accepts at most 4,096 bytes of a raw message; a statement with many files is longer.
    MessageType: 'DIGEST',
    Message: createHash('sha256').update(preAuthenticationEncoding(payload)).digest(),
  }));
  if (!Signature) {
    throw new Error('the Sign response of KMS has no signature');
  }
  return JSON.stringify({
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: Buffer.from(Signature).toString('base64'), keyid: '' }],
    },
  });
}
