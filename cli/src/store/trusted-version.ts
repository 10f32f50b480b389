import type { StoreClient } from './store-client';
import type { VersionResponse } from '../../../src/contract/wire';
import { requireTrustworthy, requireWellFormed } from '../folder/trustworthy-manifest';

/** A version as the store shows it, whose manifest is known to have the form of one, and to be that of this version. */
export async function wellFormedVersion(client: StoreClient, model: string, version: string): Promise<VersionResponse> {
  const shown = await client.showVersion(model, version);
  requireWellFormed(shown.manifest, model, version);
  return shown;
}

/** A version that can be written to this machine. */
export async function trustworthyVersion(
  client: StoreClient, model: string, version: string, platform: NodeJS.Platform,
): Promise<VersionResponse> {
  const shown = await client.showVersion(model, version);
  requireTrustworthy(shown.manifest, model, version, platform);
  return shown;
}
