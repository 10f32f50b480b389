import { createHash, verify } from 'node:crypto';
import { type PublicKey, shortFingerprint } from './public-key';
import type { ErrorDetail } from '../../../src/contract/errors';
import type { Manifest } from '../../../src/contract/manifest';
import {
  manifestText, PAYLOAD_TYPE, preAuthenticationEncoding, statementProblems,
} from '../../../src/contract/signature';
import { EXIT, Failure } from '../runtime/failure';

/** A version as the store, or the record of a pull, gives it: untrusted. */
export interface GivenVersion {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  /** The content of `model.sig`. */
  readonly signature?: string;
}

/** Which signatures to accept. */
export interface SignatureTrust {
  /** Accepted keys; none if the store is known not to sign. */
  readonly keys: readonly PublicKey[];
  readonly allowUnsigned: boolean;
  /** Where the keys come from, for errors: "--key", "the keys remembered for this store". */
  readonly source: string;
  /** How to accept other keys after checking them. */
  readonly howToAccept: string;
}

/** What is known about the signature of a version after the check. */
export type SignatureState =
  | { readonly state: 'verified'; readonly keyFingerprint: string }
  | { readonly state: 'unsigned' }
  | { readonly state: 'not-checked'; readonly reason: string };

const sha256Hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * Checks that a manifest is the signed one: its SHA-256 over the bytes that the store has, and a signature by an
 * accepted key over exactly this model, this version, this manifest and these files. Throws unless all of it holds, or
 * the version is unsigned and that is accepted. An invalid signature is never accepted.
 */
export function checkSignature(version: GivenVersion, trust: SignatureTrust): SignatureState {
  requireManifestHash(version);
  const name = `${version.manifest.model}@${version.manifest.version}`;
  if (version.signature === undefined) {
    if (trust.keys.length === 0 || trust.allowUnsigned) {
      return { state: 'unsigned' };
    }
    throw new Failure(`${name} is not signed, but the store signs what it publishes`, {
      code: 'unsigned_version',
      exitCode: EXIT.VERIFICATION,
      hint: 'It was published before signing was turned on, or was written to the bucket directly. Ask the operators '
        + 'of the store. To accept it without a signature, use --allow-unsigned.',
    });
  }
  if (trust.keys.length === 0) {
    throw new Failure(`${name} is signed, but this store did not sign when it was last trusted`, {
      code: 'unknown_signing_key', exitCode: EXIT.VERIFICATION, hint: trust.howToAccept,
    });
  }
  return { state: 'verified', keyFingerprint: verifiedBy(version.signature, version, trust, name).fingerprint };
}

/** Without a key, only the hash of the manifest can be checked. */
export function uncheckedSignature(version: GivenVersion, reason: string): SignatureState {
  requireManifestHash(version);
  return { state: 'not-checked', reason };
}

/** Recomputes the hash: the store serializes manifests in one way, so the parsed manifest yields the stored bytes. */
function requireManifestHash({ manifest, manifestSha256 }: GivenVersion): void {
  const actual = sha256Hex(Buffer.from(manifestText(manifest), 'utf8'));
  if (actual !== manifestSha256) {
    const name = `${manifest.model}@${manifest.version}`;
    throw new Failure(`the manifest of ${name} does not have the stated SHA-256`, {
      code: 'wrong_manifest',
      exitCode: EXIT.VERIFICATION,
      details: [{ field: 'manifest', message: `its SHA-256 is ${actual}, stated is ${String(manifestSha256)}` }],
      hint: 'The manifest was changed after it was published. Report this to the operators of the store.',
    });
  }
}

function verifiedBy(text: string, version: GivenVersion, trust: SignatureTrust, name: string): PublicKey {
  const envelope = parseBundle(text);
  if ('problem' in envelope) {
    throw invalid(name, [{ field: 'signature', message: envelope.problem }]);
  }
  const { payload, signature, hint } = envelope;
  const signed = preAuthenticationEncoding(payload);
  const key = trust.keys.find((each) => verify('sha256', signed, { key: each.key, dsaEncoding: 'der' }, signature));
  if (key === undefined) {
    throw trust.keys.some(({ fingerprint }) => fingerprint === hint)
      ? invalid(name, [{ field: 'signature', message: `was not made by the key ${hint}, which it names` }])
      : otherKey(name, hint, trust);
  }
  const problems = statementProblems(
    parseJson(Buffer.from(payload).toString('utf8')),
    { manifest: version.manifest, sha256: version.manifestSha256 }, sha256Hex,
  );
  if (problems.length > 0) {
    throw invalid(name, problems);
  }
  return key;
}

interface Envelope {
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** Not authenticated; only for errors. */
  readonly hint?: string;
}

function parseBundle(text: string): Envelope | { readonly problem: string } {
  const bundle = parseJson(text) as {
    readonly verificationMaterial?: { readonly publicKey?: { readonly hint?: unknown } };
    readonly dsseEnvelope?: {
      readonly payload?: unknown; readonly payloadType?: unknown; readonly signatures?: unknown;
    };
  } | undefined | null;
  const envelope = bundle?.dsseEnvelope;
  if (typeof envelope !== 'object' || envelope === null) {
    return { problem: 'is not a Sigstore bundle with a DSSE envelope' };
  }
  if (envelope.payloadType !== PAYLOAD_TYPE) {
    return { problem: `has the payload type ${JSON.stringify(envelope.payloadType)}, not ${PAYLOAD_TYPE}` };
  }
  const signatures: unknown = envelope.signatures;
  const only = Array.isArray(signatures) && signatures.length === 1
    ? (signatures[0] as { readonly sig?: unknown } | null)?.sig : undefined;
  const [payload, signature] = [fromBase64(envelope.payload), fromBase64(only)];
  if (payload === undefined || signature === undefined) {
    return { problem: 'must have a payload and exactly one signature, both in base64' };
  }
  const hint = bundle?.verificationMaterial?.publicKey?.hint;
  return { payload, signature, ...(typeof hint === 'string' && /^[0-9a-f]{64}$/.test(hint) && { hint }) };
}

function fromBase64(text: unknown): Buffer | undefined {
  if (typeof text !== 'string' || text === '') {
    return undefined;
  }
  const bytes = Buffer.from(text, 'base64');
  // Node ignores what is not base64.
  return bytes.toString('base64') === text ? bytes : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(name: string, problems: readonly ErrorDetail[]): Failure {
  return new Failure(`the signature of ${name} is not valid for this version`, {
    code: 'bad_signature',
    exitCode: EXIT.VERIFICATION,
    details: problems.slice(0, 20),
    hint: 'The version was changed after it was published, or another version was put in its place. Report this to the '
      + 'operators of the store.',
  });
}

function otherKey(name: string, hint: string | undefined, { keys, source, howToAccept }: SignatureTrust): Failure {
  const by = hint === undefined ? 'an unnamed key' : `key ${shortFingerprint(hint)}`;
  return new Failure(`${name} is signed with ${by}, which is not one of ${source}`, {
    code: 'unknown_signing_key',
    exitCode: EXIT.VERIFICATION,
    details: [
      ...hint === undefined ? [] : [{ field: 'signed with', message: hint }],
      ...keys.map(({ fingerprint }) => ({ field: 'accepted', message: fingerprint })),
    ],
    hint: howToAccept,
  });
}

/** For the end of a summary: exactly what was checked. */
export function signatureSummary(signature: SignatureState): string {
  switch (signature.state) {
    case 'verified': return `signature verified (key ${shortFingerprint(signature.keyFingerprint)})`;
    case 'unsigned': return 'not signed';
    case 'not-checked': return `signature not checked: ${signature.reason}`;
  }
}
