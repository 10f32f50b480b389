import { isRemoved, removalText } from '../../contract/alias';
import { aliasKey, manifestKey } from '../../contract/keys';
import type { ReferenceResponse } from '../../contract/wire';
import { readAliasEntry } from '../aws/aliases';
import type { Call } from '../aws/call';
import { unknown, versionExists } from '../aws/versions';
import { StoreError } from '../common/errors';
import type { RouteResponse } from '../http/router';

/**
 * GET /models/{model}/references/{reference}. Publishing rejects names of aliases, and promoting rejects names of
 * versions, but concurrent calls can both succeed. The name is then ambiguous and rejected: preferring the version
 * would allow a caller who may only push to replace an alias.
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
  const [isVersion, entry] = await Promise.all([
    versionExists(session, call, reference), readAliasEntry(session, call, reference),
  ]);
  const removal = entry && isRemoved(entry) ? `: ${removalText(entry)}` : '';
  const alias = entry && !isRemoved(entry) ? entry : undefined;
  if (!isVersion && !alias) {
    throw await unknown(
      session, call, 'unknown_version',
      `the model "${model}" has neither a version nor an alias "${reference}"${removal}`,
    );
  }
  if (isVersion && alias) {
    throw new StoreError('name_taken', `"${reference}" is ambiguous: it is both a version and an alias of "${model}"; `
      + `the alias points to "${alias.version}", so use that version or another alias`);
  }
  const body: ReferenceResponse = alias
    ? { kind: 'alias', version: alias.version, alias }
    : { kind: 'version', version: reference };
  return { status: 200, body };
}
