import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { MODELS_PREFIX } from '../../contract/keys';
import { isName, matchesModelPattern } from '../../contract/names';
import type { ModelsResponse } from '../../contract/wire';
import type { Call } from '../aws/call';
import { MAX_IN_FLIGHT } from '../aws/clients';
import type { Session } from '../aws/sessions';
import { modelExists } from '../aws/versions';
import { mapConcurrently } from '../common/concurrency';
import { isKey, pageSizeOf, pageTokenOf, positionOf } from '../http/paging';
import { permittedModels } from '../http/permissions';
import type { RouteResponse } from '../http/router';

interface Position {
  /** A key of the bucket: what comes behind it was not looked at yet. */
  readonly behind: string;
}

/** Patterns as disjoint ranges of keys, in S3's order: one that lies within another is left out. */
export function disjointPrefixes(patterns: readonly string[]): string[] {
  const covered = (pattern: string) => patterns.some((other) => other !== pattern && other.endsWith('*')
    && matchesModelPattern(pattern.replace(/\*$/, ''), other));
  const prefixes = patterns
    .filter((pattern) => !covered(pattern))
    .map((pattern) => `${MODELS_PREFIX}${pattern.endsWith('*') ? pattern.slice(0, -1) : `${pattern}/`}`);
  return [...new Set(prefixes)].sort();
}

interface Found {
  readonly models: readonly string[];
  /** Where to go on; nothing if this prefix has been listed to its end. */
  readonly behind?: string;
}

/** `0` is the character behind `/`: every key of the model comes before it, and every later model after. */
function behindAll(folder: string): string {
  return `${folder.slice(0, -1)}0`;
}

async function modelsUnder(session: Session, call: Call, prefix: string, behind: string | undefined, limit: number): Promise<Found> {
  if (prefix.endsWith('/') && prefix !== MODELS_PREFIX) {
    // A single model: below its own prefix there would be its folders.
    return behind === undefined || prefix > behind ? { models: [prefix.slice(MODELS_PREFIX.length, -1)] } : { models: [] };
  }
  const { CommonPrefixes = [], Contents = [], IsTruncated } = await session.s3.send(new ListObjectsV2Command({
    Bucket: call.settings.bucketName, Prefix: prefix, Delimiter: '/', MaxKeys: limit, StartAfter: behind,
  }));
  const folders = CommonPrefixes.map(({ Prefix = '' }) => Prefix);
  const last = [...folders.map(behindAll), ...Contents.map(({ Key = '' }) => Key)].sort().at(-1);
  return {
    models: folders.map((folder) => folder.slice(MODELS_PREFIX.length, -1)).filter(isName),
    behind: IsTruncated ? last : undefined,
  };
}

/** Few models left for a page must not mean few looked at in a listing: those behind may all be without a version. */
const LEAST_LISTED_AT_ONCE = 100;

/** Whoever may push can leave files in any number of models without a version; the next page goes on behind them. */
const MOST_LOOKED_AT = 2_000;

/** GET /models: those that the caller may read and that have a version, in S3's order. */
export async function listModels(call: Call): Promise<RouteResponse> {
  const pageSize = pageSizeOf(call);
  const position = positionOf<Position>(call, ({ behind }) => (
    typeof behind === 'string' && behind.startsWith(MODELS_PREFIX) && isKey(behind)));
  const prefixes = disjointPrefixes(permittedModels(call.caller, 'read', call.settings));
  const session = await call.openSession({ bucket: ['s3:ListBucket'] });

  const models: string[] = [];
  let behind = position?.behind;
  let more = true;
  let lookedAt = 0;
  for (let index = 0; index < prefixes.length && models.length < pageSize && lookedAt < MOST_LOOKED_AT;) {
    const room = pageSize - models.length;
    const limit = Math.max(room, LEAST_LISTED_AT_ONCE);
    const found = await modelsUnder(session, call, prefixes[index], behind, limit);
    const exist = await mapConcurrently(found.models, MAX_IN_FLIGHT, async (model) => modelExists(session, call, model));
    const published = found.models.filter((_model, place) => exist[place]);
    models.push(...published.slice(0, room));
    lookedAt += found.behind === undefined ? found.models.length : limit;
    if (published.length > room) {
      behind = behindAll(`${MODELS_PREFIX}${models.at(-1)}/`);
      break;
    }
    if (found.behind === undefined) {
      index++;
      more = index < prefixes.length;
    }
    behind = found.behind ?? (found.models.length > 0 ? behindAll(`${MODELS_PREFIX}${found.models.at(-1)}/`) : behind);
  }
  const body: ModelsResponse = {
    models,
    ...(more && prefixes.length > 0 && behind !== undefined ? { nextPageToken: pageTokenOf<Position>(call, { behind }) } : {}),
  };
  return { status: 200, body };
}
