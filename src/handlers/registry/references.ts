import { aliasKey, manifestKey } from '../../contract/keys';
import type { ReferenceResponse } from '../../contract/wire';
import { readAlias } from '../shared/aliases';
import type { Answer, Call } from '../shared/router';
import { unknown, versionExists } from '../shared/versions';

/** GET /models/{model}/references/{reference}. Should a version and an alias ever share a name, the version is meant: it cannot change. */
export async function resolveReference(call: Call): Promise<Answer> {
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
  const body: ReferenceResponse = isVersion || !alias
    ? { kind: 'version', version: reference }
    : { kind: 'alias', version: alias.version, alias };
  return { status: 200, body };
}
