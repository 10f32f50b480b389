import { aliasKey, manifestKey } from '../../contract/keys';
import type { ReferenceResponse } from '../../contract/wire';
import { readAlias } from '../aws/aliases';
import type { Call } from '../aws/call';
import { unknown, versionExists } from '../aws/versions';
import { StoreError } from '../common/errors';
import type { RouteResponse } from '../http/router';

/**
 * GET /models/{model}/references/{reference}. Publishing and promoting refuse each other's names, but two at the very same
 * moment can both win. Then the name means nothing: to pick one would let whoever may push stand in for an alias.
 */
export async function resolveReference(call: Call): Promise<RouteResponse> {
  const { model, reference } = call.parameters;
  const session = await call.openSession({
    model,
    versions: { actions: ['s3:GetObject'], keys: [manifestKey(model, reference)] },
    aliases: { actions: ['s3:GetObject'], keys: [aliasKey(model, reference)] },
    bucket: ['s3:ListBucket'],
    encryptionKey: ['kms:Decrypt'],
  });
  const [isVersion, alias] = await Promise.all([versionExists(session, call, reference), readAlias(session, call, reference)]);
  if (!isVersion && !alias) {
    throw await unknown(session, call, 'unknown_version', `the model "${model}" has neither a version nor an alias "${reference}"`);
  }
  if (isVersion && alias) {
    throw new StoreError('name_taken', `"${reference}" is both a version and an alias of "${model}", so it is ambiguous; `
      + `the alias points to "${alias.version}": name that version, or another alias`);
  }
  const body: ReferenceResponse = alias ? { kind: 'alias', version: alias.version, alias } : { kind: 'version', version: reference };
  return { status: 200, body };
}
