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
  /** Object key after which the next page begins. */
  readonly after: string;
}

/** Converts patterns to disjoint key prefixes in the order of S3; patterns covered by another one are removed. */
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
  /** Object key after which the listing continues; absent if the prefix was listed completely. */
  readonly after?: string;
}

/** `0` follows `/` in ASCII, so the result sorts after every key in the folder and before every later model. */
function afterFolder(folder: string): string {
  return `${folder.slice(0, -1)}0`;
}

async function modelsUnder(
  session: Session, call: Call, prefix: string, after: string | undefined, limit: number,
): Promise<Found> {
  if (prefix.endsWith('/') && prefix !== MODELS_PREFIX) {
    // The prefix of a single model. Listing it would return the folders of the model.
    return after === undefined || prefix > after
      ? { models: [prefix.slice(MODELS_PREFIX.length, -1)] }
      : { models: [] };
  }
  const { CommonPrefixes = [], Contents = [], IsTruncated } = await session.s3.send(new ListObjectsV2Command({
    Bucket: call.settings.bucketName, Prefix: prefix, Delimiter: '/', MaxKeys: limit, StartAfter: after,
  }));
  const folders = CommonPrefixes.map(({ Prefix = '' }) => Prefix);
  const last = [...folders.map(afterFolder), ...Contents.map(({ Key = '' }) => Key)].sort().at(-1);
  return {
    models: folders.map((folder) => folder.slice(MODELS_PREFIX.length, -1)).filter(isName),
    after: IsTruncated ? last : undefined,
  };
}

/**
 * Minimum number of models per S3 listing, even if the page needs fewer: many of them may have no published version.
 */
const MIN_LISTING_SIZE = 100;

/**
 * Maximum number of models examined per page. Callers who may push can create any number of models without a published
 * version; the next page continues after those that were examined.
 */
const MAX_MODELS_EXAMINED = 2_000;

/** GET /models: models with a published version that the caller may read, in the order of S3. */
export async function listModels(call: Call): Promise<RouteResponse> {
  const pageSize = pageSizeOf(call);
  const position = positionOf<Position>(call, ({ after }) => (
    typeof after === 'string' && after.startsWith(MODELS_PREFIX) && isKey(after)));
  const prefixes = disjointPrefixes(permittedModels(call.caller, 'read', call.settings));
  const session = await call.openSession({ bucket: ['s3:ListBucket'] });

  const models: string[] = [];
  let after = position?.after;
  let more = true;
  let examined = 0;
  for (let index = 0; index < prefixes.length && models.length < pageSize && examined < MAX_MODELS_EXAMINED;) {
    const room = pageSize - models.length;
    const limit = Math.max(room, MIN_LISTING_SIZE);
    const found = await modelsUnder(session, call, prefixes[index], after, limit);
    const exist = await mapConcurrently(
      found.models, MAX_IN_FLIGHT, async (model) => modelExists(session, call, model),
    );
    const published = found.models.filter((_model, place) => exist[place]);
    models.push(...published.slice(0, room));
    examined += found.after === undefined ? found.models.length : limit;
    if (published.length > room) {
      after = afterFolder(`${MODELS_PREFIX}${models.at(-1)}/`);
      break;
    }
    if (found.after === undefined) {
      index++;
      more = index < prefixes.length;
    }
    after = found.after ?? (found.models.length > 0 ? afterFolder(`${MODELS_PREFIX}${found.models.at(-1)}/`) : after);
  }
  const body: ModelsResponse = {
    models,
    ...(more && prefixes.length > 0 && after !== undefined ? {
      nextPageToken: pageTokenOf<Position>(call, { after }),
    } : {}),
  };
  return { status: 200, body };
}
