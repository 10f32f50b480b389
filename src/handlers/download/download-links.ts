import { blobKey, manifestKey } from '../../contract/keys';
import type { ManifestFile } from '../../contract/manifest';
import type { DownloadLinksRequest, DownloadLinksResponse } from '../../contract/wire';
import type { Call } from '../aws/call';
import { linkTerms, readLink } from '../aws/links';
import { requireManifest } from '../aws/versions';
import { mapConcurrently } from '../common/concurrency';
import { StoreError } from '../common/errors';
import type { RouteResponse } from '../http/router';
import { readBody } from '../http/validation';

const SIGNATURES_AT_ONCE = 16;

async function filesOfVersion(call: Call): Promise<ReadonlyMap<string, ManifestFile>> {
  const { model, version } = call.parameters;
  const session = await call.openSession({
    model,
    versions: { actions: ['s3:GetObject'], keys: [manifestKey(model, version)] },
    bucket: ['s3:ListBucket'],
    encryptionKey: ['kms:Decrypt'],
  });
  const { manifest } = await requireManifest(session, call, version);
  return new Map(manifest.files.map((file) => [file.path, file]));
}

/**
 * POST /models/{model}/versions/{version}/links: a page of presigned URLs. Paths are resolved with the manifest only,
 * so URLs can only point to files of a published version. The session that signs them can read only these files.
 */
export async function downloadLinks(call: Call): Promise<RouteResponse> {
  const { paths } = readBody<DownloadLinksRequest>(call.route, call.rawBody);
  const { model, version } = call.parameters;
  const files = await filesOfVersion(call);

  const unknownPaths = paths.flatMap((path, index) => (files.has(path) ? [] : [{ field: `paths[${index}]`, path }]));
  if (unknownPaths.length > 0) {
    const noun = unknownPaths.length === 1 ? 'file' : 'files';
    const details = unknownPaths.map(({ field, path }) => (
      { field, message: `${JSON.stringify(path)} is not a file of this version; see its manifest` }
    ));
    throw new StoreError('unknown_file', `"${model}@${version}" has no such ${noun}`, details);
  }
  const wanted = paths.map((path) => ({ path, key: blobKey(model, files.get(path)!.digest) }));
  const session = await call.openSession({
    model,
    blobs: { actions: ['s3:GetObject'], keys: wanted.map(({ key }) => key) },
    encryptionKey: ['kms:Decrypt'],
  });
  const terms = linkTerms(session, call);
  const body: DownloadLinksResponse = {
    links: await mapConcurrently(wanted, SIGNATURES_AT_ONCE, async ({ path, key }) => (
      readLink(session, terms, call.settings.bucketName, key, path)
    )),
  };
  return { status: 200, body };
}
