import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { manifestKey, signatureKey, versionsPrefix } from '../../contract/keys';
import { isName } from '../../contract/names';
import type { VersionsResponse, VersionSummary } from '../../contract/wire';
import type { Call } from '../aws/call';
import { readSignature, requireManifest, signatureOf, versionResponse } from '../aws/versions';
import { StoreError } from '../common/errors';
import { pageSizeOf, pageTokenOf, positionOf } from '../http/paging';
import type { RouteResponse } from '../http/router';

interface Position {
  /** Last version of the previous page. */
  readonly after: string;
}

/** A version has a manifest and a signature. */
const KEYS_PER_VERSION = 2;
const MAX_KEYS_PER_LISTING = 1_000;

/** GET /models/{model}/versions: lists the versions that have a manifest. */
export async function listVersions(call: Call): Promise<RouteResponse> {
  const { model } = call.parameters;
  const pageSize = pageSizeOf(call);
  const position = positionOf<Position>(call, ({ after }) => typeof after === 'string' && isName(after));
  const session = await call.openSession({ model, bucket: ['s3:ListBucket'] });

  const prefix = versionsPrefix(model);
  const versions: VersionSummary[] = [];
  let startAfter = position && manifestKey(model, position.after);
  let more = true;
  while (more && versions.length <= pageSize) {
    const { Contents = [], IsTruncated } = await session.s3.send(new ListObjectsV2Command({
      Bucket: call.settings.bucketName,
      Prefix: prefix,
      StartAfter: startAfter,
      MaxKeys: Math.min(MAX_KEYS_PER_LISTING, (pageSize + 1 - versions.length) * KEYS_PER_VERSION),
    }));
    for (const { Key = '', LastModified } of Contents) {
      const version = Key.slice(prefix.length).split('/')[0];
      if (Key === manifestKey(model, version) && LastModified) {
        versions.push({ version, publishedAt: LastModified.toISOString() });
      }
    }
    startAfter = Contents.at(-1)?.Key;
    more = IsTruncated === true && startAfter !== undefined;
  }
  if (versions.length === 0 && !position) {
    throw new StoreError('unknown_model', `the model "${model}" does not exist`);
  }
  const page = versions.slice(0, pageSize);
  const last = page.at(-1);
  const body: VersionsResponse = {
    versions: page,
    ...(
      versions.length > pageSize && last ? { nextPageToken: pageTokenOf<Position>(call, { after: last.version }) } : {}
    ),
  };
  return { status: 200, body };
}

/** GET /models/{model}/versions/{version} */
export async function showVersion(call: Call): Promise<RouteResponse> {
  const { model, version } = call.parameters;
  const session = await call.openSession({
    model,
    versions: { actions: ['s3:GetObject'], keys: [manifestKey(model, version), signatureKey(model, version)] },
    bucket: ['s3:ListBucket'],
    encryptionKey: ['kms:Decrypt'],
  });
  const [stored, storedSignature] = await Promise.all([
    requireManifest(session, call, version), readSignature(session, call, version),
  ]);
  return { status: 200, body: versionResponse(stored, signatureOf(stored, storedSignature)) };
}
