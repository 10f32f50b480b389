import { objectExists, readObject, type StoredObject } from './objects';
import type { Call } from './router';
import type { Session } from './sessions';
import type { AliasPointer } from '../../contract/alias';
import { aliasKey } from '../../contract/keys';
import type { AliasResponse } from '../../contract/wire';

export function aliasBytes(pointer: AliasPointer): Uint8Array {
  return Buffer.from(JSON.stringify(pointer), 'utf8');
}

export function toAliasResponse({ bytes, etag }: StoredObject): AliasResponse {
  return { ...(JSON.parse(Buffer.from(bytes).toString('utf8')) as AliasPointer), revision: etag };
}

/** Nothing if there is no such alias. */
export async function readAlias(session: Session, call: Call, alias: string, versionId?: string): Promise<AliasResponse | undefined> {
  const stored = await readObject(session, call.settings.bucketName, aliasKey(call.parameters.model, alias), versionId);
  return stored && toAliasResponse(stored);
}

export async function aliasExists(session: Session, call: Call, alias: string): Promise<boolean> {
  return objectExists(session, call.settings.bucketName, aliasKey(call.parameters.model, alias));
}
