import { requireExpected } from './expected-revision';
import { ALIAS_SCHEMA_VERSION, type AliasPointer, isRemoved } from '../../contract/alias';
import { aliasKey, manifestKey } from '../../contract/keys';
import { isName, NAME_RULE } from '../../contract/names';
import type { AliasResponse, MoveAliasRequest } from '../../contract/wire';
import { readAliasEntry, writeAlias } from '../aws/aliases';
import type { Call } from '../aws/call';
import { readManifest, unknown, versionExists } from '../aws/versions';
import { StoreError } from '../common/errors';
import type { RouteResponse } from '../http/router';
import { readBody } from '../http/validation';

/** PUT /models/{model}/aliases/{alias} */
export async function moveAlias(call: Call): Promise<RouteResponse> {
  const { version, ifRevision, reason } = readBody<MoveAliasRequest>(call.route, call.rawBody);
  const { model, alias } = call.parameters;
  if (!isName(version)) {
    throw new StoreError('invalid_name', 'invalid version name', [
      {
        field: 'version',
        message: `${JSON.stringify(version)} is not a valid name: a name ${NAME_RULE}, and contains no ".."`,
      },
    ]);
  }
  const session = await call.openSession({
    model,
    versions: { actions: ['s3:GetObject'], keys: [manifestKey(model, version), manifestKey(model, alias)] },
    aliases: { actions: ['s3:GetObject', 's3:PutObject'], keys: [aliasKey(model, alias)] },
    bucket: ['s3:ListBucket'],
    encryptionKey: ['kms:GenerateDataKey', 'kms:Decrypt'],
  });
  const [latest, published, nameTaken] = await Promise.all([
    readAliasEntry(session, call, alias),
    // Reads the manifest instead of only checking that it exists: an alias must point to a readable version.
    readManifest(session, call, version),
    versionExists(session, call, alias),
  ]);
  if (nameTaken) {
    throw new StoreError(
      'name_taken', `"${alias}" is a version of "${model}"; a version and an alias cannot have the same name`,
    );
  }
  if (!published) {
    throw await unknown(session, call, 'unknown_version', `the model "${model}" has no version "${version}"`);
  }
  requireExpected(alias, latest, ifRevision);
  const current = latest && !isRemoved(latest) ? latest : undefined;
  if (current?.version === version) {
    // The alias does not move, so the history gets no entry.
    return { status: 200, body: current };
  }

  const pointer: AliasPointer = {
    schemaVersion: ALIAS_SCHEMA_VERSION,
    model,
    alias,
    version,
    updatedAt: new Date().toISOString(),
    updatedBy: call.caller.principal,
    ...(reason === undefined ? {} : { reason }),
    ...(current ? { previousVersion: current.version } : {}),
  };
  const revision = await writeAlias(session, call, pointer, latest);
  const body: AliasResponse = { ...pointer, revision };
  return { status: 200, body };
}
