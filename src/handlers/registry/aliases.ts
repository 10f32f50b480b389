import { ListObjectsV2Command, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { unknownAlias } from './unknown-alias';
import { isRemoved } from '../../contract/alias';
import { aliasesPrefix, aliasKey } from '../../contract/keys';
import { isName } from '../../contract/names';
import type {
  AliasesResponse, AliasHistoryEntry, AliasHistoryResponse, AliasResponse,
} from '../../contract/wire';
import { readAlias, readAliasEntry } from '../aws/aliases';
import type { Call } from '../aws/call';
import { MAX_IN_FLIGHT } from '../aws/clients';
import type { Session } from '../aws/sessions';
import { modelExists } from '../aws/versions';
import { mapConcurrently } from '../common/concurrency';
import { isInvalidArgument, StoreError } from '../common/errors';
import { invalidPageToken, pageSizeOf, pageTokenOf, positionOf } from '../http/paging';
import type { RouteResponse } from '../http/router';

const SUFFIX = '.json';

/** GET /models/{model}/aliases/{alias} */
export async function showAlias(call: Call): Promise<RouteResponse> {
  const { model, alias } = call.parameters;
  const session = await call.openSession({
    model,
    aliases: { actions: ['s3:GetObject'], keys: [aliasKey(model, alias)] },
    bucket: ['s3:ListBucket'],
    encryptionKey: ['kms:Decrypt'],
  });
  const found = await readAliasEntry(session, call, alias);
  if (!found || isRemoved(found)) {
    throw await unknownAlias(session, call, found);
  }
  return { status: 200, body: found };
}

interface Position {
  /** Last alias of the previous page. */
  readonly after: string;
}

/** GET /models/{model}/aliases */
export async function listAliases(call: Call): Promise<RouteResponse> {
  const { model } = call.parameters;
  const pageSize = pageSizeOf(call);
  const position = positionOf<Position>(call, ({ after }) => typeof after === 'string' && isName(after));
  const session = await call.openSession({
    model,
    aliases: { actions: ['s3:GetObject'], keys: 'all' },
    bucket: ['s3:ListBucket'],
    encryptionKey: ['kms:Decrypt'],
  });
  const prefix = aliasesPrefix(model);
  const { Contents = [], IsTruncated } = await session.s3.send(new ListObjectsV2Command({
    Bucket: call.settings.bucketName, Prefix: prefix, MaxKeys: pageSize,
    StartAfter: position && aliasKey(model, position.after),
  }));
  const names = Contents
    .map(({ Key = '' }) => Key)
    .filter((key) => key.endsWith(SUFFIX))
    .map((key) => key.slice(prefix.length, -SUFFIX.length))
    .filter(isName);
  if (names.length === 0 && !position && !(await modelExists(session, call, model))) {
    throw new StoreError('unknown_model', `the model "${model}" does not exist`);
  }
  const read = await mapConcurrently(names, MAX_IN_FLIGHT, async (name) => readAlias(session, call, name));
  const last = names.at(-1);
  const body: AliasesResponse = {
    aliases: read.filter((alias): alias is AliasResponse => alias !== undefined),
    ...(IsTruncated && last ? { nextPageToken: pageTokenOf<Position>(call, { after: last }) } : {}),
  };
  return { status: 200, body };
}

interface HistoryPosition {
  /** Last S3 version of the previous page. */
  readonly versionId: string;
}

interface HistoryPage {
  readonly versionIds: readonly string[];
  readonly next?: HistoryPosition;
}

async function historyPage(
  session: Session, call: Call, key: string, position: HistoryPosition | undefined, limit: number,
): Promise<HistoryPage> {
  const listed = session.s3.send(new ListObjectVersionsCommand({
    Bucket: call.settings.bucketName,
    Prefix: key,
    MaxKeys: limit,
    ...(position ? { KeyMarker: key, VersionIdMarker: position.versionId } : {}),
  }));
  const page = await listed.catch((error: unknown) => {
    // Only S3 can validate a version ID; an invalid one in a page token is an error of the caller, not of the store.
    throw position && isInvalidArgument(error) ? invalidPageToken() : error;
  });
  const { Versions = [], DeleteMarkers = [], IsTruncated, NextVersionIdMarker } = page;
  const versionIds = Versions.flatMap(({ Key, VersionId }) => (Key === key && VersionId ? [VersionId] : []));
  // Keys of other aliases can begin with this key and are listed after it: `a.json.json` after `a.json`. The listed
  // keys show where they begin. The key marker does not, because some S3-compatible servers add other data to it.
  const isOnlyThisKey = [...Versions, ...DeleteMarkers].every(({ Key }) => Key === key);
  const hasMore = IsTruncated && isOnlyThisKey && NextVersionIdMarker;
  return { versionIds, ...(hasMore ? { next: { versionId: NextVersionIdMarker } } : {}) };
}

/** GET /models/{model}/aliases/{alias}/history: the S3 versions of the alias, newest first. */
export async function aliasHistory(call: Call): Promise<RouteResponse> {
  const { model, alias } = call.parameters;
  const pageSize = pageSizeOf(call);
  const position = positionOf<HistoryPosition>(
    call, ({ versionId }) => typeof versionId === 'string' && versionId !== '',
  );
  const key = aliasKey(model, alias);
  const session = await call.openSession({
    model,
    aliases: { actions: ['s3:GetObject', 's3:GetObjectVersion'], keys: [key] },
    bucket: ['s3:ListBucket', 's3:ListBucketVersions'],
    encryptionKey: ['kms:Decrypt'],
  });
  const { versionIds, next } = await historyPage(session, call, key, position, pageSize);
  if (versionIds.length === 0 && !position) {
    throw await unknownAlias(session, call, undefined);
  }
  const read = await mapConcurrently(
    versionIds, MAX_IN_FLIGHT, async (versionId) => readAliasEntry(session, call, alias, versionId),
  );
  const body: AliasHistoryResponse = {
    // An S3 version that no longer exists was removed by the lifecycle rules of the bucket.
    history: read.filter((entry): entry is AliasHistoryEntry => entry !== undefined),
    ...(next ? { nextPageToken: pageTokenOf<HistoryPosition>(call, next) } : {}),
  };
  return { status: 200, body };
}
