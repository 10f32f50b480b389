import { randomUUID } from 'node:crypto';
import { ALIAS_SCHEMA_VERSION, type AliasPointer } from '../../contract/alias';
import { aliasKey, manifestKey } from '../../contract/keys';
import { isName, NAME_RULE } from '../../contract/names';
import type { AliasResponse, MoveAliasRequest } from '../../contract/wire';
import { aliasBytes, readAlias } from '../aws/aliases';
import type { Call } from '../aws/call';
import { etagOfWrite, writeIdMetadata, writeObject } from '../aws/objects';
import { readManifest, unknown, versionExists } from '../aws/versions';
import { StoreError } from '../common/errors';
import type { RouteResponse } from '../http/router';
import { readBody } from '../http/validation';

/**
 * | `ifRevision`  | no alias yet  | alias at that revision | alias at another revision |
 * | ------------- | ------------- | ---------------------- | ------------------------- |
 * | absent        | created       | moved                  | moved                     |
 * | null          | created       | stale_alias            | stale_alias               |
 * | a revision    | stale_alias   | moved                  | stale_alias               |
 *
 * The write is always conditional on what was read here, so one of two concurrent callers gets stale_alias.
 */
function requireExpected(
  alias: string, current: AliasResponse | undefined, ifRevision: string | null | undefined,
): void {
  if (ifRevision === undefined || (ifRevision === null && !current) || ifRevision === current?.revision) {
    return;
  }
  const now = current
    ? `has pointed to "${current.version}" since ${current.updatedAt} (revision ${current.revision})`
    : 'does not exist';
  throw new StoreError('stale_alias', `the alias "${alias}" ${now}; read it again, then retry`, [
    { field: 'ifRevision', message: 'is not the current revision' },
  ]);
}

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
  const [current, published, nameTaken] = await Promise.all([
    readAlias(session, call, alias),
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
  requireExpected(alias, current, ifRevision);
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
  const expected = current ? { etag: current.revision } : { absent: true } as const;
  const { bucketName } = call.settings;
  const key = aliasKey(model, alias);
  const writeId = randomUUID();
  const revision = await writeObject(session, bucketName, key, aliasBytes(pointer), expected, writeIdMetadata(writeId))
    ?? await etagOfWrite(session, bucketName, key, writeId);
  if (revision === undefined) {
    throw new StoreError(
      'stale_alias', `the alias "${alias}" was moved by another caller at the same time; read it again, then retry`,
    );
  }
  const body: AliasResponse = { ...pointer, revision };
  return { status: 200, body };
}
