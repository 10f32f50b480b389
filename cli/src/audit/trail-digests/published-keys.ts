import type { KeyObject } from 'node:crypto';
import type { ChainName } from './file-names';
import type { Span } from './problems';
import { type PublicKeys, publicKeysOf } from './public-keys';
import type { Environment } from '../../runtime/environment';
import { evidenceFailure } from '../sources/evidence-failure';

const DAY_MILLISECONDS = 86_400_000;

/**
 * Fetches the keys that CloudTrail published in each Region.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html
 */
export async function publishedKeys(
  environment: Pick<Environment, 'awsConfiguration' | 'now' | 'signal'>,
  chains: readonly ChainName[], { from }: Partial<Span>,
): Promise<PublicKeys> {
  const homes = new Set(chains.map(({ homeRegion }) => homeRegion));
  const others = new Set(chains.map(({ region }) => region).filter((region) => !homes.has(region)));
  // A digest file may be signed some time after its period ends, and a backfill digest file long after.
  const times = {
    StartTime: new Date(Date.parse(from ?? '2015-01-01T00:00:00Z') - DAY_MILLISECONDS),
    EndTime: new Date(environment.now()),
  };
  const keys = new Map<string, KeyObject>();
  for (const region of [...homes, ...others]) {
    environment.signal.throwIfAborted();
    const found = await keysOfRegion(environment, region, times).catch((error: unknown) => {
      // Only the keys of the trail's home Region are required. A missing key is reported with the file that needs it.
      if (homes.has(region)) {
        throw error;
      }
      return new Map<string, KeyObject>();
    });
    found.forEach((key, fingerprint) => keys.set(fingerprint, key));
  }
  return keys;
}

async function keysOfRegion(
  environment: Pick<Environment, 'awsConfiguration' | 'signal'>, region: string,
  times: { readonly StartTime: Date; readonly EndTime: Date },
): Promise<PublicKeys> {
  const { CloudTrailClient, paginateListPublicKeys } = await import('@aws-sdk/client-cloudtrail');
  const client = new CloudTrailClient(environment.awsConfiguration(region));
  try {
    const list = [];
    // A copy, because the SDK writes the pagination token into its input.
    for await (const page of paginateListPublicKeys({ client }, { ...times }, { abortSignal: environment.signal })) {
      list.push(...page.PublicKeyList ?? []);
    }
    return publicKeysOf(list, `CloudTrail in ${region}`);
  } catch (error) {
    environment.signal.throwIfAborted();
    const what = `the public keys of CloudTrail in ${region}`;
    throw evidenceFailure(error, { action: 'cloudtrail:ListPublicKeys', what });
  } finally {
    client.destroy();
  }
}
