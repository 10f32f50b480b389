import type { ErrorDetail } from './errors';
import type { Manifest, ManifestFile } from './manifest';

/**
 * Signatures follow the OpenSSF Model Signing specification 1.0 (a Sigstore bundle with a DSSE envelope of an in-toto
 * statement), so that `model_signing verify key` verifies a pulled folder offline.
 * https://github.com/ossf/model-signing-spec, https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md
 */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'https://model_signing/signature/v1.0';

/** SHA-256 in lower-case hexadecimal; passed in, because this folder imports nothing. */
export type Sha256Hex = (bytes: Uint8Array) => string;

/** The content of `model.sig`. */
export interface SignatureBundle {
  readonly mediaType: string;
  readonly verificationMaterial: {
    readonly publicKey: {
      /** Which key signed: the SHA-256 of its public key's PEM text. */
      readonly hint: string;
    };
    readonly tlogEntries: readonly unknown[];
  };
  readonly dsseEnvelope: {
    /** The statement as JSON, base64. */
    readonly payload: string;
    readonly payloadType: string;
    readonly signatures: ReadonlyArray<{
      /** ECDSA over P-256 and SHA-256, in DER, base64. */
      readonly sig: string;
      readonly keyid: string;
    }>;
  };
}

/** What a signature is about: a manifest, and the SHA-256 of its stored bytes. */
export interface SignedManifest {
  readonly manifest: Manifest;
  readonly sha256: string;
}

const encoder = new TextEncoder();

/** The stored and hashed text of a manifest. Without whitespace, so that parsing and serializing yields it again. */
export function manifestText(manifest: Manifest): string {
  return JSON.stringify(manifest);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    if (a[index] !== b[index]) {
      return a[index] - b[index];
    }
  }
  return a.length - b.length;
}

/** Compares paths segment by segment, as the `model_signing` tool does. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    // The order of UTF-8 bytes is that of code points.
    const order = left[index] === right[index]
      ? 0 : compareBytes(encoder.encode(left[index]), encoder.encode(right[index]));
    if (order !== 0) {
      return order;
    }
  }
  return left.length - right.length;
}

function rootDigest(files: readonly ManifestFile[], sha256Hex: Sha256Hex): string {
  const digests = files.map(({ sha256 }) => sha256).join('');
  return sha256Hex(Uint8Array.from(digests.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
}

/**
 * The in-toto statement that is signed. The tool verifies the resources; the SHA-256 of the manifest extends the
 * signature to names, metadata and creation time.
 */
export function statementOf({ manifest, sha256 }: SignedManifest, sha256Hex: Sha256Hex) {
  const files = [...manifest.files].sort((a, b) => comparePaths(a.path, b.path));
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `${manifest.model}@${manifest.version}`, digest: { sha256: rootDigest(files, sha256Hex) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false },
      resources: files.map((file) => ({ name: file.path, algorithm: 'sha256', digest: file.sha256 })),
      manifest: { model: manifest.model, version: manifest.version, sha256 },
    },
  };
}

/** The bytes of the statement. */
export function payloadOf(signed: SignedManifest, sha256Hex: Sha256Hex): Uint8Array {
  return encoder.encode(JSON.stringify(statementOf(signed, sha256Hex)));
}

/** Pre-authentication encoding (PAE) of DSSE: the bytes that are signed. */
export function preAuthenticationEncoding(payload: Uint8Array): Uint8Array {
  const prefix = encoder.encode(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `);
  const encoded = new Uint8Array(prefix.length + payload.length);
  encoded.set(prefix);
  encoded.set(payload, prefix.length);
  return encoded;
}

/** A signature without its payload, which the manifest determines: small enough for the metadata of an object. */
export interface DetachedSignature {
  /** base64. */
  readonly signature: string;
  readonly keyFingerprint: string;
}

/** Builds `model.sig` from its parts. */
export function bundleText(
  payload: Uint8Array, { signature, keyFingerprint }: DetachedSignature, base64: (bytes: Uint8Array) => string,
): string {
  const bundle: SignatureBundle = {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: keyFingerprint }, tlogEntries: [] },
    dsseEnvelope: {
      payload: base64(payload), payloadType: PAYLOAD_TYPE, signatures: [{ sig: signature, keyid: '' }],
    },
  };
  return JSON.stringify(bundle);
}

/**
 * Compares a signed statement with the manifest that it should be about, and returns all differences. Properties that
 * later versions may add are ignored.
 */
export function statementProblems(found: unknown, signed: SignedManifest, sha256Hex: Sha256Hex): ErrorDetail[] {
  const expected = statementOf(signed, sha256Hex);
  const at = (value: unknown, name: string): unknown => (
    typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as { readonly [name: string]: unknown })[name] : undefined);
  const predicate = at(found, 'predicate');
  const problems: ErrorDetail[] = [];
  const compare = (field: string, value: unknown, wanted: unknown) => {
    if (value !== wanted) {
      const shown = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 200);
      problems.push({ field: `signature: ${field}`, message: `is ${shown}, not ${JSON.stringify(wanted)}` });
    }
  };
  compare('_type', at(found, '_type'), expected._type);
  compare('predicateType', at(found, 'predicateType'), expected.predicateType);

  const subjects = at(found, 'subject');
  const [subject] = expected.subject;
  compare('number of subjects', Array.isArray(subjects) ? subjects.length : undefined, 1);
  const only: unknown = Array.isArray(subjects) ? subjects[0] : undefined;
  compare('subject', at(only, 'name'), subject.name);
  compare('subject digest', at(at(only, 'digest'), 'sha256'), subject.digest.sha256);

  for (const [name, value] of Object.entries(expected.predicate.serialization)) {
    compare(`serialization.${name}`, at(at(predicate, 'serialization'), name), value);
  }
  for (const [name, value] of Object.entries(expected.predicate.manifest)) {
    compare(`manifest.${name}`, at(at(predicate, 'manifest'), name), value);
  }

  const resources = at(predicate, 'resources');
  const listed: readonly unknown[] = Array.isArray(resources) ? resources : [];
  compare('number of files', listed.length, expected.predicate.resources.length);
  expected.predicate.resources.forEach(({ name, algorithm, digest }, index) => {
    compare(`file ${index + 1}`, at(listed[index], 'name'), name);
    compare(`algorithm of ${JSON.stringify(name)}`, at(listed[index], 'algorithm'), algorithm);
    compare(`SHA-256 of ${JSON.stringify(name)}`, at(listed[index], 'digest'), digest);
  });
  return problems;
}
