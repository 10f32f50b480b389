import type { Evidence, Period } from './evidence';
import { FolderEvidence } from './folder-evidence';
import { HOW_TO_GET_THEM, readPublicKeys } from './public-keys';
import { publishedKeys } from './published-keys';
import { S3Evidence } from './s3-evidence';
import { type TrailVerification, verifyTrail, type VerifyTrailOptions } from './verify-trail';
import { isS3Address, s3AddressOf } from '../../aws/s3-address';
import type { Environment } from '../../runtime/environment';
import { usageFailure } from '../../runtime/failure';
import type { Progress } from '../../runtime/progress';
import { readAuditDescription, storeNameOf } from '../../store/audit-description';
import { requireDays } from '../reader/days';
import { S3Objects } from '../sources/s3-objects';

export interface VerifyLogsContext {
  readonly environment: Environment;
  readonly options: { readonly store?: string; readonly region?: string };
  readonly progress: Progress;
}

export interface VerifyLogsOptions {
  readonly logs?: string;
  readonly publicKeys?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Verifies the logs of a store, or a copy of them, against CloudTrail's digest files. */
export async function verifyLogs(context: VerifyLogsContext, options: VerifyLogsOptions): Promise<TrailVerification> {
  const { environment } = context;
  const { publicKeys, from } = options;
  const given = publicKeys === undefined ? undefined : await readPublicKeys(publicKeys);
  const found = await evidenceOf(context, options);
  const isFolder = found.evidence.bucket === undefined;
  if (isFolder && given === undefined) {
    throw usageFailure('a folder cannot be verified without CloudTrail\'s public keys', [],
      `Name a file with the keys: --public-keys FILE. ${HOW_TO_GET_THEM}`);
  }
  return verifyTrail(context, {
    ...found,
    period: periodOf(options, environment.now(), isFolder),
    // In the bucket that the trail delivers to, the evidence must reach until now.
    asked: { from: from !== undefined, to: options.to !== undefined || !isFolder },
    keys: async (chains, span) => given ?? publishedKeys(environment, chains, span),
  });
}

async function evidenceOf(
  { environment, options: { store, region } }: VerifyLogsContext, { logs }: VerifyLogsOptions,
): Promise<Pick<VerifyTrailOptions, 'areas'> & { readonly evidence: Evidence }> {
  if (logs !== undefined) {
    const evidence = isS3Address(logs)
      ? S3Evidence.at(new S3Objects(environment, region), s3AddressOf(logs, '--logs'), environment.signal)
      : new FolderEvidence(logs);
    return { evidence };
  }
  const name = storeNameOf(environment, { store });
  if (name === undefined) {
    throw usageFailure('no evidence given', [],
      'Name the store with --store NAME, or a copy of its archive with --logs DIR or --logs s3://BUCKET/PREFIX.');
  }
  const description = await readAuditDescription(environment, name, region);
  const { accounts, regions } = description.trail;
  return {
    evidence: S3Evidence.of(new S3Objects(environment, description.region), description, environment.signal),
    areas: accounts.flatMap((account) => regions.map((of) => ({ account, region: of }))),
  };
}

/** The days to verify. Without --from and --to, a folder is verified completely. */
function periodOf({ from, to }: VerifyLogsOptions, now: number, isFolder: boolean): Period {
  if (!isFolder) {
    return requireDays({ from, to }, now);
  }
  const days = requireDays({ from: from ?? (to === undefined ? undefined : '0001-01-01'), to }, now);
  return { ...(from !== undefined && { from: days.from }), ...(to !== undefined && { to: days.to }) };
}
