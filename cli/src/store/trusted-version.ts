import type { StoreClient } from './store-client';
import type { FileRules } from '../../../src/contract/manifest';
import type { VersionResponse } from '../../../src/contract/wire';
import { requireTrustworthy, requireWellFormed } from '../folder/trustworthy-manifest';

/** Reads a version and checks that its manifest is well-formed and belongs to this version. */
export async function wellFormedVersion(client: StoreClient, model: string, version: string): Promise<VersionResponse> {
  const shown = await client.showVersion(model, version);
  requireWellFormed(shown.manifest, model, version);
  return shown;
}

/** Reads a version and checks that its files can be written on this machine. */
export async function trustworthyVersion(
  client: StoreClient, model: string, version: string, platform: NodeJS.Platform, rules: FileRules,
): Promise<VersionResponse> {
  const shown = await client.showVersion(model, version);
  requireTrustworthy(shown.manifest, model, version, platform, rules);
  return shown;
}
