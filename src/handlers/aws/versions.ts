import { createHash } from 'node:crypto';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Call } from './call';
import { objectExists, readObject, type WriteMetadata } from './objects';
import type { Session } from './sessions';
import { manifestKey, signatureKey, versionsPrefix } from '../../contract/keys';
import { type Manifest, manifestProblems } from '../../contract/manifest';
import { bundleText, type DetachedSignature, manifestText, payloadOf } from '../../contract/signature';
import type { VersionResponse } from '../../contract/wire';
import { damagedObject, parseStored, StoreError } from '../common/errors';

export interface StoredManifest {
  readonly manifest: Manifest;
  readonly sha256: string;
  /** The signature that was committed with the manifest, in the metadata of the same object. */
  readonly committed?: DetachedSignature;
}

/** Names in the metadata of a manifest's object. */
const SIGNATURE = 'signature';
const KEY_FINGERPRINT = 'signing-key';

export function signatureMetadata({ signature, keyFingerprint }: DetachedSignature): WriteMetadata {
  return { [SIGNATURE]: signature, [KEY_FINGERPRINT]: keyFingerprint };
}

function committedSignature(metadata: WriteMetadata): DetachedSignature | undefined {
  const { [SIGNATURE]: signature, [KEY_FINGERPRINT]: keyFingerprint } = metadata;
  return signature === undefined || keyFingerprint === undefined ? undefined : { signature, keyFingerprint };
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes that are stored and hashed. */
export function manifestBytes(manifest: Manifest): Uint8Array {
  return Buffer.from(manifestText(manifest), 'utf8');
}

/** The content of `model.sig`. */
export function bundleOf(stored: StoredManifest, signature: DetachedSignature): string {
  return bundleText(payloadOf(stored, sha256Hex), signature, (bytes) => Buffer.from(bytes).toString('base64'));
}

export async function readManifest(session: Session, call: Call, version: string): Promise<StoredManifest | undefined> {
  const { model } = call.parameters;
  const stored = await readObject(session, call.settings.bucketName, manifestKey(model, version));
  if (stored === undefined) {
    return undefined;
  }
  const manifest = parseStored(stored.bytes);
  const problems = manifestProblems(manifest, model, version);
  if (problems.length > 0) {
    throw damagedObject(`the manifest of "${model}@${version}"`, problems);
  }
  return {
    manifest: manifest as Manifest, sha256: sha256Hex(stored.bytes), committed: committedSignature(stored.metadata),
  };
}

/** The stored `model.sig`. */
export async function readSignature(session: Session, call: Call, version: string): Promise<string | undefined> {
  const stored = await readObject(session, call.settings.bucketName, signatureKey(call.parameters.model, version));
  return stored && Buffer.from(stored.bytes).toString('utf8');
}

/**
 * The signature of a version: its `model.sig` or, if the publish was interrupted before it wrote that file, the
 * signature that was committed with the manifest. Not verified here: clients verify it with the keys that they trust.
 */
export function signatureOf(stored: StoredManifest, storedSignature: string | undefined): string | undefined {
  return storedSignature ?? (stored.committed && bundleOf(stored, stored.committed));
}

export async function versionExists(session: Session, call: Call, version: string): Promise<boolean> {
  return objectExists(session, call.settings.bucketName, manifestKey(call.parameters.model, version));
}

export async function modelExists(session: Session, call: Call, model: string): Promise<boolean> {
  const { Contents } = await session.s3.send(new ListObjectsV2Command({
    Bucket: call.settings.bucketName, Prefix: versionsPrefix(model), MaxKeys: 1,
  }));
  return (Contents ?? []).length > 0;
}

/** Returns `unknown_model` if the model has no published version, and otherwise the given error. */
export async function unknown(
  session: Session, call: Call, code: 'unknown_version' | 'unknown_alias', message: string,
): Promise<StoreError> {
  const { model } = call.parameters;
  return await modelExists(session, call, model)
    ? new StoreError(code, message)
    : new StoreError('unknown_model', `the model "${model}" does not exist`);
}

export async function requireManifest(session: Session, call: Call, version: string): Promise<StoredManifest> {
  const stored = await readManifest(session, call, version);
  if (!stored) {
    throw await unknown(
      session, call, 'unknown_version', `the model "${call.parameters.model}" has no version "${version}"`,
    );
  }
  return stored;
}

export function versionResponse({ manifest, sha256 }: StoredManifest, signature: string | undefined): VersionResponse {
  return { manifest, manifestSha256: sha256, ...(signature === undefined ? {} : { signature }) };
}
