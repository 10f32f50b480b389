import { requirePublishable } from './publishable';
import { requireStoredBlobs } from './stored-blobs';
import { isRemoved, removalText } from '../../contract/alias';
import { aliasKey, blobKey, manifestKey, signatureKey } from '../../contract/keys';
import { MAX_MANIFEST_BYTES } from '../../contract/limits';
import {
  contradictions, MANIFEST_SCHEMA_VERSION, manifestFiles, sameFiles, type FileEntry, type Manifest,
} from '../../contract/manifest';
import type { PublishRequest, PublishResponse } from '../../contract/wire';
import { aliasExists, readAliasEntry } from '../aws/aliases';
import type { Call } from '../aws/call';
import { writeObject } from '../aws/objects';
import type { Session } from '../aws/sessions';
import { signManifest } from '../aws/signature';
import {
  bundleOf, manifestBytes, readManifest, readSignature, sha256Hex, signatureMetadata, signatureOf, versionExists,
  versionResponse, type StoredManifest,
} from '../aws/versions';
import { StoreError } from '../common/errors';
import { answerBytes, MAX_ANSWER_BYTES, type RouteResponse } from '../http/router';
import { readBody } from '../http/validation';

async function openPublishSession(
  call: Call, version: string, files: readonly FileEntry[], base: string | undefined,
): Promise<Session> {
  const { model } = call.parameters;
  const bases = base === undefined ? [] : [manifestKey(model, base)];
  return call.openSession({
    model,
    blobs: {
      actions: ['s3:GetObject', 's3:PutObject', 's3:ListMultipartUploadParts'],
      keys: files.map(({ digest }) => blobKey(model, digest)),
    },
    versions: {
      actions: ['s3:GetObject', 's3:PutObject'],
      keys: [manifestKey(model, version), signatureKey(model, version), ...bases],
    },
    aliases: { actions: ['s3:GetObject'], keys: [aliasKey(model, version)] },
    bucket: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
    encryptionKey: ['kms:GenerateDataKey', 'kms:Decrypt'],
    signingKey: ['kms:Sign', 'kms:GetPublicKey'],
  });
}

function requireWithinResponseLimit(stored: StoredManifest, bytes: Uint8Array, signature: string | undefined): void {
  const response: PublishResponse = { ...versionResponse(stored, signature), created: true };
  if (bytes.length > MAX_MANIFEST_BYTES || answerBytes(response) > MAX_ANSWER_BYTES) {
    throw new StoreError('payload_too_large', 'the version has too many files, or too long paths and metadata', [{
      field: 'files',
      message: `the manifest has ${bytes.length} bytes; manifest and signature must fit into a response of 6 MB`,
    }]);
  }
}

/**
 * Lists the differences only for fields that the caller sent. A caller who may push may not be allowed to read, so
 * values and paths of the published version are not revealed.
 */
function otherContent({ manifest }: StoredManifest, wanted: PublishRequest): StoreError {
  const keys = Object.keys(wanted.metadata ?? {}).map((key) => `metadata.${key}`);
  const given = new Set([...wanted.files.map(({ path }) => path), ...keys, 'base']);
  const different = contradictions(manifest, wanted).filter(({ field }) => given.has(field));
  const what = sameFiles(manifest, wanted.files)
    ? 'the same files but different metadata or a different base' : 'different files';
  const name = `${manifest.model}@${manifest.version}`;
  return new StoreError(
    'version_exists', `"${name}" already exists with ${what}; versions never change, so choose another version name`,
    different.map(({ field }) => ({ field, message: 'differs from the published version' })),
  );
}

/**
 * The version already exists. Publishing identical content succeeds, and writes `model.sig` if an earlier publish was
 * interrupted before it did, from the signature that was committed with the manifest.
 *
 * Nothing is signed here. The manifest may have been written by a principal that bypassed the bucket policy, and a
 * caller who repeats its content does not vouch for it. The store signs only a manifest that it is about to commit.
 */
async function answerExisting(
  session: Session, call: Call, wanted: PublishRequest, existing: StoredManifest,
): Promise<RouteResponse> {
  if (contradictions(existing.manifest, wanted).length > 0) {
    throw otherContent(existing, wanted);
  }
  const { version } = call.parameters;
  const storedSignature = await readSignature(session, call, version);
  let signature = signatureOf(existing, storedSignature);
  if (signature === undefined && call.settings.signingKeyArn) {
    const name = `${existing.manifest.model}@${version}`;
    throw new StoreError('unsigned_version', `"${name}" exists without a signature, and the `
      + 'store does not sign what it did not publish; publish the files under another version name, and report this to '
      + 'the operators of the store if they did not turn on signing after this version was published');
  }
  if (signature !== undefined && storedSignature === undefined) {
    signature = await storeSignature(session, call, version, signature);
  }
  const body: PublishResponse = { ...versionResponse(existing, signature), created: false };
  return { status: 200, body };
}

/** A removed alias keeps its name: its history would become ambiguous, and it can be created again. */
async function nameOfAlias(session: Session, call: Call, version: string): Promise<StoreError> {
  const { model } = call.parameters;
  const entry = await readAliasEntry(session, call, version).catch((error: unknown) => {
    if (error instanceof StoreError && error.code === 'damaged_object') {
      return undefined;
    }
    throw error;
  });
  return new StoreError('name_taken', entry && isRemoved(entry)
    ? `"${version}" was an alias of "${model}": ${removalText(entry)}; its name stays reserved, so that its history `
      + 'and a version cannot be confused'
    : `"${version}" is an alias of "${model}"; a version and an alias cannot have the same name`);
}

async function storeSignature(
  session: Session, call: Call, version: string, signature: string,
): Promise<string | undefined> {
  const key = signatureKey(call.parameters.model, version);
  const written = await writeObject(
    session, call.settings.bucketName, key, Buffer.from(signature, 'utf8'), { absent: true },
  );
  // A concurrent publish of the same content has already written the signature.
  return written === undefined ? readSignature(session, call, version) : signature;
}

/** PUT /models/{model}/versions/{version}: checks everything, then commits the version by writing its manifest. */
export async function publish(call: Call): Promise<RouteResponse> {
  const wanted = readBody<PublishRequest>(call.route, call.rawBody);
  const { files, metadata = {}, base } = wanted;
  requirePublishable(wanted);
  const { model, version } = call.parameters;
  const { bucketName } = call.settings;
  const session = await openPublishSession(call, version, files, base);

  const manifest: Manifest = {
    schemaVersion: MANIFEST_SCHEMA_VERSION,
    model,
    version,
    createdAt: new Date().toISOString(),
    createdBy: call.caller.principal,
    files: manifestFiles(files),
    metadata,
    ...(base === undefined ? {} : { base }),
  };
  const [existing, nameTaken, baseExists] = await Promise.all([
    readManifest(session, call, version),
    aliasExists(session, call, version),
    base === undefined || versionExists(session, call, base),
  ]);
  if (existing) {
    return answerExisting(session, call, wanted, existing);
  }
  if (nameTaken) {
    throw await nameOfAlias(session, call, version);
  }
  if (!baseExists) {
    throw new StoreError('unknown_version', `the model "${model}" has no version "${base}"`, [
      { field: 'base', message: 'must be a published version' },
    ]);
  }
  await requireStoredBlobs(session, call, files);

  const bytes = manifestBytes(manifest);
  const unsigned: StoredManifest = { manifest, sha256: sha256Hex(bytes) };
  const stored: StoredManifest = { ...unsigned, committed: await signManifest(session, call, unsigned) };
  const signature = stored.committed && bundleOf(stored, stored.committed);
  requireWithinResponseLimit(stored, bytes, signature);

  // The signature is committed with the manifest, in the metadata of the same object. So a version is never visible
  // without it, and an interrupted publish is finished without signing a manifest that is already stored.
  const committed = await writeObject(
    session, bucketName, manifestKey(model, version), bytes, { absent: true },
    stored.committed && signatureMetadata(stored.committed),
  );
  if (committed === undefined) {
    const winner = await readManifest(session, call, version);
    if (!winner) {
      throw new StoreError('unavailable', 'another publish of this version is in progress; try again');
    }
    return answerExisting(session, call, wanted, winner);
  }
  const body: PublishResponse = {
    ...versionResponse(stored, signature && await storeSignature(session, call, version, signature)), created: true,
  };
  return { status: 201, body };
}
