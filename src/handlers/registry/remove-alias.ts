import { requireExpected } from './expected-revision';
import { unknownAlias } from './unknown-alias';
import { ALIAS_SCHEMA_VERSION, isRemoved, type RemovedAlias } from '../../contract/alias';
import { aliasKey } from '../../contract/keys';
import type { RemoveAliasRequest, RemovedAliasResponse } from '../../contract/wire';
import { readAliasEntry, writeAlias } from '../aws/aliases';
import type { Call } from '../aws/call';
import type { RouteResponse } from '../http/router';
import { readBody } from '../http/validation';

/**
 * POST /models/{model}/aliases/{alias}/removal: writes a removal in place of the pointer. Deleting the object would
 * leave no record of who removed the alias and why, and would need permission to delete.
 */
export async function removeAlias(call: Call): Promise<RouteResponse> {
  const { ifRevision, reason } = readBody<RemoveAliasRequest>(call.route, call.rawBody);
  const { model, alias } = call.parameters;
  const session = await call.openSession({
    model,
    aliases: { actions: ['s3:GetObject', 's3:PutObject'], keys: [aliasKey(model, alias)] },
    bucket: ['s3:ListBucket'],
    encryptionKey: ['kms:GenerateDataKey', 'kms:Decrypt'],
  });
  const current = await readAliasEntry(session, call, alias);
  if (!current || isRemoved(current)) {
    throw await unknownAlias(session, call, current);
  }
  requireExpected(alias, current, ifRevision);

  const removal: RemovedAlias = {
    schemaVersion: ALIAS_SCHEMA_VERSION,
    model,
    alias,
    removed: true,
    updatedAt: new Date().toISOString(),
    updatedBy: call.caller.principal,
    ...(reason === undefined ? {} : { reason }),
    previousVersion: current.version,
  };
  const revision = await writeAlias(session, call, removal, current);
  const body: RemovedAliasResponse = { ...removal, revision };
  return { status: 200, body };
}
