import { requireDays } from '../../audit/reader/days';
import { S3Objects } from '../../audit/sources/s3-objects';
import type { Evidence, Period } from '../../audit/trail-digests/evidence';
import { FolderEvidence } from '../../audit/trail-digests/folder-evidence';
import { HOW_TO_GET_THEM, readPublicKeys } from '../../audit/trail-digests/public-keys';
import { publishedKeys } from '../../audit/trail-digests/published-keys';
import { verification } from '../../audit/trail-digests/render';
import { S3Evidence } from '../../audit/trail-digests/s3-evidence';
import { verifyTrail, type VerifyTrailOptions } from '../../audit/trail-digests/verify-trail';
import { isS3Address, s3AddressOf } from '../../aws/s3-address';
import { EXIT, usageFailure } from '../../runtime/failure';
import { readAuditDescription, storeNameOf } from '../../store/audit-description';
import type { CommandContext } from '../commands';
import { writeJson } from '../terminal';

export interface VerifyTrailArguments {
  readonly logs?: string;
  readonly publicKeys?: string;
  readonly from?: string;
  readonly to?: string;
}

export async function verifyTrailCommand(context: CommandContext, options: VerifyTrailArguments): Promise<number> {
  const { environment } = context;
  const { publicKeys, from } = options;
  const given = publicKeys === undefined ? undefined : await readPublicKeys(publicKeys);
  const found = await evidenceOf(context, options);
  const isFolder = found.evidence.bucket === undefined;
  if (isFolder && given === undefined) {
    throw usageFailure('a folder cannot be verified without CloudTrail\'s public keys', [],
      `Name a file with the keys: --public-keys FILE. ${HOW_TO_GET_THEM}`);
  }
  const result = await verifyTrail(context, {
    ...found,
    period: periodOf(options, environment.now(), isFolder),
    // In the bucket that the trail delivers to, the evidence must reach until now.
    asked: { from: from !== undefined, to: options.to !== undefined || !isFolder },
    keys: async (chains, span) => given ?? publishedKeys(environment, chains, span),
  });
  if (context.options.json) {
    writeJson(environment, result);
  } else {
    environment.stdout.write(verification(result));
  }
  return result.whole ? EXIT.OK : EXIT.VERIFICATION;
}

async function evidenceOf(
  { environment, options: { store, region } }: CommandContext, { logs }: VerifyTrailArguments,
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
function periodOf({ from, to }: VerifyTrailArguments, now: number, isFolder: boolean): Period {
  if (!isFolder) {
    return requireDays({ from, to }, now);
  }
  const days = requireDays({ from: from ?? (to === undefined ? undefined : '0001-01-01'), to }, now);
  return { ...(from !== undefined && { from: days.from }), ...(to !== undefined && { to: days.to }) };
}
