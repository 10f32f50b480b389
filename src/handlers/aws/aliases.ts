import type { Call } from './call';
import { objectExists, readObject } from './objects';
import type { Session } from './sessions';
import { type AliasPointer, aliasProblems } from '../../contract/alias';
import { aliasKey } from '../../contract/keys';
import type { AliasResponse } from '../../contract/wire';
import { damagedObject, parseStored } from '../common/errors';

export function aliasBytes(pointer: AliasPointer): Uint8Array {
  return Buffer.from(JSON.stringify(pointer), 'utf8');
}

/** Returns undefined if there is no such alias. */
export async function readAlias(
  session: Session, call: Call, alias: string, versionId?: string,
): Promise<AliasResponse | undefined> {
  const { model } = call.parameters;
  const stored = await readObject(session, call.settings.bucketName, aliasKey(model, alias), versionId);
  if (stored === undefined) {
    return undefined;
  }
  const pointer = parseStored(stored.bytes);
  const problems = aliasProblems(pointer, model, alias);
  if (problems.length > 0) {
    const which = versionId === undefined ? '' : `, in its S3 version ${versionId},`;
    throw damagedObject(`the alias "${model}@${alias}"${which}`, problems);
  }
  return { ...pointer as AliasPointer, revision: stored.etag };
}

export async function aliasExists(session: Session, call: Call, alias: string): Promise<boolean> {
  return objectExists(session, call.settings.bucketName, aliasKey(call.parameters.model, alias));
}
