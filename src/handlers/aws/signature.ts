import { createHash, createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import type { Call } from './call';
import type { Session } from './sessions';
import type { StoredManifest } from './versions';
import type { ManifestFile } from '../../contract/manifest';

/**
 * The signature in the form of the OpenSSF Model Signing specification 1.0, so that `model_signing verify key` checks a
 * pulled folder offline: a Sigstore bundle around a DSSE envelope around an in-toto statement.
 * https://github.com/ossf/model-signing-spec, https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md
 */
const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'https://model_signing/signature/v1.0';

function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** Folder by folder, as the specification's own tool sorts. */
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

/** What is signed. The tool reads the resources; the manifest's own hash ties names, metadata and time to the signature too. */
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

/** DSSE's pre-authentication encoding: what the signature is over. */
export function preAuthenticationEncoding(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `, 'utf8'), payload]);
}

const keyHints = new Map<string, string>();

/** The tool finds the key by the hash of its PEM text. A public key never changes, so a warm function asks once. */
async function keyHint(session: Session, keyArn: string): Promise<string> {
  let hint = keyHints.get(keyArn);
  if (hint === undefined) {
    const { PublicKey } = await session.kms.send(new GetPublicKeyCommand({ KeyId: keyArn }));
    if (!PublicKey) {
      throw new Error('KMS answered GetPublicKey without a key');
    }
    const pem = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }).export({ format: 'pem', type: 'spki' });
    hint = createHash('sha256').update(pem).digest('hex');
    keyHints.set(keyArn, hint);
  }
  return hint;
}

/** The text of `model.sig`; nothing if the store does not sign. */
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
    // KMS takes no more than 4,096 bytes; a statement of many files is longer.
    MessageType: 'DIGEST',
    Message: createHash('sha256').update(preAuthenticationEncoding(payload)).digest(),
  }));
  if (!Signature) {
    throw new Error('KMS answered Sign without a signature');
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
