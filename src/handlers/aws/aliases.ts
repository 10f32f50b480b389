import { randomUUID } from 'node:crypto';
import type { Call } from './call';
import { etagOfWrite, objectExists, readObject, writeIdMetadata, writeObject } from './objects';
import type { Session } from './sessions';
import { isRemoved, type StoredAlias, storedAliasProblems } from '../../contract/alias';
import { aliasKey } from '../../contract/keys';
import type { AliasHistoryEntry, AliasResponse } from '../../contract/wire';
import { damagedObject, parseStored, StoreError } from '../common/errors';

/** Returns an entry of the history: the current one or, with a version ID, that S3 version. Undefined if absent. */
export async function readAliasEntry(
  session: Session, call: Call, alias: string, versionId?: string,
): Promise<AliasHistoryEntry | undefined> {
  const { model } = call.parameters;
  const stored = await readObject(session, call.settings.bucketName, aliasKey(model, alias), versionId);
  if (stored === undefined) {
    return undefined;
  }
  const entry = parseStored(stored.bytes);
  const problems = storedAliasProblems(entry, model, alias);
  if (problems.length > 0) {
    const which = versionId === undefined ? '' : `, in its S3 version ${versionId},`;
    throw damagedObject(`the alias "${model}@${alias}"${which}`, problems);
  }
  return { ...entry as StoredAlias, revision: stored.etag };
}

/** Returns undefined if there is no such alias, or if it was removed. */
export async function readAlias(session: Session, call: Call, alias: string): Promise<AliasResponse | undefined> {
  const entry = await readAliasEntry(session, call, alias);
  return entry === undefined || isRemoved(entry) ? undefined : entry;
}

/** Whether the name is taken by an alias, even by one that was removed. */
export async function aliasExists(session: Session, call: Call, alias: string): Promise<boolean> {
  return objectExists(session, call.settings.bucketName, aliasKey(call.parameters.model, alias));
}

/**
 * Writes the next entry of the history, if `latest` is still the newest one. Returns its revision; a concurrent write
 * makes it fail with stale_alias.
 */
export async function writeAlias(
  session: Session, call: Call, stored: StoredAlias, latest: AliasHistoryEntry | undefined,
): Promise<string> {
  const { model, alias } = stored;
  const { bucketName } = call.settings;
  const key = aliasKey(model, alias);
  const bytes = Buffer.from(JSON.stringify(stored), 'utf8');
  const expected = latest ? { etag: latest.revision } : { absent: true } as const;
  const writeId = randomUUID();
  const revision = await writeObject(session, bucketName, key, bytes, expected, writeIdMetadata(writeId))
    ?? await etagOfWrite(session, bucketName, key, writeId);
  if (revision === undefined) {
    throw new StoreError('stale_alias',
      `the alias "${alias}" was moved or removed by another caller at the same time; read it again, then retry`);
  }
  return revision;
}
